#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/text.hpp"
#include "router/core/time.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;

std::string matchers_of(const json& silence) {
  std::string all;
  for (const json& matcher : silence.at("matchers"))
    all += (all.empty() ? "" : " ") + matcher.get<std::string>();
  return all;
}

// From end to end, as it was asked for: what is left of 2h at the answer is less.
std::string length_of(const json& silence) {
  const auto from = parse_rfc3339(silence.at("starts_at").get<std::string>());
  const auto until = parse_rfc3339(silence.at("ends_at").get<std::string>());
  if (!from || !until) return "-";
  return format_duration(std::chrono::floor<std::chrono::seconds>(*until - *from));
}

std::vector<std::string> row_of(const json& silence) {
  return {silence.at("id"), silence.at("state"),  length_of(silence), silence.at("ends_at"),
          silence.at("by"), matchers_of(silence), silence.at("why")};
}

std::string list_text(const json& answer) {
  const json& silences = answer.at("silences");
  if (silences.empty()) return "no silences\n";
  std::vector<std::vector<std::string>> rows{
      {"ID", "STATE", "LENGTH", "UNTIL", "BY", "MATCHERS", "WHY"}};
  for (const json& silence : silences) rows.push_back(row_of(silence));
  return table(rows);
}

std::string one_text(const json& silence) {
  return one_line(silence.at("id").get<std::string>() + " is " +
                  silence.at("state").get<std::string>() +
                  (silence.at("state") == "ended" ? " since " : " until ") +
                  silence.at("ends_at").get<std::string>() + " (" + length_of(silence) +
                  "): " + matchers_of(silence)) +
         "\n";
}

std::string body_of(const SilenceOptions& options) {
  json body = json::object();
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) body[name] = text;
  };
  if (!options.matchers.empty()) body["matchers"] = options.matchers;
  add("for", options.length);
  add("starts_at", options.from);
  add("ends_at", options.until);
  add("why", options.why);
  add("id", options.id);
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

int silence(const SilenceOptions& options) {
  const std::string path = "/api/v1/silences";
  const bool lists = options.what == "list";
  const auto answer = lists ? call(options.at, "GET", path + "?state=" + in_url(options.state))
                      : options.what == "end"
                          ? call(options.at, "DELETE", path + "/" + in_url(options.id))
                          : call(options.at, "POST", path, body_of(options));
  if (!answer) return failed(answer.error());
  if (options.at.json) return std::printf("%s\n", answer->c_str()) < 0;
  try {
    const json parsed = json::parse(*answer);
    std::fputs((lists ? list_text(parsed) : one_text(parsed)).c_str(), stdout);
  } catch (const json::exception&) {
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  }
  return 0;
}

}  // namespace tocsin::commands
