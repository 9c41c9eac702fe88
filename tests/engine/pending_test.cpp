// Integrations of one partition share its turns: none waits until all of another's is decided, each
// one's inputs are decided in their order, and none twice.
#include <algorithm>
#include <random>

#include "router/engine/state_codec.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::Bench;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kManyTurns = 10;

// A request of so many alerts that nobody has heard of.
Record request(Bench& bench, const std::string& integration, std::size_t alerts) {
  AlertsBody body{integration, bench.now, {}};
  for (std::size_t i = 0; i < alerts; ++i) {
    Alert alert;
    alert.key = integration + std::to_string(bench.sequence) + "." + std::to_string(i);
    alert.labels = Fields({{"alertname", std::string_view(alert.key)}});
    body.alerts.push_back(std::move(alert));
  }
  return bench.record(RecordKind::alerts, encode(body));
}

std::size_t decided(const Turn& turn) {
  return static_cast<std::size_t>(std::count_if(
      turn.effects.begin(), turn.effects.end(),
      [](const Effect& effect) { return std::holds_alternative<effect::Decided>(effect); }));
}

bool is_known(const Bench& bench, const std::string& title) {
  return std::any_of(bench.state.incidents.begin(), bench.state.incidents.end(),
                     [&](const auto& each) { return each.second.title == title; });
}

Turn settle(Bench& bench) {
  const Turn turn = bench.decide();
  REQUIRE(bench.fold(bench.turn_record(turn)).turn);
  return turn;
}

}  // namespace

TEST_CASE("however much an integration has sent another one's page is decided with the next turn") {
  Bench bench;
  constexpr std::size_t kNoisy = kManyTurns * kMostAlertsPerTurn;
  for (std::size_t i = 0; i < kNoisy; ++i) bench.fold(request(bench, "noisy", 1));
  bench.fold(bench.alert("quiet", "db", {{"alertname", "db"}}));
  const Position quiet = bench.position;
  const Turn first = settle(bench);
  CHECK(is_known(bench, "db"));
  CHECK(first.inputs_beyond == std::vector<DecidedUpTo>{{"quiet", quiet}});
  CHECK(first.inputs_up_to == kMostAlertsPerTurn - 1);
  CHECK(bench.state.pending.alerts() == kNoisy + 1 - kMostAlertsPerTurn);
  std::size_t turns = 1;
  for (; !bench.state.pending.empty(); ++turns) CHECK(settle(bench).inputs_beyond.empty());
  CHECK(turns == kManyTurns + 1);
  CHECK(bench.state.incidents.size() == kNoisy + 1);
  CHECK(bench.state.pending_keys.empty());
}

