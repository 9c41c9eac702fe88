// What the owner does for GameDays: it notices which sets are on, has copies made and ended, and
// says that a set paused when a real incident wins.
#include <algorithm>

#include "router/engine/drill.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {
namespace {

/// How often the fact that a set paused is said, until it is read.
constexpr Duration kPauseAgain = std::chrono::seconds(1);
/// After a copy could not be made: what is real is decided meanwhile.
constexpr Duration kCopiesAfterFault = std::chrono::minutes(1);
constexpr Duration kLongestCopiesPause = std::chrono::hours(1);
/// Looking at all alerts for those that lack a copy costs about so much for each.
constexpr Duration kLookPerAlert = std::chrono::microseconds(10);
constexpr std::size_t kFewAlerts = 1'000;

}  // namespace

// Which are on is computed, at every step; what has changed since the last one must be looked at.
void Owner::look_at_gamedays(const Configuration& configuration, const Instant& now) {
  const Facts& facts = state_.partition(0).facts;
  std::map<std::string, std::uint32_t> on;
  for (const auto& each : configuration.gamedays)
    if (const gameday::Run* const run = facts.find_on(each.first, now))
      on[each.first] = run->number;
  if (facts.gameday_changes != gameday_changes_) membership_.hurry();  // others ask who knows
  const bool changed = on != sets_on_ || (configuration.hash != drilled_by_ && !on.empty()) ||
                       facts.gameday_changes != gameday_changes_ || !looked_at_gamedays_;
  if (!changed) return;
  gameday_changes_ = facts.gameday_changes;
  drilled_by_ = configuration.hash;
  looked_at_gamedays_ = true;
  state_.note_runs(now.elapsed);  // a snapshot does not say since when
  sets_on_ = std::move(on);
  for (Desk& desk : desks_) desk.drills_changed = true;
  if (sets_on_.empty()) return;
  for (const PartitionState& state : state_.states())
    for (const auto& each : state.incidents) notice_pause(each.second, configuration, now, false);
}

void Owner::look_at_drills(Desk& desk, const PartitionState& state, Duration now) {
  if (!desk.drills_changed || extras_.island) return;
  desk.drills_changed = false;
  for (const auto& [id, incident] : state.incidents)
    if (!incident.realm.is_production() && !drill_is_over(incident))
      desk.agenda.put(id, now, Agenda::Rank::drill);
  desk.end_copies = true;  // without touching when production's own alerts are looked at
  desk.copies = !sets_on_.empty();
}

// In turns of their own, when nothing of production waits: whatever becomes of it touches nothing
// else, and a fault in here puts copies off and nothing but them.
bool Owner::decide_copies(Desk& desk, const PartitionState& state,
                          const Configuration& configuration, const Instant& now) {
  if (!desk.copies || extras_.island || desk.suspicion.is_careful(now.elapsed)) return false;
  if (desk.copies_at && *desk.copies_at > now.elapsed) return false;
  const View view{state_.partition(0).facts, state_.states(), nullptr, true};
  Caution nothing_else;
  nothing_else.no_inputs = true;
  std::optional<Turn> turn;
  std::string why;
  if (extras_.black_box) extras_.black_box->begin(state.partition, nullptr);
  try {
    turn = (extras_.decide ? extras_.decide : engine::decide_turn)(
        state, view, configuration, moment(state.partition, now), {}, {}, nothing_else);
  } catch (const std::exception& fault) {
    why = *fault.what() ? fault.what() : "an exception without words";
  }
  if (extras_.black_box) extras_.black_box->end();
  if (!why.empty()) {
    desk.copies_pause = std::clamp(desk.copies_pause * 2, kCopiesAfterFault, kLongestCopiesPause);
    desk.copies_at = now.elapsed + desk.copies_pause;
    events_.failed("alerts could not be copied for a GameDay set: " + why);
    return false;
  }
  desk.copies_pause = {};
  const auto made = turn ? std::count_if(turn->effects.begin(), turn->effects.end(),
                                         [](const Effect& effect) {
                                           return std::holds_alternative<effect::Drilled>(effect);
                                         })
                         : 0;
  desk.copies = static_cast<std::size_t>(made) >= kMostCopiesPerTurn;
  // The next look at all alerts waits for as long as this one may have taken.
  desk.copies_at.reset();
  if (!desk.copies && state.alerts.size() > kFewAlerts)
    desk.copies_at = now.elapsed + kLookPerAlert * static_cast<Duration::rep>(state.alerts.size());
  if (!turn) return false;
  append(state.partition, *turn, now);
  return true;
}

// What a turn says of production: alerts that may be copied, and what stops a set.
void Owner::notice_drills(Partition partition, const Folded& folded, const Instant& now) {
  if (!folded.turn) return;
  if (!folded.decided.empty()) desks_[partition].copies = true;
  const auto configuration = this->configuration();
  const PartitionState& state = state_.partition(partition);
  for (const IncidentId& id : folded.begun)
    if (const auto found = state.incidents.find(id); found != state.incidents.end())
      notice_pause(found->second, *configuration, now, true);
}

// At once on this node; for all, and for good, when the fact is read.
void Owner::notice_pause(const Incident& incident, const Configuration& configuration,
                         const Instant& now, bool begins) {
  if (sets_on_.empty() || !incident.realm.is_production()) return;
  for (Paused& paused :
       paused_by(incident, state_.partition(0).facts, configuration, now, begins)) {
    const bool known = std::any_of(pausing_.begin(), pausing_.end(), [&](const Paused& other) {
      return other.set == paused.set && other.run == paused.run;
    });
    if (known) continue;
    state_.pause(paused.set, paused.run);
    pausing_.push_back(std::move(paused));
    say_paused_at_ = now.elapsed;
  }
}

void Owner::say_paused(const Instant& now) {
  if (pausing_.empty()) return;
  const Facts& facts = state_.partition(0).facts;
  std::erase_if(pausing_, [&](const Paused& paused) {
    const gameday::Run* const run = facts.find_run(paused.set, paused.run);
    return !run || gameday::is_over(*run, now);
  });
  // One says it for all: whoever holds the partition of what holds for all.
  if (now.elapsed < say_paused_at_ || !desks_.front().held || extras_.island) return;
  say_paused_at_ = now.elapsed + kPauseAgain;
  for (const Paused& paused : pausing_) {
    const control::GamedayEnded ended{
        paused.set, {gameday::EndKind::paused, "", paused.why, now.wall}, paused.run};
    std::vector<Record> records;
    records.push_back(
        mint_.record(0, RecordKind::control, now.wall, tocsin::encode(Control{ended})));
    journal_.append(0, std::move(records), [](const journal::Appended&) {});
  }
}

}  // namespace tocsin::engine
