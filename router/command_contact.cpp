#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "router/commands.hpp"
#include "router/core/text.hpp"
#include "router/core/time.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;

constexpr auto kAskEvery = std::chrono::seconds(1);
constexpr Duration kMostWait = std::chrono::hours(1);

std::string text_of(const json& object, const char* name) {
  const json& value = object.at(name);
  return value.is_null() ? "-" : value.get<std::string>();
}

std::string list_text(const json& people) {
  std::vector<std::vector<std::string>> rows{
      {"PERSON", "CHANNEL", "ADDRESS", "STATUS", "VERIFIED", "FAILURE", "ON CALL"}};
  for (const json& person : people) {
    std::string rotas;
    for (const json& rota : person.at("on_call"))
      rotas += (rotas.empty() ? "" : " ") + rota.get<std::string>();
    for (const json& contact : person.at("contacts"))
      rows.push_back({text_of(person, "name"), text_of(contact, "channel"),
                      text_of(contact, "address"), text_of(contact, "status"),
                      text_of(contact, "verified_at"), text_of(contact, "failure"), rotas});
    if (person.at("contacts").empty())
      rows.push_back({text_of(person, "name"), "-", "-", "no contact", "-", "-", rotas});
  }
  return table(rows);
}

std::string words_of(const std::string& status) {
  if (status == "waiting") return "waits to be sent";
  if (status == "sending") return "is being sent";
  if (status == "accepted") return "accepted by the provider; waiting for the answer";
  if (status == "answered") return "answered: it works";
  return "does not work";
}

std::string line_of(const json& contact) {
  std::string text = text_of(contact, "channel");
  if (!contact.at("address").is_null()) text += " (" + text_of(contact, "address") + ")";
  text += ": " + words_of(text_of(contact, "status"));
  if (text_of(contact, "status") != "answered" && !contact.at("detail").is_null())
    text += " (" + text_of(contact, "detail") + ")";
  return one_line(text) + "\n";
}

/// Says each contact's state as it changes.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet) {}

  void show(const json& test) {
    std::size_t number = 0;
    for (const json& contact : test.at("contacts")) {
      const std::string line = line_of(contact);
      std::string& before = said_[number++];
      if (before == line) continue;
      before = line;
      if (quiet_) continue;
      std::fputs(line.c_str(), stdout);
      std::fflush(stdout);
    }
  }

 private:
  const bool quiet_;
  std::map<std::size_t, std::string> said_;
};

bool all_are(const json& test, std::initializer_list<std::string_view> states) {
  for (const json& contact : test.at("contacts")) {
    bool is = false;
    for (const std::string_view state : states) is = is || contact.at("status") == state;
    if (!is) return false;
  }
  return true;
}

int test(const ContactOptions& options) {
  const auto wait = parse_duration(options.wait);
  if (!wait || *wait > kMostWait) return failed(invalid("--wait: a time such as 5m, at most 1h"));
  const std::string path = "/api/v1/people/" + in_url(options.person) + "/contacts/test";
  auto answer = call(options.at, "POST", path);
  if (!answer) return failed(answer.error());
  json test = json::parse(*answer);
  Progress progress(options.at.json);
  progress.show(test);
  // Counted in pauses: an answer takes a person's time, and not a machine's.
  for (Duration waited{}; waited < *wait && !all_are(test, {"answered", "failed"});
       waited += kAskEvery) {
    std::this_thread::sleep_for(kAskEvery);
    answer = call(options.at, "GET", path + "/" + in_url(text_of(test, "id")));
    if (!answer) return failed(answer.error());
    test = json::parse(*answer);
    progress.show(test);
  }
  if (options.at.json) std::printf("%s\n", answer->c_str());
  if (all_are(test, {"answered"})) return 0;
  if (!options.at.json)
    std::fputs(("not all contacts of " + one_line(options.person) +
                " answered; the button in a message works for an hour\n")
                   .c_str(),
               stderr);
  return 1;
}

int list(const ContactOptions& options) {
  const bool one = !options.person.empty();
  const auto answer =
      call(options.at, "GET", "/api/v1/people" + (one ? "/" + in_url(options.person) : ""));
  if (!answer) return failed(answer.error());
  if (options.at.json) return std::printf("%s\n", answer->c_str()) < 0;
  const json parsed = json::parse(*answer);
  std::fputs(list_text(one ? json::array({parsed}) : parsed.at("people")).c_str(), stdout);
  return 0;
}

}  // namespace

int contact(const ContactOptions& options) {
  try {
    return options.what == "list" ? list(options) : test(options);
  } catch (const json::exception&) {
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  }
}

}  // namespace tocsin::commands
