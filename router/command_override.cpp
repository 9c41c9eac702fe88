#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;

const std::string kOverrides = "/api/v1/overrides";

std::string text_of(const json& object, const char* name) {
  const json& value = object.at(name);
  return value.is_null() ? "-" : value.get<std::string>();
}

std::string list_text(const json& answer) {
  const json& overrides = answer.at("overrides");
  if (overrides.empty()) return "no overrides\n";
  std::vector<std::vector<std::string>> rows{
      {"ID", "STATE", "ROTA", "PERSON", "FROM", "UNTIL", "BY", "WHY"}};
  for (const json& each : overrides)
    rows.push_back({text_of(each, "id"), text_of(each, "state"), text_of(each, "rota"),
                    text_of(each, "person"), text_of(each, "from"), text_of(each, "until"),
                    text_of(each, "by"), text_of(each, "why")});
  return table(rows);
}

std::string one_text(const json& made) {
  const bool ended = made.at("state") == "ended";
  std::string text = text_of(made, "id") + ": " + text_of(made, "person");
  if (ended)
    text += " is not on call instead in " + text_of(made, "rota") + " any more";
  else
    text += " is on call in " + text_of(made, "rota") + " from " + text_of(made, "from") +
            " until " + text_of(made, "until");
  return one_line(text) + "\n";
}

std::string path_of(const std::string& rota) {
  return "/api/v1/rotas/" + in_url(rota) + "/overrides";
}

Result<std::string> make(const OverrideOptions& options) {
  json body = json::object();
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) body[name] = text;
  };
  add("person", options.person);
  add("from", options.from);
  add("until", options.until);
  add("for", options.length);
  add("why", options.why);
  return call(options.at, "POST", path_of(options.rota),
              body.dump(-1, ' ', false, json::error_handler_t::replace));
}

// Whoever ends one at night knows its id, or the beginning of it, and need not know of which rota.
Result<std::string> end(const OverrideOptions& options) {
  const std::string begins = base32_typed(options.id);
  if (begins.empty()) return invalid("the id is empty; 'tocsin override list' shows them");
  TOCSIN_TRY(const std::string all, call(options.at, "GET", kOverrides));
  const json listed = json::parse(all);
  const json* found = nullptr;
  for (const json& each : listed.at("overrides")) {
    if (!text_of(each, "id").starts_with(begins)) continue;
    if (found) return invalid("several overrides begin with " + begins + "; type more of the id");
    found = &each;
  }
  if (!found)
    return refused("there is no override " + begins +
                   "; 'tocsin override list' shows those that there are");
  return call(options.at, "DELETE",
              path_of(text_of(*found, "rota")) + "/" + in_url(text_of(*found, "id")));
}

Result<std::string> ask(const OverrideOptions& options) {
  if (options.what == "add") return make(options);
  if (options.what == "end") return end(options);
  return call(options.at, "GET",
              kOverrides + "?state=" + in_url(options.state) + "&rota=" + in_url(options.rota));
}

}  // namespace

int rota_override(const OverrideOptions& options) {
  try {
    const auto answer = ask(options);
    if (!answer) return failed(answer.error());
    if (options.at.json) return std::printf("%s\n", answer->c_str()) < 0;
    const json parsed = json::parse(*answer);
    std::fputs((options.what == "list" ? list_text(parsed) : one_text(parsed)).c_str(), stdout);
  } catch (const json::exception&) {
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  }
  return 0;
}

}  // namespace tocsin::commands
