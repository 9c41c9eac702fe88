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
constexpr Duration kKeepConfigurationAgain = std::chrono::seconds(5);

}  // namespace

// A fault in here must not take the other inputs with it: this is the one place that carries on
// after any exception.
Result<std::optional<Turn>> Owner::think(Desk& desk, const PartitionState& state,
                                         const Configuration& configuration, const Moment& moment,
                                         std::span<const IncidentId> due,
                                         std::span<const AlertId> over) {
  const Portion portion = desk.suspicion.next(state, due, over, moment.now.elapsed);
  const View view{state_.partition(0).facts, state_.states()};
  std::string why;
  if (extras_.black_box)
    extras_.black_box->begin(state.partition, portion.alone ? &*portion.alone : nullptr);
  std::optional<Turn> turn;
  try {
    turn = (extras_.decide ? extras_.decide : decide_turn)(
        state, view, configuration, moment, portion.due, portion.over, portion.caution);
  } catch (const std::exception& fault) {
    why = fault.what();
    if (why.empty()) why = "an exception without words";
  }
  if (extras_.black_box) extras_.black_box->end();
  // What was left out of this one is decided next.
  if (portion.more_over) desk.next_sweep = moment.now.elapsed;
  if (why.empty()) {
    desk.suspicion.succeeded(state);
    return turn;
  }
  events_.failed(why);
  desk.not_before = moment.now.elapsed + kAfterFault;
  desk.suspicion.failed(state, portion, why, moment.now.elapsed);
  if (portion.alone)
    for (const IncidentId& id : portion.due)
      desk.agenda.put(id, moment.now.elapsed + kAfterFaultyDue);
  else if (!over.empty())
    desk.next_sweep = moment.now.elapsed;
  return unavailable(why);
}

// What earlier processes died of is decided with care, and what they died of too often not at all.
void Owner::learn_from_deaths(Duration now) {
  if (!extras_.black_box) return;
  const BlackBox::Death death = extras_.black_box->earlier();
  for (Partition p = 0; p < journal_.partitions(); ++p)
    for (const RecordId& gone : desks_[p].suspicion.suspect(death, state_.partition(p), now)) {
      extras_.black_box->begin(p, &gone);  // to decide it would do no harm any more
      extras_.black_box->end();
    }
}

// Nothing is decided for an incident of which tocsin died too often; it is looked at as seldom as
// can be.
std::vector<IncidentId> Owner::due_of(Desk& desk, Duration now) {
  std::vector<IncidentId> due = desk.agenda.due(now, kMostDuePerTurn);
  std::erase_if(due, [&](const IncidentId& id) {
    if (desk.suspicion.may_decide(id)) return false;
    desk.agenda.put(id, now + kDueWithCare);
    return true;
  });
  return due;
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
