// A partition, and the records that one owner would put in it.
#pragma once

#include "router/engine/decide.hpp"
#include "router/engine/fold.hpp"
#include "tests/catch.hpp"

namespace tocsin::engine::tests {

using namespace std::chrono_literals;

constexpr std::uint64_t kBoot = 7;

struct Bench {
  PartitionState state;
  Configuration configuration;
  Position position = 0;
  std::uint64_t sequence = 0;
  Instant now{WallTime(1000h), 1, 10h};

  Bench() {
    configuration.hash = "c";
    configuration.policies["p"] = {"p", "team", {{{{Target::Kind::person, "ada"}}, 5min}}, 0};
    configuration.default_policy = "p";
    configuration.rules = rules::RuleSet({}, "p", "team");
    configuration.directory.people["ada"] = {"ada", {{"phone", "1", 0s}}};
  }

  RecordId next_id() { return {kBoot, 0, ++sequence}; }
  Record record(RecordKind kind, std::string body) {
    return {kind, next_id(), now.wall, 0, std::move(body)};
  }
  Folded fold(const Record& r) { return engine::fold(state, ++position, r); }

  Record alert(const std::string& key, AlertStatus status = AlertStatus::firing) {
    return alert("prometheus", key, {{"alertname", key}, {"service", "api"}}, status);
  }
  Record alert(const std::string& integration, const std::string& key,
               std::vector<Fields::Pair> labels, AlertStatus status = AlertStatus::firing) {
    Alert a;
    a.key = key;
    a.status = status;
    a.labels = Fields(std::move(labels));
    return record(RecordKind::alerts, encode(AlertsBody{integration, now, {a}}));
  }
  // The turn that decides what is pending, and what became of its attempts.
  void settle(const Attempt& said = Attempt::accepted("taken")) {
    const Folded folded = fold(turn_record(decide()));
    for (const AttemptRef& attempt : folded.started)
      fold(record(RecordKind::result, encode(AttemptResult{attempt.incident, attempt.message,
                                                           attempt.attempt, now, said})));
  }
  Turn decide() {
    const auto turn = decide_turn(state, {state.facts}, configuration, {now, kBoot}, {});
    REQUIRE(turn);
    return *turn;
  }
  Record turn_record(const Turn& turn) { return record(RecordKind::turn, encode(turn)); }
};

}  // namespace tocsin::engine::tests
