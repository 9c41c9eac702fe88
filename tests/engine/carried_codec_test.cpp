// What `carried` records say, byte for byte: a journal keeps them for as long as something is open.
#include "router/engine/carried.hpp"
#include "tests/catch.hpp"
#include "tests/core/samples.hpp"
#include "tests/journal/golden.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

const Instant kThen{samples::at("2026-11-22T01:52:43Z"), 0xfeed, 5h};

MessageState message_to(MessageKind kind, const Contact& contact, MessageStatus status) {
  MessageState message;
  message.id = {"msg_" + std::string(to_string(kind))};
  message.kind = kind;
  message.contact = contact;
  message.round = 1;
  message.step = 2;
  message.fallback = true;
  message.status = status;
  message.due = {kThen, 5min};
  message.attempt = 3;
  message.started_by = 7;
  message.started_at = kThen;
  message.detail = "202 Accepted";
  message.provider_id = "p-1";
  return message;
}

Decision decision() {
  Decision decided;
  decided.severity = Severity::critical;
  decided.policy = "escalating";
  decided.team = "db";
  decided.team_channel = "db-room";
  decided.rule = "ours";
  return decided;
}

Incident incident() {
  Incident i;
  i.id = {"INC1"};
  i.partition = 3;
  i.integration = "prometheus";
  i.group = "group";
  i.title = "db-down";
  i.service = "api";
  i.decision = decision();
  i.state = IncidentState::acknowledged;
  i.received = kThen;
  i.opened_at = kThen.wall;
  i.acknowledged_at = kThen.wall + 1min;
  i.acknowledged_by = "ada";
  i.occurrence = 4;
  i.alerts = {{"A1"}, {"A2"}};
  i.firing = 1;
  i.policy = Policy{"escalating", "db", {{{{Target::Kind::person, "ada"}}, 5min}}, 1};
  i.fallback = Policy{"fallback", "ops", {{{{Target::Kind::person, "linus"}}, 5min}}, 0};
  i.escalation = {true, true, 1, 2, {kThen, 15min}};
  i.messages = {message_to(MessageKind::page, {"ada", "phone", "1"}, MessageStatus::accepted),
                message_to(MessageKind::advice, {"", "db-room", ""}, MessageStatus::accepted),
                message_to(MessageKind::no_procedure, {"", "room", ""}, MessageStatus::withdrawn)};
  i.reached = {{"ada", "phone", "1"}};
  i.told = {{"bob", "mail", "2"}};
  i.ended = kThen;
  i.after = Wait{kThen, 2min};
  i.hold = Hold{HoldKind::silence, "s1", "silenced by ada", kThen.wall + 1h};
  i.snoozed = Wait{kThen, 1h};
  i.remedy = RemedyState{RemedyStatus::running, {"msg_hook"}, {kThen, 3min}, "ada"};
  i.tried = {"hook restart failed"};
  i.begins = "reopened";
  i.room_told = true;
  i.rooms_heard = {{"", "db-room", ""}};
  i.timeline = {{kThen.wall, "opened", "", "opened"}, {kThen.wall, "note", "ada", "looking"}};
  i.timeline_dropped = 9;
  i.anchor = 11;
  return i;
}

Carried carried() {
  AlertState alert;
  alert.id = {"A1"};
  alert.alert = samples::alerts().alerts.front();
  alert.integration = "prometheus";
  alert.decision = std::make_shared<const Decision>(decision());
  alert.configuration = std::make_shared<const std::string>("0123");
  alert.decided_at = kThen.wall;
  alert.incident = {"INC1"};
  alert.count = 5;
  alert.heard = kThen;
  alert.anchor = 10;
  Incident carried = incident();
  carried.aliases = {{"INC2"}, {"INC3"}};
  return {21,
          42,
          carried,
          {alert},
          {{"restart", "group", {"INC1"}, {"msg_hook"}, kThen, 9}},
          "a fingerprint",
          {{"A0"}},
          {{alert_key({}, "prometheus", "api-down"), kThen}},
          {{alert_key({}, "prometheus", "queue-full"), kThen}}};
}

}  // namespace

TEST_CASE("a carried record is written and read as its golden file says") {
  Carried now = carried();
  now.incident->backlog = Wait{kThen, 1min};
  now.incident->passed_in = {"INC1"};
  now.incident->digest =
      Digest{37, {{{"INC2"}, "db-slow", kThen.wall, kThen.wall + 20min}}, kThen, true};
  testing::check_golden("body-carried-3", encode(now));
  CHECK(*decode_carried(testing::golden_bytes("body-carried-3")) == now);
}

TEST_CASE("an incident that waits for people is written and read as its golden file says") {
  Carried now = carried();
  Incident& i = *now.incident;
  i.escalation.queue = Queue::own_policy;
  i.escalation.nobody = "nobody is on call in primary";
  i.escalation.everyone = true;
  i.escalation.paged = {"ada", "grace"};
  i.acknowledgements = {{"ada", kThen.wall + 2min}};
  i.acknowledged_for = Wait{kThen, 30min};
  i.assigned_to = "grace";
  i.turns = {{true, 2, 1, 3}};
  i.messages.front().rota = "primary";
  i.messages.front().assigned = true;
  testing::check_golden("body-carried-4", encode(now));
  CHECK(*decode_carried(testing::golden_bytes("body-carried-4")) == now);
}

TEST_CASE("carried records of the versions before are read") {
  Carried first = carried();
  first.before.clear();
  first.replaced.clear();
  first.over.clear();
  first.firing.clear();
  first.incident->aliases.clear();
  CHECK(*decode_carried(testing::golden_bytes("body-carried-2")) == first);
  first.runs.clear();
  CHECK(*decode_carried(testing::golden_bytes("body-carried")) == first);
}
