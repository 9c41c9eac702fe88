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
    for (const auto& each : state.incidents) notice_pause(each.second, configuration, now);
}

void Owner::look_at_drills(Desk& desk, const PartitionState& state, Duration now) {
  if (!desk.drills_changed || extras_.island) return;
  desk.drills_changed = false;
  for (const auto& [id, incident] : state.incidents)
    if (!incident.realm.is_production() && !drill_is_over(incident)) desk.agenda.put(id, now);
  desk.end_copies = true;  // without touching when production's own alerts are looked at
  desk.copies = !sets_on_.empty();
}

void Owner::copies_made(Desk& desk, const std::optional<Turn>& turn) {
  if (!desk.copies || !turn) {
    desk.copies = false;
    return;
  }
  const auto made = std::count_if(
      turn->effects.begin(), turn->effects.end(),
      [](const Effect& effect) { return std::holds_alternative<effect::Drilled>(effect); });
  desk.copies = static_cast<std::size_t>(made) >= kMostCopiesPerTurn;
}

void Owner::copies_failed(Desk& desk, Duration now) {
  if (!desk.copies) return;
  desk.copies = false;
  desk.copies_at = now + kCopiesAfterFault;
}

bool Owner::copies_wanted(Desk& desk, Duration now) const {
  if (desk.copies_at && *desk.copies_at <= now) {
    desk.copies_at.reset();
    desk.copies = true;
  }
  return desk.copies && !extras_.island;
}

// At once on this node; for all, and for good, when the fact is read.
void Owner::notice_pause(const Incident& incident, const Configuration& configuration,
                         const Instant& now) {
  if (sets_on_.empty() || !incident.realm.is_production()) return;
  for (Paused& paused : paused_by(incident, state_.partition(0).facts, configuration, now)) {
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
