// What the owner does beside deciding what comes in: deciding with care after a failure, looking at
// what is held, keeping the configuration and what is old.
#include "router/engine/configuration_codec.hpp"
#include "router/engine/due.hpp"
#include "router/engine/holding.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {
namespace {

/// After deciding failed: a fault of the moment (no memory) may have passed by then.
constexpr Duration kAfterFault = std::chrono::milliseconds(200);
/// What made deciding fail, and is no input, is left alone for so long.
constexpr Duration kAfterFaultyDue = std::chrono::minutes(1);
constexpr Duration kKeepConfigurationAgain = std::chrono::seconds(5);

}  // namespace

// A fault in here must not take the other inputs with it: this is the one place that carries on
// after any exception.
Result<std::optional<Turn>> Owner::think(Desk& desk, const PartitionState& state,
                                         const Configuration& configuration, const Moment& moment,
                                         std::span<const IncidentId> due,
                                         std::span<const AlertId> over) {
  const bool careful = desk.suspicion.is_careful();
  // With care: one input and nothing else, or what is due and no input.
  const bool inputs = !state.pending.empty();
  if (careful && inputs) due = {}, over = {};
  const View view{state_.partition(0).facts, state_.states()};
  std::string why;
  if (extras_.black_box)
    extras_.black_box->begin(state.partition,
                             careful && inputs ? &state.pending.front().id : nullptr);
  std::optional<Turn> turn;
  try {
    turn = extras_.decide ? extras_.decide(state, view, configuration, moment, due, over,
                                           desk.suspicion.caution())
                          : decide_turn(state, view, configuration, moment, due, over,
                                        desk.suspicion.caution());
  } catch (const std::exception& fault) {
    why = fault.what();
    if (why.empty()) why = "an exception without words";
  }
  if (extras_.black_box) extras_.black_box->end();
  if (why.empty()) {
    desk.suspicion.succeeded(state);
    return turn;
  }
  events_.failed(why);
  desk.not_before = moment.now.elapsed + kAfterFault;
  if (inputs) {
    desk.suspicion.failed(state, why);
  } else {
    for (const IncidentId& id : due) desk.agenda.put(id, moment.now.elapsed + kAfterFaultyDue);
    desk.next_sweep = moment.now.elapsed + kAfterFaultyDue;
    if (due.size() > 1)  // one of them is to blame: each by itself, a while apart
      for (std::size_t i = 0; i < due.size(); ++i)
        desk.agenda.put(due[i], moment.now.elapsed + kAfterFault * static_cast<int>(i + 1));
  }
  return unavailable(why);
}

// Silences and windows begin, and a silence is made or ended: what is open must be looked at. What
// they hold looks at itself again when they end.
void Owner::look_at_held(const Configuration& configuration, const Instant& now) {
  const Facts& facts = state_.partition(0).facts;
  const bool changed =
      facts.silence_changes != silence_changes_ || configuration.hash != held_by_configuration_;
  const bool begun = beginning_ && *beginning_ <= now.wall;
  if (!changed && !begun && now.elapsed < look_again_) return;
  silence_changes_ = facts.silence_changes;
  held_by_configuration_ = configuration.hash;
  beginning_ = next_beginning(facts, configuration, now.wall);
  look_again_ = now.elapsed + kLookAgain;
  if (!changed && !begun) return;
  for (Partition p = 0; p < journal_.partitions(); ++p)
    for (const auto& [id, incident] : state_.partition(p).incidents)
      if (incident.state == IncidentState::open) desks_[p].agenda.put(id, now.elapsed);
}

void Owner::keep_configuration(const Configuration& configuration, const Instant& now) {
  if (kept_configuration_ == configuration.hash || now.elapsed < keep_configuration_at_) return;
  if (state_.partition(0).facts.configuration(configuration.hash)) {
    kept_configuration_ = configuration.hash;
    return;
  }
  keep_configuration_at_ = now.elapsed + kKeepConfigurationAgain;
  std::vector<Record> records;
  records.push_back(mint_.record(
      0, RecordKind::control, now.wall,
      tocsin::encode(Control{control::Configuration{configuration.hash, encode(configuration)}})));
  journal_.append(0, std::move(records), [](const journal::Appended&) {});
}

void Owner::keep(const Configuration& configuration, const Instant& now) {
  if (now.elapsed < keep_at_) return;
  for (const Desk& desk : desks_)
    if (desk.appending) return;
  keep_at_ = now.elapsed + keeper_.step(configuration.retention, now);
}

}  // namespace tocsin::engine
