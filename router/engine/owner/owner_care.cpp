// What the owner does beside deciding what comes in: deciding with care after a failure, looking at
// what is held, keeping the configuration and what is old.
#include <algorithm>
#include <utility>

#include "router/core/timeline.hpp"
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
  const View view{state_.partition(0).facts, state_.states(),
                  extras_.island ? &*extras_.island : nullptr};
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

Instant Owner::present(Partition partition, const Instant& now) {
  Desk& desk = desks_[partition];
  const PartitionState& state = state_.partition(partition);
  if (desk.line_of != state.turn) {
    desk.line = state.at;
    desk.line_of = state.turn;
  }
  // What is read now was not there when the journal's end was last read.
  const Duration most = caught_up_at_ ? now.elapsed - *caught_up_at_ : Duration::max();
  const Instant present = on_timeline(desk.line, now, most);
  const bool leapt = has_leapt(std::exchange(desk.line, present), present);
  if (leapt) put_all(partition, present);
  return present;
}

void Owner::put_all(Partition partition, const Instant& now) {
  const auto put = [&](const Incident& incident) {
    const auto wait = due_in(incident, moment(partition, now));
    desks_[partition].agenda.put(
        incident.id, wait ? std::optional(now.elapsed + *wait) : std::nullopt, rank_of(incident));
  };
  for (const auto& each : state_.partition(partition).incidents) put(each.second);
  for (const auto& each : state_.partition(partition).bundles) put(each.second.host);
}

bool Owner::is_behind(Partition partition, const Instant& now) const {
  const CatchingUp& catching_up = desks_[partition].catching_up;
  if (!catching_up.has_heard()) return false;
  const bool more =
      cursor_[partition] < journal_.tail(partition) || !state_.partition(partition).pending.empty();
  return catching_up.behind(now.elapsed, more);
}

// What a start finds undecided, or decided a moment ago.
void Owner::look_for_backlog(Partition partition, const Instant& now) {
  const PartitionState& state = state_.partition(partition);
  const auto pending = state.pending.in_order();
  const bool found =
      std::any_of(pending.begin(), pending.end(),
                  [&](const Pending* each) { return is_backlog(*each, now); }) ||
      std::any_of(state.incidents.begin(), state.incidents.end(), [&](const auto& each) {
        return each.second.backlog && !each.second.backlog->over(now);
      });
  if (found) desks_[partition].catching_up.heard(now.elapsed);
}

// Whose the partition is, when a turn has been read. What another process had under way is looked
// at anew when it becomes ours.
void Owner::follow_chain(Partition partition, const Instant& now) {
  Desk& desk = desks_[partition];
  const bool held = membership_.alone() || state_.partition(partition).holder == mint_.boot();
  if (held == desk.held) return;
  desk.held = held;
  held_ += held ? 1 : -1;
  if (!membership_.alone()) events_.held(partition, held);
  if (!held) return;
  desk.held_since = now;
  desk.drills_changed = true;
  if (partition == 0) {
    lookout_ = {};
    notices_at_ = now.elapsed;
  }
  put_all(partition, now);
  // Whoever held it may have been gone for most of the time in which it had to be written again.
  keep_at_ = std::min(keep_at_, now.elapsed + kKeepAgain);
}

// The journal is not the one that was folded: nothing of what is known is known of it.
void Owner::forget_everything(const std::string& why) {
  replayed_ = false;
  state_.forget_everything();
  cursor_.assign(journal_.partitions(), 0);
  for (Desk& desk : desks_) {
    desk.agenda = {};
    desk.appending = false;
    desk.failed = false;
    desk.stored_at = 0;
    desk.appended_after = 0;
    desk.not_before_position = 0;
    desk.suspicion = {};
    desk.catching_up = {};
    desk.drills_changed = true;
    desk.copies = false;
    desk.copies_at.reset();
  }
  kept_configuration_.clear();
  pausing_.clear();
  lookout_ = {};
  notices_at_ = {};
  events_.trouble("everything is folded anew: " + why);
}

// What the other nodes said, and what this one has to say to them.
void Owner::listen(bool caught_up, const Instant& now) {
  membership_.listened(now.elapsed, caught_up);
  if (leaving_) membership_.leave();
  living_ = membership_.living(now.elapsed);
  state_.allow_sending_until(membership_.lease_end());
  if (caught_up && membership_.may_act(now.elapsed)) state_.confirm(now.elapsed);
  if (auto beat = membership_.next_beat(now.elapsed)) {
    beat->facts = state_.partition(0).position;
    std::vector<Record> records;
    records.push_back(
        mint_.record(0, RecordKind::control, now.wall, tocsin::encode(Control{*beat})));
    membership_.appended(records.front().id, now.elapsed);
    journal_.append(0, std::move(records), [](const journal::Appended&) {});
  }
  const std::lock_guard lock(mutex_);
  members_ = membership_.seen(now.elapsed);
}

void Owner::beat(journal::AppendDone done) {
  std::vector<Record> records;
  records.push_back(mint_.record(0, RecordKind::control, clock_.now().wall,
                                 tocsin::encode(Control{membership_.at_a_loss()})));
  journal_.append(0, std::move(records), std::move(done));
}

void Owner::farewell() {
  if (membership_.alone()) return;
  std::vector<Record> records;
  records.push_back(mint_.record(0, RecordKind::control, clock_.now().wall,
                                 tocsin::encode(Control{membership_.farewell()})));
  journal_.append(0, std::move(records), [](const journal::Appended&) {});
}

bool Owner::has_others() const {
  const std::lock_guard lock(mutex_);
  return std::count_if(members_.begin(), members_.end(), [](const auto& m) { return m.lives; }) > 1;
}

std::vector<Membership::Seen> Owner::members() const {
  const std::lock_guard lock(mutex_);
  return members_;
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

// Nothing is decided for an incident of which tocsin died too often, and on an island for another
// node's; it is looked at as seldom as can be.
std::vector<IncidentId> Owner::due_of(Desk& desk, Duration now) const {
  std::vector<IncidentId> due = desk.agenda.due(now, kMostDuePerTurn);
  std::erase_if(due, [&](const IncidentId& id) {
    const bool elsewhere = extras_.island && extras_.island->elsewhere.contains(id);
    if (!elsewhere && desk.suspicion.may_decide(id)) return false;
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
      if (incident.state == IncidentState::open)
        desks_[p].agenda.put(id, now.elapsed, rank_of(incident));
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
  std::vector<bool> mine;
  for (const Desk& desk : desks_) mine.push_back(desk.held && membership_.may_act(now.elapsed));
  keep_at_ = now.elapsed + keeper_.step(configuration.retention, mine, now);
}

}  // namespace tocsin::engine
