// What a review by attack found: a journal without its beginning, alerts that change, re-sends of
// what nobody knows.
#include "router/core/control.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/expiry.hpp"
#include "router/engine/state_codec.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::Bench;
using tocsin::engine::tests::kBoot;
using namespace std::chrono_literals;

namespace {
// Folds `records` from the k-th on, as a truncated journal.
PartitionState truncated(const std::vector<std::pair<Position, Record>>& records, Position from) {
  PartitionState s;
  s.truncated = true;
  for (const auto& [p, r] : records)
    if (p >= from) fold(s, p, r);
  return s;
}
}  // namespace

TEST_CASE("an incident whose alert was dropped and whose turn was kept is as it was carried") {
  Bench b;
  std::vector<std::pair<Position, Record>> log;
  const auto put = [&](Record r) {
    b.fold(r);
    log.emplace_back(b.position, r);
  };
  put(b.alert("db"));              // 1: dropped
  put(b.turn_record(b.decide()));  // 2: kept
  REQUIRE(b.state.incidents.size() == 1);
  const auto pieces = to_carry(b.state, 1, 64);
  REQUIRE(pieces.size() == 1);
  put(b.record(RecordKind::carried, encode(pieces[0])));  // 3
  CHECK(to_carry(b.state, 1, 64).empty());                // so the journal drops 1
  PartitionState t = truncated(log, 2);
  REQUIRE(t.incidents.size() == 1);
  const Incident& full = b.state.incidents.begin()->second;
  const Incident& cut = t.incidents.begin()->second;
  CHECK(cut.firing == full.firing);
  CHECK(cut.alerts == full.alerts);
  CHECK(cut.integration == full.integration);
  // and now it ends
  Bench c;
  c.state = t;
  c.position = b.position;
  c.sequence = b.sequence;
  c.now = b.now;
  c.fold(c.alert("db", AlertStatus::resolved));
  c.fold(c.turn_record(c.decide()));
  CHECK(c.state.incidents.begin()->second.firing == 0);
  CHECK(c.state.incidents.begin()->second.state == IncidentState::resolved);
}

TEST_CASE("a silence that was cancelled before its start leaves the snapshot readable") {
  Bench b;
  control::Silence s;
  s.id = {"S1"};
  s.matchers = {"service=\"api\""};
  s.by = "ada";
  s.why = "x";
  s.starts_at = b.now.wall + 1h;
  s.ends_at = b.now.wall + 2h;
  b.fold(b.record(RecordKind::control, encode(Control{s})));
  REQUIRE(b.state.facts.silences.size() == 1);
  CHECK(decode_state(encode_state(b.state)));
  b.fold(b.record(RecordKind::control,
                  encode(Control{control::SilenceEnded{{"S1"}, "ada", b.now.wall}})));
  CHECK(decode_state(encode_state(b.state)));
}

TEST_CASE("a silence that was ended meanwhile is not brought back by being carried") {
  Bench b;
  control::Silence s;
  s.id = {"S1"};
  s.matchers = {"service=\"api\""};
  s.by = "ada";
  s.why = "x";
  s.starts_at = b.now.wall;
  s.ends_at = b.now.wall + 24h * 300;
  b.fold(b.record(RecordKind::control, encode(Control{s})));
  b.now.wall += 1h;
  const auto facts = facts_to_carry(b.state.facts, 1, b.now.wall, {});
  REQUIRE(facts.size() == 1);
  b.fold(b.record(RecordKind::control,
                  encode(Control{control::SilenceEnded{{"S1"}, "ada", b.now.wall}})));
  CHECK(b.state.facts.silences.begin()->second.said.ends_at == b.now.wall);
  Record carried = b.record(RecordKind::control, encode(facts[0]));
  carried.flags = kCarriedFact;
  b.fold(carried);
  CHECK(b.state.facts.silences.begin()->second.said.ends_at == b.now.wall);
}

TEST_CASE("an alert beside a re-send of nobody knows what is decided and the other told once") {
  Bench b;
  Alert a;
  a.key = "new";
  a.labels = Fields(std::vector<Fields::Pair>{{"alertname", "new"}});
  AlertsBody body{"prometheus", b.now, {a}};
  body.resends.push_back({AlertId{"GONE"}, {}});
  b.fold(b.record(RecordKind::alerts, encode(body)));
  Caution caution;
  caution.most_inputs = GENERATE(std::size_t{1}, Caution{}.most_inputs);  // with care, or not
  const auto turn =
      decide_turn(b.state, {b.state.facts}, b.configuration, {b.now, kBoot}, {}, {}, caution);
  REQUIRE(turn);
  b.fold(b.turn_record(*turn));
  CHECK(b.state.incidents.size() == 2);  // its own, and the one that tells of the other
  CHECK(b.state.set_aside.size() == 1);
  CHECK(b.state.pending.empty());
}

