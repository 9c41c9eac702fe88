// `tocsin serve`, but for one thing: deciding about an alert called poison ends the process at
// once, as a fault of memory would. For poison_test.py.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "router/commands.hpp"

using namespace tocsin;

namespace {

constexpr int kDiedOfPoison = 86;

bool is_poison(const engine::Pending& pending) {
  const auto* const body = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input);
  return body &&
         std::any_of((*body)->alerts.begin(), (*body)->alerts.end(),
                     [](const Alert& alert) { return alert.labels.get("alertname") == "poison"; });
}

std::optional<Turn> decide(const engine::PartitionState& state, const engine::View& view,
                           const engine::Configuration& configuration, const engine::Moment& moment,
                           std::span<const IncidentId> due, std::span<const AlertId> over,
                           const engine::Caution& caution) {
  std::size_t seen = 0;
  for (const engine::Pending* const pending : state.pending.in_order()) {
    if (caution.most_inputs > 0 && seen++ >= caution.most_inputs) break;
    if (is_poison(*pending) && !caution.poison.contains(pending->id)) _exit(kDiedOfPoison);
  }
  return engine::decide_turn(state, view, configuration, moment, due, over, caution);
}

}  // namespace

// As harness.py calls it: serve --config DIR --data DIR --listen HOST:PORT
int main(int argc, char** argv) {
  ServeOptions options;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--config") options.config = argv[i + 1];
    if (name == "--data") options.data = argv[i + 1];
    if (name == "--listen") options.listen = argv[i + 1];
  }
  options.decide = decide;
  return commands::serve(options);
}
