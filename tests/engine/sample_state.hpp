// A partition's state with something in every part of a snapshot, for its golden files.
#pragma once

#include "router/engine/carried.hpp"

namespace tocsin::engine::tests {

/// As the first version of a snapshot has it. Only what has a form of its own in a snapshot: the
/// incident and the alert are bodies that others check.
inline PartitionState state_1() {
  using std::chrono::hours;
  const Instant then{WallTime(hours(1000)), 0xfeedfacecafebeef, hours(77)};
  PartitionState state;
  state.partition = 3;
  state.turn = 12;
  state.position = 40;
  state.records = 39;
  state.holder = 7;
  state.turn_position = 38;
  state.result_position = 37;
  state.configuration = std::make_shared<const std::string>("0123456789abcdef");
  state.seen = SeenIds::of({{7, 1, 30}, {9, 2, 4}});
  state.pending.push_back({40, {7, 3, 30}, Pending::Broken{"cut off"}, {}, ""});
  AlertState alert;
  alert.id = {"A1"};
  alert.alert.key = "db";
  alert.alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", "db"}});
  alert.integration = "prometheus";
  alert.decision = std::make_shared<const Decision>();
  alert.configuration = state.configuration;
  alert.incident = {"I1"};
  alert.heard = then;
  state.alerts.insert_or_assign(alert.id, alert);
  state.heard["prometheus"] = {then, then, hours(1)};
  Incident incident;
  incident.id = {"I1"};
  incident.partition = 3;
  incident.title = "db";
  incident.alerts = {alert.id};
  incident.received = then;
  state.incidents.insert_or_assign(incident.id, incident);
  state.current["key"] = alert.id;
  state.groups["group"] = incident.id;
  state.closed.push_back({{"I0"}, 20});
  state.ended.push_back({{"A0"}, 21});
  state.hook_runs.push_back({"restart", "group", incident.id, {"M1"}, then});
  return state;
}

/// And what has been added since.
inline PartitionState state_2() {
  PartitionState state = state_1();
  state.set_aside = {{{7, 3, 11}, "cut off"}, {{7, 3, 12}, "of nobody knows what"}};
  return state;
}

inline PartitionState state_3() {
  PartitionState state = state_2();
  Incident& incident = state.incidents.at({"I1"});
  incident.aliases = {{"I2"}};
  Carried piece;
  piece.after_turn = 11;
  piece.as_of = 36;
  piece.incident = incident;
  piece.before = "0123";
  state.pending.push_back({41, {9, 3, 5}, std::make_shared<const Carried>(piece), {}, ""});
  return state;
}

/// And with whose turn it is in steps that page one after the other.
inline PartitionState state_with_turns() {
  PartitionState state = state_3();
  state.turns = {{"cdp:1", 2}, {"platform:3", 7}};
  return state;
}

/// And with what is known of how people are reached.
inline PartitionState state_reach() {
  using std::chrono::hours;
  PartitionState state = state_with_turns();
  const Instant then{WallTime(hours(1000)), 0xfeedfacecafebeef, hours(77)};
  const Contact contact{"ada", "push", "ada-phone"};
  ContactHealth& health = state.contacts[contact];
  health.accepted_at = health.worked_at = WallTime(hours(999));
  health.failed_at = WallTime(hours(1000));
  health.failures = 2;
  health.detail = "HTTP 503";
  state.contacts[{"", "room", ""}].confirmed_at = WallTime(hours(3));
  MessageState page;
  page.id = {"M2"};
  page.contact = contact;
  page.status = MessageStatus::bundled;
  page.due = {then, hours(1)};
  page.occurrence = 2;
  page.failures = 1;
  page.receipt = Receipt::denied;
  page.held = "ada had 10 pages in 1m";
  page.alone = true;
  state.incidents.at({"I1"}).messages = {page};
  state.paged[{{"drill", 2}, MessageKind::resolved, contact}].recent = {then};
  Paged& paged = state.paged[{{}, MessageKind::page, contact}];
  paged.recent = {then, then};
  paged.bundle = {"B1"};
  Bundle& bundle = state.bundles[paged.bundle];
  bundle.host.id = paged.bundle;
  bundle.host.begins = page.held;
  bundle.host.messages = {page};
  bundle.host.messages[0].kind = MessageKind::bundle;
  bundle.pages = {{{"I1"}, page.id}, {{"I7"}, {"M7"}}};
  bundle.under_way = 1;
  return state;
}

/// With what is known of who is on call.
inline PartitionState state_on_call() {
  using std::chrono::hours;
  PartitionState state = state_3();
  const auto say = [&](const Control& fact, Position position) {
    fold_control(state.facts, fact, {WallTime(hours(1000)), position, false}).value();
  };
  say(
      control::RotaOverride{
          {"o1"}, "cdp", "ada", WallTime(hours(1001)), WallTime(hours(1009)), "boss", "leave"},
      30);
  say(
      control::RotaOverride{
          {"o0"}, "cdp", "bob", WallTime(hours(1002)), WallTime(hours(1003)), "bob", ""},
      31);
  say(control::RotaOverrideEnded{{"o1"}, "eve", WallTime(hours(1004))}, 32);
  say(control::ContactTest{{"notice_1"}, "ada", "boss", WallTime(hours(1000))}, 33);
  say(control::ContactProved{"ada", "push", "hash", WallTime(hours(1000)), "test message"}, 34);
  const effect::Noticed noticed{
      {"notice_2"},
      "cdp",
      "You are on call for cdp",
      "",
      "crew",
      hours(1),
      {{{"msg_1"}, MessageKind::on_call, {"ada", "push", "ada-phone"}, {}},
       {{"msg_2"}, MessageKind::on_call, {"ada", "mail", "ada@example.com"}, {}}}};
  const Instant then{WallTime(hours(1000)), 7, hours(3)};
  add_notice(state.notices, noticed, then);
  begin_attempt(state.notices.begin()->second, {{"notice_2"}, {"msg_1"}, 1}, 7, then);
  return state;
}

}  // namespace tocsin::engine::tests