TEST_CASE("an alert that grew into an incident over the boundary goes on firing") {
  Bench b;
  std::vector<std::pair<Position, Record>> log;
  const auto put = [&](Record r) {
    b.fold(r);
    log.emplace_back(b.position, r);
  };
  rules::Rule rule;
  rule.name = "info";
  rule.matchers = {*rules::Matcher::parse("severity=\"info\"")};
  rule.suppress = "nobody needs to know";
  b.configuration.rules = rules::RuleSet({rule}, "p", "team");
  const auto say = [&](const char* severity) {
    Alert a;
    a.key = "k";
    a.labels = Fields({{"alertname", "k"}, {"severity", severity}});
    a.ends_at = b.now.wall + 4min;
    return b.record(RecordKind::alerts, encode(AlertsBody{"prometheus", b.now, {a}}));
  };
  put(say("info"));                // 1 dropped
  put(b.turn_record(b.decide()));  // 2 dropped
  REQUIRE(b.state.incidents.empty());
  put(say("critical"));            // 3 kept
  put(b.turn_record(b.decide()));  // 4 kept
  REQUIRE(b.state.incidents.size() == 1);
  for (const auto& piece : to_carry(b.state, 2, 64))
    put(b.record(RecordKind::carried, encode(piece)));
  CHECK(to_carry(b.state, 2, 64).empty());
  PartitionState t = truncated(log, 3);
  CHECK(t.alerts.size() == b.state.alerts.size());
  // The sender goes on sending it for an hour.
  Bench c;
  c.configuration = b.configuration;
  c.state = t;
  c.position = b.position;
  c.sequence = b.sequence;
  c.now = b.now;
  for (int i = 0; i < 60; ++i) {
    c.now.wall += 1min;
    c.now.elapsed += 1min;
    Alert a;
    a.key = "k";
    a.labels = Fields({{"alertname", "k"}, {"severity", "critical"}});
    a.ends_at = c.now.wall + 4min;
    c.fold(c.record(RecordKind::alerts, encode(AlertsBody{"prometheus", c.now, {a}})));
    const auto over = overdue(c.state, c.state.facts, c.configuration, c.now, 100);
    if (over.empty()) continue;
    const auto turn =
        decide_turn(c.state, {c.state.facts}, c.configuration, {c.now, kBoot}, {}, over);
    if (turn) c.fold(c.turn_record(*turn));
  }
  CHECK(to_string(c.state.incidents.begin()->second.state) == "open");
}

TEST_CASE(
    "an alert whose labels come to ask for a page is paged although it was decided otherwise "
    "before") {
  Bench b;
  rules::Rule rule;
  rule.name = "advice";
  rule.matchers = {*rules::Matcher::parse("severity=\"info\"")};
  rule.manual = "https://m";
  rule.tell = {"room"};
  rules::Rule later;
  later.name = "later";
  later.matchers = {*rules::Matcher::parse("severity=\"warning\"")};
  later.page = "p";
  later.after = 5h;
  b.configuration.rules = rules::RuleSet({rule, later}, "p", "team");
  const auto say = [&](const char* key, const char* severity) {
    Alert a;
    a.key = key;
    a.labels = Fields({{"alertname", key}, {"severity", severity}});
    return b.record(RecordKind::alerts, encode(AlertsBody{"pd", b.now, {a}}));
  };
  b.fold(say("k", "info"));
  b.settle();
  b.fold(say("k", "critical"));
  const Folded f = b.fold(b.turn_record(b.decide()));
  CHECK(f.decided.size() == 1);
  CHECK(to_string(f.decided[0].outcome) == "page");
  CHECK(f.started.size() == 1);  // somebody is paged
  b.fold(say("j", "warning"));
  b.settle();
  b.fold(say("j", "critical"));
  const Folded g = b.fold(b.turn_record(b.decide()));
  CHECK(g.started.size() == 1);  // somebody is paged, not five hours later
}

namespace {

// An incident of many alerts, each as large as `padding`.
void many_alerts(Bench& b, std::size_t alerts, std::size_t padding) {
  b.configuration.integrations["prometheus"].group_by = {"service"};
  for (std::size_t done = 0; done < alerts;) {
    AlertsBody body{"prometheus", b.now, {}};
    for (; done < alerts && body.alerts.size() < 100; ++done) {
      Alert a;
      a.key = "k" + std::to_string(done);
      a.labels = Fields({{"alertname", a.key}, {"service", "api"}});
      a.annotations = Fields({{"padding", std::string(padding, 'x')}});
      body.alerts.push_back(std::move(a));
    }
    b.fold(b.record(RecordKind::alerts, encode(body)));
    b.settle();
  }
  REQUIRE(b.state.incidents.size() == 1);
}

PartitionState replayed(const std::vector<std::pair<Position, Record>>& records) {
  return truncated(records, 0);
}

}  // namespace