TEST_CASE("what is not too much for one turn is decided in the order in which it came") {
  Bench bench;
  for (const char* const who : {"b", "a", "c", "a", "b"}) bench.fold(request(bench, who, 1));
  const Turn turn = bench.decide();
  CHECK(turn.inputs_up_to == 5);
  CHECK(turn.inputs_beyond.empty());
  std::vector<std::uint64_t> order;
  for (const Effect& effect : turn.effects)
    if (const auto* const each = std::get_if<effect::Decided>(&effect))
      order.push_back(each->input.record.sequence);
  CHECK(order == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("requests that are larger than a turn keep another integration waiting for one turn") {
  Bench bench;
  for (int i = 0; i < 5; ++i) bench.fold(request(bench, "huge", 4 * kMostAlertsPerTurn));
  bench.fold(bench.alert("quiet", "db", {{"alertname", "db"}}));
  settle(bench);
  if (!is_known(bench, "db")) settle(bench);
  CHECK(is_known(bench, "db"));
  std::size_t largest = 0;
  while (!bench.state.pending.empty()) largest = std::max(largest, decided(settle(bench)));
  CHECK(largest == 4 * kMostAlertsPerTurn);
}

TEST_CASE("what a person says is heard beside any number of alerts") {
  Bench bench;
  bench.fold(bench.alert("db"));
  settle(bench);
  const IncidentId incident = bench.state.incidents.begin()->first;
  for (std::size_t i = 0; i < 2 * kMostAlertsPerTurn; ++i)
    bench.fold(request(bench, "prometheus", 1));
  Command command;
  command.kind = CommandKind::acknowledge;
  command.incident = incident;
  command.by = "ada";
  bench.fold(bench.record(RecordKind::command, encode(command)));
  settle(bench);
  CHECK(bench.state.incidents.at(incident).state == IncidentState::acknowledged);
}

TEST_CASE("on a node that is cut off and with care inputs are decided in the order they came in") {
  Bench bench;
  for (std::size_t i = 0; i < 2 * kMostAlertsPerTurn; ++i) bench.fold(request(bench, "noisy", 1));
  bench.fold(request(bench, "quiet", 1));
  CHECK(bench.decide().inputs_beyond.size() == 1);
  Caution caution;
  caution.most_inputs = 1;
  const auto careful = decide_turn(bench.state, {bench.state.facts}, bench.configuration,
                                   {bench.now, tests::kBoot}, {}, {}, caution);
  REQUIRE(careful);
  CHECK(careful->inputs_up_to == 1);
  CHECK(careful->inputs_beyond.empty());
  bench.state.on_island = true;
  CHECK(bench.decide().inputs_up_to == kMostAlertsPerTurn);
  CHECK(bench.decide().inputs_beyond.empty());
}

TEST_CASE("a turn takes of an integration what comes up to its place and nothing of others") {
  Bench bench;
  bench.fold(request(bench, "a", 1));
  bench.fold(request(bench, "b", 1));
  Turn turn = bench.decide();
  turn.effects.clear();
  turn.inputs_up_to = 0;
  turn.inputs_beyond = {{"c", 7}, {"a", 0}, {"b", 3}};
  bench.fold(bench.turn_record(turn));
  CHECK(bench.state.pending.size() == 1);
  CHECK(bench.state.pending.front().position == 1);
}

// Integrations say in turn that an alert fires and that it is over, in requests of all sizes, and
// turns and restarts come at any time.
TEST_CASE("whatever comes in between each integration's inputs are decided in order and once") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) {
      return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    Bench bench;
    std::map<std::string, std::size_t> said;    // by integration: how often "it" changed
    std::map<RecordId, std::size_t> decisions;  // by input
    std::map<std::string, std::uint64_t> last;  // by integration: the last input decided
    std::map<RecordId, std::string> whose;
    const auto look_at = [&](const Turn& turn) {
      std::map<RecordId, bool> here;
      for (const Effect& effect : turn.effects) {
        const InputRef* input = nullptr;
        if (const auto* const each = std::get_if<effect::Decided>(&effect)) input = &each->input;
        if (const auto* const each = std::get_if<effect::Ended>(&effect)) input = &each->input;
        if (!input || std::exchange(here[input->record], true)) continue;
        CHECK(++decisions[input->record] == 1);
        std::uint64_t& before = last[whose.at(input->record)];
        CHECK(before < input->record.sequence);
        before = input->record.sequence;
      }
    };
    const std::vector<std::string> senders{"a", "b", "c", "noisy"};
    for (int step = 0; step < 200; ++step) {
      const std::string& who = senders[std::min(below(6), senders.size() - 1)];
      switch (below(5)) {
        case 0:
          if (!bench.state.pending.empty()) look_at(settle(bench));
          break;
        case 1:
          if (below(10) == 0) {
            auto read = decode_state(encode_state(bench.state));
            REQUIRE(read);
            bench.state = std::move(*read);
          }
          break;
        case 2: {
          const Record record = request(bench, who, 1 + below(who == "noisy" ? 300 : 60));
          whose[record.id] = who;
          bench.fold(record);
          break;
        }
        default: {
          const bool fires = said[who]++ % 2 == 0;
          const Record record = bench.alert(who, "it", {{"alertname", "it of " + who}},
                                            fires ? AlertStatus::firing : AlertStatus::resolved);
          whose[record.id] = who;
          bench.fold(record);
        }
      }
    }
    while (!bench.state.pending.empty()) look_at(settle(bench));
    CHECK(decisions.size() == whose.size());
    CHECK(bench.state.pending_keys.empty());
    for (const auto& [who, times] : said) {
      const AlertState& it =
          bench.state.alerts.at(bench.state.current.at(alert_key({}, who, "it")));
      CHECK((it.alert.status == AlertStatus::firing) == (times % 2 == 1));
    }
  }
}
