// What a storm's incidents take of memory in the engine alone: as many alerts as are asked for,
// each of which opens an incident that pages one person, and past ten of them is bundled.
//
//   memory_bench [ALERTS]   100,000 if it is not said
#include <malloc.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "router/core/digest.hpp"
#include "router/engine/decide.hpp"
#include "router/engine/owner/node_state.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

constexpr std::size_t kAlertsPerRecord = 64;
constexpr double kMiB = 1024.0 * 1024.0;

double heap() { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd); }

Configuration crew() {
  Configuration configuration;
  configuration.hash = "0123456789abcdef";
  configuration.policies["crew"] = {"crew", "crew", {{{{Target::Kind::person, "ada"}}, 1h}}, 0};
  configuration.default_policy = "crew";
  configuration.rules = rules::RuleSet({}, "crew", "crew");
  configuration.directory.people["ada"] = {"ada", {{"hook", "ada", 0s}}};
  return configuration;
}

Alert alert(std::size_t n) {
  const std::string number = std::to_string(n), name = "Storm" + number;
  const std::string instance = "host-" + std::to_string(n % 500) + ":9100";
  const std::string summary = "host " + std::to_string(n % 500) + " is in trouble";
  Alert alert;
  alert.key = hex(sha256(name));
  alert.labels = Fields({{"alertname", name},
                         {"instance", instance},
                         {"job", "node"},
                         {"cluster", "cluster-3"},
                         {"service", "service-7"}});
  alert.annotations = Fields({{"summary", summary}});
  alert.generator_url = "http://prometheus:9090/graph?g0.expr=up%3D%3D" + number;
  return alert;
}

class Storm {
 public:
  void come(std::size_t first, std::size_t end) {
    AlertsBody body{"prometheus-production", now_, {}};
    for (std::size_t n = first; n < end; ++n) body.alerts.push_back(alert(n));
    fold(RecordKind::alerts, encode(body));
  }
  // Turns until nothing is due any more.
  bool settle() {
    const PartitionState& state = node_.partition(0);
    const auto turn = decide_turn(state, {state.facts}, configuration_, {now_, 1}, touched_);
    touched_.clear();
    if (!turn) return false;
    const Folded folded = fold(RecordKind::turn, encode(*turn));
    touched_ = folded.touched;
    for (const AttemptRef& attempt : folded.started)
      fold(RecordKind::result,
           encode(AttemptResult{attempt.incident, attempt.message, attempt.attempt, now_,
                                Attempt::accepted("200")}));
    return true;
  }
  void wait(Duration time) {
    now_.wall += time;
    now_.elapsed += time;
  }
  NodeState& node() { return node_; }

 private:
  Folded fold(RecordKind kind, std::string body) {
    ++position_;
    return node_.fold(0, position_, {kind, {1, 0, position_}, now_.wall, 0, std::move(body)});
  }

  Configuration configuration_ = crew();
  NodeState node_{1};
  Position position_ = 0;
  Instant now_{WallTime(400'000h), 1, 10h};
  std::vector<IncidentId> touched_;
};

void print(const char* what, double bytes, std::size_t alerts) {
  std::printf("%-46s %8.1f MiB, %6.0f bytes an alert\n", what, bytes / kMiB,
              bytes / static_cast<double>(alerts));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t alerts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  std::printf("Incident %zu, AlertState %zu, MessageState %zu, TimelineEntry %zu bytes\n",
              sizeof(Incident), sizeof(AlertState), sizeof(MessageState), sizeof(TimelineEntry));
  const double before = heap();
  Storm storm;
  for (std::size_t n = 0; n < alerts; n += kAlertsPerRecord) {
    storm.come(n, std::min(alerts, n + kAlertsPerRecord));
    while (storm.settle()) {
    }
  }
  print("its incidents", heap() - before, alerts);
  const NodeState::Encoded snapshot = storm.node().encoded(0);
  print("a snapshot of them", static_cast<double>(snapshot.body.size()), alerts);
  print("  as long as it is there", heap() - before, alerts);
  return 0;
}
