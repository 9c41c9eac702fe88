// A house with GameDay sets: `pilots-staging` of the team pilots, which pages linus alone, and
// `idle`. Its drills are fed by alerts that carry its tag.
#pragma once

#include "tests/api/lived_in_house.hpp"

namespace tocsin::tests {

struct DrilledHouse : LivedInHouse {
  static constexpr const char* kAll = "/api/v1/gamedays";
  static constexpr const char* kOne = "/api/v1/gamedays/([^/]+)";
  const std::string set = "pilots-staging";

  DrilledHouse() { configure(true); }

  void configure(bool with_set) {
    auto made = std::make_shared<engine::Configuration>(*LivedInHouse::configuration());
    made->directory.people["linus"] = {"linus", {{"push", "linus-phone", {}}}};
    made->directory.channels = {"drill-room"};
    made->policies["pilot"] = {
        "pilot", "pilots", {{{{Target::Kind::person, "linus"}}, std::chrono::hours(5)}}, 0};
    made->integrations["prometheus"].gamedays = {set};
    gameday::Set drilled;
    drilled.name = set;
    drilled.team = "pilots";
    drilled.page = "pilot";
    drilled.channels = {{"room", "drill-room"}};
    drilled.copies.push_back(*rules::Matcher::parse("environment=\"staging\""));
    drilled.longest = std::chrono::hours(3);
    gameday::Set idle;
    idle.name = "idle";
    idle.team = "pilots";
    idle.page = "pilot";
    if (with_set) made->gamedays[set] = drilled;
    made->gamedays["idle"] = idle;
    made->hash = engine::hash_of(*made);
    owner.reconfigure(made);
    settle();
  }

  /// An alert that is the set's alone.
  void drill(const std::string& name, AlertStatus status = AlertStatus::firing) {
    Alert alert;
    alert.key = name;
    alert.status = status;
    alert.labels = Fields(
        std::vector<Fields::Pair>{{"alertname", name}, {"gameday", set}, {"service", "disks"}});
    alert.starts_at = clock.now().wall;
    journal.append(1,
                   {mint.record(1, RecordKind::alerts, clock.now().wall,
                                encode(AlertsBody{"prometheus", clock.now(), {alert}}))},
                   [](const journal::Appended&) {});
    settle();
  }
  /// The fate of everything that was to be sent until now.
  void conclude(const Attempt& said) {
    for (const engine::AttemptRef& ref : std::exchange(outbox.started, {}))
      journal.append(ref.partition,
                     {mint.record(ref.partition, RecordKind::result, clock.now().wall,
                                  encode(AttemptResult{ref.incident, ref.message, ref.attempt,
                                                       clock.now(), said}))},
                     [](const journal::Appended&) {});
    settle();
  }

  HttpResponse on(const std::string& body = {}, const std::string& token = "responder") {
    return ask("POST", std::string(kOne) + "/on", {set}, body, token);
  }
  HttpResponse off(const std::string& body = {}, const std::string& token = "responder") {
    return ask("POST", std::string(kOne) + "/off", {set}, body, token);
  }
  json shown() { return json_of(ask("GET", kOne, {set}, "", "viewer")); }
  json listed() { return json_of(ask("GET", kAll, {}, "", "viewer")); }
};

}  // namespace tocsin::tests
