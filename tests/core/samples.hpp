// One value of every record body, with every field filled, for codec tests and golden files.
#pragma once

#include "router/core/bodies.hpp"
#include "router/core/control.hpp"
#include "router/core/turn.hpp"

namespace tocsin::samples {

inline WallTime at(const char* text) { return *parse_rfc3339(text); }

inline AlertsBody alerts() {
  Alert firing;
  firing.key = "3787ea52f7341c21";
  firing.labels =
      Fields({{"alertname", "HighLatency"}, {"service", "api"}, {"http.status", "5xx \"é\""}});
  firing.annotations = Fields({{"summary", "p99 is 4.1 s"}, {"description", "line one\nline two"}});
  firing.starts_at = at("2026-11-22T01:51:51.604Z");
  firing.ends_at = at("2026-11-22T01:55:51.604Z");
  firing.generator_url = "http://prometheus:9090/graph?g0.expr=up";
  Alert resolved = firing;
  resolved.key = "a34db0427c4c4bf2";
  resolved.status = AlertStatus::resolved;
  resolved.starts_at = at("0001-01-01T00:00:00Z");
  Alert bare;
  bare.key = "bare";
  return {"prometheus-production",
          {at("2026-11-22T01:51:52Z"), 0xfeedfacecafebeef, std::chrono::hours(77)},
          {firing, resolved, bare}};
}

// What versions before 0.2 wrote stays readable for ever; what has been added since is in the `_2`.
inline AlertsBody alerts_2() {
  AlertsBody body = alerts();
  body.resends = {{{"a1b2c3"}, at("2026-11-22T01:57:51.604Z")}, {{"d4e5f6"}, {}}};
  return body;
}

inline AlertsBody alerts_3() {
  AlertsBody body = alerts_2();
  body.exact_times = true;
  return body;
}

inline Command command() {
  return {CommandKind::resolve, {"7zq4m2k9w1x3c5v8"}, "ada", "page link"};
}

inline Command command_2() {
  return {CommandKind::snooze, {"7zq4m2k9w1x3c5v8"}, "ada", "api",
          "after lunch",       std::chrono::hours(2)};
}

inline Command command_3() {
  return {CommandKind::assign, {"7zq4m2k9w1x3c5v8"}, "ada", "api", "her database", {}, "grace"};
}

inline std::vector<Control> controls() {
  return {
      control::Silence{{"s1"},
                       {"service=\"api\"", "alertname=~\"High.*\""},
                       at("2026-11-22T01:51:52Z"),
                       at("2026-11-22T03:51:52Z"),
                       "ada",
                       "deploying"},
      control::SilenceEnded{{"s1"}, "grace", at("2026-11-22T02:00:00Z")},
      control::Configuration{"0123456789abcdef", std::string("bytes\0", 6)},
      control::Beat{"node-a", 42, control::Presence::leaving, "http://node-1:8321"},
      control::GamedayOn{"cdp-staging",
                         {3,
                          "ada",
                          "quarterly",
                          {at("2026-11-22T01:51:53Z"), 1, std::chrono::seconds(9)},
                          at("2026-11-22T02:00:00Z"),
                          std::chrono::hours(2),
                          "cdp",
                          {"linus"},
                          gameday::Ending{gameday::EndKind::paused, "", "a real incident",
                                          at("2026-11-22T02:30:00Z")}},
                         std::chrono::hours(3)},
      control::GamedayEnded{
          "cdp-staging", {gameday::EndKind::off, "grace", "done", at("2026-11-22T03:00:00Z")}, 3},
      control::RotaOverride{{"o1"},
                            "cdp-primary",
                            "grace",
                            at("2026-12-24T10:00:00Z"),
                            at("2026-12-26T08:00:00Z"),
                            "ada",
                            "leave",
                            77,
                            at("2026-12-20T10:00:00Z"),
                            at("2026-12-25T08:00:00Z"),
                            "linus"},
      control::RotaOverrideEnded{{"o1"}, "linus", at("2026-12-25T08:00:00Z")},
      control::ContactTest{{"notice_t1"}, "ada", "boss", at("2026-12-20T10:00:00Z")},
      control::ContactProved{"ada", "push", "hash-of-address", at("2026-12-20T10:01:00Z"),
                             "test message"}};
}

inline AttemptResult result() {
  return {{"7zq4m2k9w1x3c5v8"},
          {"msg_0011223344556677"},
          3,
          {at("2026-11-22T01:51:53Z"), 1, std::chrono::seconds(9)},
          {AttemptOutcome::retry_later, "429 Too Many Requests", "p-1", std::chrono::seconds(30)}};
}

inline Turn turn() {
  const InputRef input{{0x1122334455667788, 15, 7}, 2};
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  const Decision decision{
      Outcome::page,
      "api-latency",
      "cdp",
      Severity::critical,
      "Profile pages are slow",
      "cdp",
      {{ReasonKind::rule_matched, "api-latency", "service=\"api\""},
       {ReasonKind::policy_from_rule, "api-latency", "cdp"}},
      std::chrono::minutes(1),
      Runbook{"api-latency", "API latency is high", "https://playbooks.example.com/api"},
      "https://manual.example.com/config",
      {"cdp-room"},
      "cdp-room"};
  const Policy policy{"cdp",
                      "cdp",
                      {{{{Target::Kind::person, "ada"}, {Target::Kind::channel, "cdp-room"}},
                        std::chrono::minutes(5)},
                       {{{Target::Kind::rota, "cdp-primary"}}, std::chrono::minutes(10)}},
                      2};
  const std::vector<PlannedMessage> messages{
      {{"msg_1"}, MessageKind::page, {"ada", "push", "ada-phone"}, {}},
      {{"msg_2"}, MessageKind::resolved, {"", "cdp-room", ""}, std::chrono::minutes(2)}};
  Turn turn;
  turn.number = 42;
  turn.inputs_up_to = 1'000'000'000'000;
  turn.configuration = "0123456789abcdef";
  turn.at = {at("2026-11-22T01:51:52.25Z"), 0xfeedfacecafebeef,
             std::chrono::milliseconds(123456789)};
  turn.effects = {
      effect::Decided{input, decision},
      effect::Ended{input},
      effect::Ignored{input, "it was not firing"},
      effect::Opened{incident,
                     input,
                     {"cdp-staging", 3},
                     "group",
                     "HighLatency",
                     "api",
                     decision,
                     policy,
                     policy},
      effect::Joined{incident, input},
      effect::Stepped{incident, true, 2, 1, std::chrono::minutes(5), "opened", messages},
      effect::Told{incident, messages},
      effect::Attempted{incident, {"msg_1"}, 2},
      effect::Acknowledged{incident, "ada", "page link"},
      effect::Resolved{incident, "", "all its alerts ended"},
      effect::Answered{{1, 2, 3}, false, "no such incident"},
      effect::SetAside{{1, 2, 3}, "not a command"},
      effect::Raised{incident, Severity::warning, "a graver alert joined"},
      effect::Expired{{"a1b2c3"}, "unheard of"},
      effect::Reopened{incident, "fires again"}};
  return turn;
}

inline Turn turn_2() {
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  Turn turn = samples::turn();
  std::get<effect::Decided>(turn.effects.front()).decision.remedy =
      Remedy{"restart-api", RemedyMode::approve, std::chrono::minutes(4), 2, std::chrono::hours(3)};
  const std::vector<Effect> more{
      effect::Held{incident,
                   {HoldKind::window, "backup-night", "backups", at("2026-11-22T03:51:52Z")}},
      effect::Released{incident, "silence s1 covers it no longer"},
      effect::Noted{incident, "ada", "looking"},
      effect::Snoozed{incident, "ada", "api", std::chrono::hours(2), "after lunch"},
      effect::Remedied{incident, {"msg_3"}, "ada", std::chrono::minutes(3)},
      effect::Unremedied{incident, RemedyStatus::spent, "", "it still fires"}};
  turn.effects.insert(turn.effects.end(), more.begin(), more.end());
  return turn;
}

/// With what a cluster needs.
inline Turn turn_3() {
  Turn turn = samples::turn_2();
  turn.effects.emplace_back(effect::HandedOver{1234567890123456789u});
  return turn;
}

/// With what an outage's backlog needs.
inline Turn turn_4() {
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  Turn turn = samples::turn_3();
  for (Effect& effect : turn.effects) {
    if (auto* opened = std::get_if<effect::Opened>(&effect)) opened->backlog = true;
    if (auto* resolved = std::get_if<effect::Resolved>(&effect)) resolved->passed_in = incident;
    if (auto* reopened = std::get_if<effect::Reopened>(&effect)) reopened->backlog = true;
  }
  turn.effects.emplace_back(
      effect::Told{incident, {{{"msg_4"}, MessageKind::digest, {"", "cdp-room", ""}, {}}}});
  turn.effects.emplace_back(effect::Adopted{{77, 3, 9}, {"k3v9q0a1b2c3d4e5"}});
  return turn;
}

/// With what drills need.
inline Turn turn_5() {
  Turn turn = samples::turn_4();
  Effect opened, joined;
  for (const Effect& effect : turn.effects) {
    if (std::holds_alternative<effect::Opened>(effect)) opened = effect;
    if (std::holds_alternative<effect::Joined>(effect)) joined = effect;
  }
  std::get<effect::Opened>(opened).alert = {"c0py1d5"};
  std::get<effect::Opened>(opened).backlog = false;
  std::get<effect::Joined>(joined).alert = {"c0py1d5"};
  turn.effects.push_back(opened);
  turn.effects.push_back(joined);
  turn.effects.emplace_back(
      effect::Drilled{{"a1b2c3"},
                      {"cdp-staging", 3},
                      {"c0py1d5"},
                      std::get<effect::Decided>(turn.effects.front()).decision});
  turn.effects.emplace_back(effect::Held{
      {"7zq4m2k9w1x3c5v8"}, {HoldKind::gameday_over, "cdp-staging", "turned off", std::nullopt}});
  return turn;
}

/// With what on-call needs.
inline Turn turn_6() {
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  Turn turn = samples::turn_5();
  Schedule nights;
  nights.zone = *Zone::load("Europe/Dublin");
  nights.days = {};
  nights.days.add(Weekday::monday);
  nights.from_minute = 22 * 60;
  nights.until_minute = 6 * 60;
  nights.from = at("2026-11-01T00:00:00Z");
  nights.until = at("2027-03-01T00:00:00Z");
  Policy policy{"cdp",
                "cdp",
                {{{{Target::Kind::rota, "cdp-primary"}, {Target::Kind::person, "ada"}},
                  std::chrono::minutes(5),
                  {{Severity::error, Severity::critical}, {nights}},
                  true,
                  true}},
                2,
                std::chrono::minutes(30)};
  const std::vector<PlannedMessage> messages{
      {{"msg_5"}, MessageKind::page, {"ada", "push", "ada-phone"}, {}, "cdp-primary"}};
  for (Effect& effect : turn.effects)
    if (auto* opened = std::get_if<effect::Opened>(&effect)) opened->policy = policy;
  const std::vector<Effect> more{
      effect::Stepped{incident, false, 1, 0, std::chrono::minutes(5), "opened", messages, 1, true,
                      Queue::own_policy, "nobody is on call in cdp-primary"},
      effect::Stepped{incident,
                      true,
                      0,
                      0,
                      std::chrono::minutes(15),
                      "opened",
                      {},
                      std::nullopt,
                      false,
                      Queue::anybody,
                      "nobody of policy cdp can be paged"},
      effect::AcknowledgedInPart{incident, "ada", "page link"},
      effect::Escalated{incident, "ada", "api", "no idea"},
      effect::Assigned{incident, "grace", "ada", "api", "her database", std::chrono::minutes(5),
                       messages, policy},
      effect::Assigned{incident, "grace", "ada", "api", "", std::chrono::minutes(5), messages,
                       std::nullopt},
      effect::Unqueued{incident, "somebody of policy cdp can be paged again"}};
  turn.effects.insert(turn.effects.end(), more.begin(), more.end());
  return turn;
}

/// With what reaching a person needs.
inline Turn turn_7() {
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  Turn turn = samples::turn_6();
  turn.effects.emplace_back(effect::Stepped{incident,
                                            false,
                                            0,
                                            1,
                                            std::chrono::minutes(5),
                                            "nobody acknowledged for 5m",
                                            {{{"msg_5"},
                                              MessageKind::page,
                                              {"grace", "push", "grace-phone"},
                                              std::chrono::hours(4),
                                              "cdp-primary",
                                              "in peace until 07:00 Europe/Dublin"}}});
  turn.effects.emplace_back(effect::Unconfirmed{incident, {"msg_5"}});
  turn.effects.emplace_back(effect::Bundled{incident,
                                            {"msg_5"},
                                            {"b0nd1e0000000000"},
                                            std::chrono::seconds(59),
                                            "grace had 10 pages in 1m"});
  turn.effects.emplace_back(effect::Unbundled{{"b0nd1e0000000000"}, incident, {"msg_5"}});
  return turn;
}

inline Command command_4() {
  Command command = samples::command();
  command.kind = CommandKind::acknowledge;
  command.message = {"msg_0011223344556677"};
  return command;
}

inline Command command_5() {
  Command command = samples::command();
  command.kind = CommandKind::acknowledge;
  command.incident = {};
  command.integration = "pagerduty-production";
  command.alert = "db-7/disk";
  return command;
}

inline std::vector<AttemptResult> results_2() {
  AttemptResult taken = result(), waits = result(), receipt = result();
  taken.said = Attempt::accepted("queued", "p-1");
  taken.said.receipt_within = std::chrono::seconds(30);
  waits.said.tried = false;
  receipt.said = Attempt::receipt(true, "by the network");
  return {taken, waits, receipt};
}

/// With what is said that belongs to no incident.
inline Turn turn_8() {
  Turn turn = samples::turn_7();
  turn.effects.emplace_back(effect::Noticed{
      {"notice_1"},
      "cdp-primary",
      "You are on call for cdp-primary",
      "before you it was grace",
      "cdp",
      std::chrono::hours(1),
      {{{"msg_5"}, MessageKind::on_call, {"ada", "push", "ada-phone"}, {}},
       {{"msg_6"}, MessageKind::contact_test, {"ada", "mail", "ada@example.com"}, {}}}});
  turn.effects.emplace_back(effect::Attempted{{"notice_1"}, {"msg_5"}, 1});
  return turn;
}

}  // namespace tocsin::samples