TEST_CASE("an incident too large for a record is carried in pieces, over several steps") {
  Bench b;
  many_alerts(b, 1'000, 70'000);
  const Position through = b.position;
  std::vector<std::pair<Position, Record>> log;
  int steps = 0;
  for (;; ++steps) {
    const auto pieces = to_carry(b.state, through, 64);
    if (pieces.empty()) break;
    REQUIRE(steps < 50);
    std::size_t bytes = 0;
    for (const Carried& piece : pieces) {
      Record record = b.record(RecordKind::carried, encode(piece));
      CHECK(record.body.size() < kMostRecordBytes / 4);
      bytes += record.body.size();
      b.fold(record);
      log.emplace_back(b.position, std::move(record));
    }
    CHECK(bytes < 2 * kMostCarriedBytesAtOnce);
    // Between two steps life goes on.
    for (const char* key : {"k0", "k999"}) {
      for (const AlertStatus status : {AlertStatus::resolved, AlertStatus::firing}) {
        Record record =
            b.alert("prometheus", key, {{"alertname", key}, {"service", "api"}}, status);
        b.fold(record);
        log.emplace_back(b.position, std::move(record));
        Record turn = b.turn_record(b.decide());
        b.fold(turn);
        log.emplace_back(b.position, std::move(turn));
      }
    }
  }
  CHECK(steps > 3);
  const PartitionState cut = replayed(log);
  REQUIRE(cut.incidents.size() == 1);
  const Incident& full = b.state.incidents.begin()->second;
  CHECK(cut.incidents.begin()->second.firing == full.firing);
  CHECK(cut.incidents.begin()->second.alerts == full.alerts);
  std::size_t firing = 0;
  for (const AlertId& id : full.alerts) {
    REQUIRE(cut.alerts.contains(id));
    CHECK(cut.alerts.at(id).incident == full.id);
    firing += cut.alerts.at(id).alert.status == AlertStatus::firing;
  }
  CHECK(firing == full.firing);
  CHECK(cut.current == b.state.current);
}

TEST_CASE("each piece of an incident folds alone, in order, and twice") {
  Bench b;
  many_alerts(b, 300, 40'000);
  const auto pieces = to_carry(b.state, b.position, 64);
  REQUIRE(pieces.size() >= 3);
  std::size_t alerts = 0;
  for (const Carried& piece : pieces) {
    alerts += piece.alerts.size();
    PartitionState alone;
    alone.truncated = true;
    Bench c;
    c.state = std::move(alone);
    c.fold(c.record(RecordKind::carried, encode(piece)));
    CHECK(c.state.incidents.size() == 1);
    CHECK(c.state.alerts.size() == piece.alerts.size());
  }
  CHECK(alerts == 300);
  Bench c;
  c.state.truncated = true;
  for (int times = 0; times < 2; ++times)
    for (const Carried& piece : pieces) c.fold(c.record(RecordKind::carried, encode(piece)));
  CHECK(c.state.alerts.size() == 300);
  CHECK(c.state.incidents.begin()->second.firing == 300);
  CHECK(c.state.current == b.state.current);
}

TEST_CASE("what was heard of an alert while it was being carried is not forgotten") {
  for (const bool by_reference : {false, true}) {
    Bench b;
    std::vector<std::pair<Position, Record>> log;
    const auto put = [&](Record r) {
      b.fold(r);
      log.emplace_back(b.position, r);
    };
    const auto say = [&] {
      Alert a;
      a.key = "k";
      a.labels = Fields(std::vector<Fields::Pair>{{"alertname", "k"}});
      a.ends_at = b.now.wall + 4min;
      AlertsBody body{"prometheus", b.now, {a}};
      if (by_reference && !b.state.alerts.empty()) {
        body.alerts.clear();
        body.resends.push_back({b.state.alerts.begin()->first, a.ends_at});
      }
      return b.record(RecordKind::alerts, encode(body));
    };
    put(say());                      // 1
    put(b.turn_record(b.decide()));  // 2
    const auto pieces = to_carry(b.state, b.position, 64);
    REQUIRE(pieces.size() == 1);
    b.now.wall += 1min;
    b.now.elapsed += 1min;
    put(say());  // 3: heard when the piece was encoded and had no position yet
    put(b.record(RecordKind::carried, encode(pieces[0])));  // 4
    CHECK(to_carry(b.state, 2, 64).empty());
    CHECK_FALSE(to_carry(b.state, 3, 64).empty());  // so 3 stays as long as 4 is needed
    const PartitionState cut = truncated(log, 3);
    REQUIRE(cut.alerts.size() == 1);
    const AlertState& alert = cut.alerts.begin()->second;
    const AlertState& full = b.state.alerts.begin()->second;
    CHECK(alert.heard == full.heard);
    CHECK(alert.alert.ends_at == full.alert.ends_at);
    CHECK(alert.count == full.count);
  }
}
