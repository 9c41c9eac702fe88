#include "router/engine/owner/owner.hpp"

#include <algorithm>

#include "router/engine/decide.hpp"
#include "router/engine/due.hpp"
#include "router/engine/expiry.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kRecordsPerRead = 1'024;
/// Between two decisions, however much arrives: a storm must not keep the owner reading while
/// nobody is paged.
constexpr int kMostReads = 16;
/// In one call of run(), which would otherwise not return while alerts keep coming.
constexpr int kMostRounds = 100;
/// After a turn could not be stored: long enough not to hammer a sick disk, short beside a page.
constexpr Duration kAfterFailure = std::chrono::milliseconds(200);
/// How often all alerts are looked at for those that nobody ends.
constexpr Duration kSweepEvery = std::chrono::seconds(10);
/// While anything waits, its partition's time is written so often, in a turn that says nothing
/// else: where nobody else tells of it, a reboot into a clock that is behind loses no more than
/// that.
constexpr Duration kSayTimeEvery = std::chrono::minutes(1);
constexpr Duration kLongestRest = std::chrono::seconds(1);

// The incidents that page nobody any more, or somebody less, once the turn counts.
std::vector<IncidentId> silenced_by(const Turn& turn) {
  std::vector<IncidentId> incidents;
  for (const Effect& effect : turn.effects) {
    if (const auto* e = std::get_if<effect::Acknowledged>(&effect))
      incidents.push_back(e->incident);
    if (const auto* e = std::get_if<effect::AcknowledgedInPart>(&effect))
      incidents.push_back(e->incident);
    if (const auto* e = std::get_if<effect::Resolved>(&effect)) incidents.push_back(e->incident);
    if (const auto* e = std::get_if<effect::Snoozed>(&effect)) incidents.push_back(e->incident);
    if (const auto* e = std::get_if<effect::Held>(&effect)) incidents.push_back(e->incident);
    // On its island somebody may have acknowledged it.
    if (const auto* e = std::get_if<effect::Adopted>(&effect)) incidents.push_back(e->incident);
  }
  return incidents;
}

// Waits go on from a moment that only this process knows, until a turn says it.
bool must_say_time(const PartitionState& state, bool waits, const Instant& now) {
  if (!waits) return false;
  if (state.at.machine_boot != now.machine_boot) return now.ahead > Duration::zero();
  return now.elapsed - state.at.elapsed >= kSayTimeEvery;
}

}  // namespace

Owner::Owner(journal::Journal& journal, const Clock& clock, Mint& mint, NodeState& state,
             std::shared_ptr<const Configuration> configuration, Outbox& outbox,
             OwnerEvents& events, OwnerExtras extras)
    : journal_(journal),
      clock_(clock),
      mint_(mint),
      state_(state),
      outbox_(outbox),
      events_(events),
      cursor_(journal.partitions(), 0),
      desks_(journal.partitions()),
      extras_(std::move(extras)),
      keeper_(journal, mint, state, events),
      membership_(extras_.membership, mint.boot()),
      configuration_(std::move(configuration)) {
  state_.reconfigure(configuration_);
}

Owner::~Owner() {
  std::unordered_map<std::string, Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (auto& [id, command] : waiting)
    command.reply({CommandAnswer::What::not_confirmed, "tocsin is stopping"});
}

std::shared_ptr<const Configuration> Owner::configuration() const {
  const std::lock_guard lock(mutex_);
  return configuration_;
}

void Owner::reconfigure(std::shared_ptr<const Configuration> configuration) {
  state_.reconfigure(configuration);
  const std::lock_guard lock(mutex_);
  configuration_ = std::move(configuration);
}

Status Owner::replay() {
  replayed_ = looked_at_gamedays_ = false;
  for (Partition p = 0; p < journal_.partitions(); ++p) {
    if (state_.partition(p).turn == 0 && journal_.first(p) > 1) state_.mark_truncated(p);
    cursor_[p] = std::max(state_.settled(p), state_.partition(p).position);
  }
  // As far as it goes now: others may go on writing, and run() reads on.
  journal::Cursor tails;
  const auto behind = [&] {
    for (Partition p = 0; p < journal_.partitions(); ++p)
      if (cursor_[p] < tails[p]) return true;
    return false;
  };
  for (bool more = true; more && (tails.empty() || behind());) {
    const auto folded = fold_new();
    if (!folded && folded.error().kind == ErrorKind::not_found)
      forget_everything(folded.error().message);
    if (!folded) return folded.error();
    more = *folded;
    if (tails.empty())
      for (Partition p = 0; p < journal_.partitions(); ++p) tails.push_back(journal_.tail(p));
  }
  // From here on everything is known, and what is carried says nothing new.
  for (Partition p = 0; p < journal_.partitions(); ++p)
    if (state_.partition(p).turn > 0) state_.mark_truncated(p, false);
  const Instant now = clock_.now();
  learn_from_deaths(now.elapsed);
  caught_up_at_.reset();
  for (Partition p = 0; p < journal_.partitions(); ++p) {
    desks_[p].line_of.reset();
    const Instant present = this->present(p, now);
    look_for_backlog(p, present);
    follow_chain(p, present);
    put_all(p, present);
  }
  replayed_ = true;
  events_.replayed();
  return ok();
}

Result<bool> Owner::fold_new() {
  TOCSIN_TRY(const journal::Batch batch, journal_.read(cursor_, kRecordsPerRead));
  for (const journal::Damage& damage : batch.damaged) events_.damaged(damage);
  for (const journal::Entry& entry : batch.entries)
    if (entry.position > state_.partition(entry.partition).position)
      after_fold(entry.partition, entry,
                 state_.fold(entry.partition, entry.position, entry.record, clock_.now().elapsed));
  for (Partition p = 0; p < journal_.partitions(); ++p) state_.settle(p, cursor_[p]);
  lag_ = journal_.behind(cursor_);
  return !batch.entries.empty() || !batch.damaged.empty();
}

void Owner::after_fold(Partition partition, const journal::Entry& entry, const Folded& folded) {
  if (folded.what == Folded::What::void_turn) events_.void_turn(partition);
  for (const IncidentId& id : folded.touched)
    if (auto closed = state_.closed(partition, id)) events_.closed(*closed);
  if (!replayed_) return;
  Desk& desk = desks_[partition];
  const bool mine = entry.record.id.boot == mint_.boot();
  if (entry.record.kind == RecordKind::turn && mine && entry.record.id == desk.turn)
    desk.appending = false;
  const Instant now = present(partition, clock_.now());
  if (folded.beat)
    if (const std::string why = membership_.heard(*folded.beat, entry.record.id, now.elapsed);
        !why.empty())
      events_.trouble(why);
  if (folded.turn) follow_chain(partition, now);
  if (folded.received && is_backlog(*folded.received, now)) desk.catching_up.heard(now.elapsed);
  const Moment at_present = moment(partition, now);
  for (const IncidentId& id : folded.touched) {
    const Incident* const incident = state_.partition(partition).look_up(id);
    std::optional<Duration> at;
    if (incident)
      if (const auto wait = due_in(*incident, at_present)) at = now.elapsed + *wait;
    desk.agenda.put(id, at, at ? rank_of(*incident) : Agenda::Rank::real);
  }
  if (!sets_on_.empty()) notice_drills(partition, folded, now);
  notices_changed(folded, now);
  if (mine) {
    for (const AttemptRef& attempt : folded.started) outbox_.start(attempt);
    for (const Decision& decision : folded.decided) events_.decided(decision);
  }
  for (const effect::Answered& a : folded.answered)
    answer(a.command, {a.done ? CommandAnswer::What::done : CommandAnswer::What::refused, a.why});
  if (folded.control)
    answer(entry.record.id,
           {folded.refused.empty() ? CommandAnswer::What::done : CommandAnswer::What::refused,
            folded.refused, entry.position});
}

Status Owner::follow() {
  if (!replayed_) return replay();
  expire_commands(clock_.now().elapsed);
  for (bool more = true; more;) {
    TOCSIN_TRY(more, fold_new());
  }
  return ok();
}

void Owner::resume(const journal::Cursor& through) {
  replayed_ = looked_at_gamedays_ = false;
  const Duration not_before = clock_.now().elapsed + kAfterIsland;
  for (Partition p = 0; p < through.size(); ++p) {
    desks_[p].not_before_position = through[p];
    desks_[p].not_before = std::max(desks_[p].not_before, not_before);
  }
}

Duration Owner::run() {
  if (!replayed_) {
    expire_commands(clock_.now().elapsed);
    if (const Status replayed = replay(); !replayed) {
      events_.trouble(replayed.error().message);
      return kAfterFailure;
    }
  }
  // Turns that the journal stores at once are read back in the same call; a disk's come with its
  // next commit.
  for (int round = 0; round < kMostRounds; ++round) {
    bool more = true, reachable = true;
    for (int reads = 0; more && reads < kMostReads; ++reads) {
      const auto folded = fold_new();
      if (!folded) events_.trouble(folded.error().message);
      if (!folded && folded.error().kind == ErrorKind::not_found) {
        forget_everything(folded.error().message);
        return Duration::zero();
      }
      reachable = folded.has_value();
      more = folded && *folded;
    }
    const Instant now = clock_.now();
    listen(reachable && !more, now);
    if (reachable && !more) caught_up_at_ = now.elapsed;
    expire_commands(now.elapsed);
    const auto configuration = this->configuration();
    keep_configuration(*configuration, now);
    look_at_held(*configuration, now);
    look_at_gamedays(*configuration, now);
    say_paused(now);
    keep(*configuration, now);
    bool appended = false;
    for (Partition p = 0; p < journal_.partitions(); ++p)
      appended |= decide(p, *configuration, present(p, now));
    if (!appended && !more) return until_next(now.elapsed);
  }
  return Duration::zero();
}

bool Owner::decide(Partition partition, const Configuration& configuration, const Instant& now) {
  Desk& desk = desks_[partition];
  if (desk.failed.exchange(false)) {
    desk.not_before = std::max(desk.not_before, now.elapsed + kAfterFailure);
    if (partition == 0) lookout_.look_again();
  }
  // Stored, and read past without being seen: it is damaged, and what it covered is decided again.
  if (desk.stored_at > desk.appended_after && cursor_[partition] >= desk.stored_at)
    desk.appending = false;
  if (desk.appending || now.elapsed < desk.not_before) return false;
  const PartitionState& state = state_.partition(partition);
  if (cursor_[partition] < desk.not_before_position) return false;
  const Membership::Standing standing = membership_.standing(partition, state.holder, now.elapsed);
  if (standing.what == Membership::What::others || !membership_.may_act(now.elapsed)) return false;
  if (standing.what == Membership::What::mine && notices_wait(now) &&
      decide_notices(desk, state, now))
    return true;
  if (standing.what == Membership::What::mine) look_at_heartbeats(desk, state, configuration, now);
  look_at_drills(desk, state, now.elapsed);
  const std::vector<IncidentId> due = due_of(desk, now.elapsed);
  std::vector<AlertId> over;
  if (now.elapsed >= desk.next_sweep) {
    // Alerts come by other ways as well: what an island decided, what was carried.
    if (!sets_on_.empty()) desk.copies = true;
    over = overdue(state, state_.partition(0).facts, configuration, now, kMostAlertsPerTurn,
                   extras_.island ? Which::originals : Which::all);
    desk.next_sweep =
        now.elapsed + (over.size() < kMostAlertsPerTurn ? kSweepEvery : Duration::zero());
  } else if (desk.end_copies) {
    over = overdue(state, state_.partition(0).facts, configuration, now, kMostAlertsPerTurn,
                   Which::copies);
    desk.end_copies = over.size() == kMostAlertsPerTurn;
  }
  const bool chain = standing.what != Membership::What::mine ||
                     must_say_time(state, desk.agenda.next().has_value(), now);
  const bool news = desk.suspicion.has_news(state);
  if (state.pending.empty() && due.empty() && over.empty() && !news && !chain)
    return decide_notices(desk, state, now) || decide_copies(desk, state, configuration, now);
  auto thought = think(desk, state, configuration, moment(partition, now), due, over);
  if (!thought) return false;
  std::optional<Turn>& turn = *thought;
  // What turned out not to be due yet is put where it belongs; the fold of the turn puts the rest.
  for (const IncidentId& id : due) {
    const Incident* const incident = state.look_up(id);
    const auto wait = incident ? due_in(*incident, moment(partition, now)) : std::nullopt;
    desk.agenda.put(id, wait ? std::optional(now.elapsed + *wait) : std::nullopt,
                    wait ? rank_of(*incident) : Agenda::Rank::real);
  }
  if (!turn && chain) turn = Turn{state.turn + 1, 0, configuration.hash, now, {}, {}};
  // With care, an input may wait for its turn.
  if (!turn) return desk.suspicion.is_careful(now.elapsed) && !state.pending.empty();
  if (standing.what == Membership::What::hand_over)
    turn->effects.push_back(effect::HandedOver{standing.to});
  append(partition, *turn, now);
  return true;
}

void Owner::append(Partition partition, const Turn& turn, const Instant& now) {
  for (const Effect& effect : turn.effects)
    if (const auto* aside = std::get_if<effect::SetAside>(&effect)) events_.set_aside(*aside);
  state_.hush(partition, silenced_by(turn));
  Desk& desk = desks_[partition];
  Record record = mint_.record(partition, RecordKind::turn, now.wall, encode(turn));
  desk.turn = record.id;
  desk.appended_after = journal_.tail(partition);
  desk.appending = true;
  std::vector<Record> records;
  records.push_back(std::move(record));
  journal_.append(partition, std::move(records), [this, &desk](const journal::Appended& appended) {
    if (appended.durable()) {  // it is done when it is read back
      desk.stored_at = appended.last;
      return;
    }
    events_.trouble(appended.why);
    desk.failed = true;
    desk.appending = false;
  });
}

Duration Owner::until_next(Duration now) {
  Duration rest = std::min(kLongestRest, membership_.beat_in(now));
  for (const Desk& desk : desks_) {
    if (desk.appending) continue;  // the commit wakes us
    if (!desk.held) continue;      // another node's, or looked at with every beat
    if (const auto next = desk.agenda.next())
      rest = std::min(rest, std::max({*next - now, desk.not_before - now, Duration::zero()}));
    if (desk.not_before > now) rest = std::min(rest, desk.not_before - now);
    if (desk.heartbeats_at > now) rest = std::min(rest, desk.heartbeats_at - now);
    if (desk.copies && desk.copies_at && *desk.copies_at > now)
      rest = std::min(rest, *desk.copies_at - now);
  }
  rest = std::min(rest, notices_in(desks_.front(), now));
  const std::lock_guard lock(mutex_);
  for (const auto& [id, command] : waiting_)
    rest = std::min(rest, std::max(command.until - now, Duration::zero()));
  return rest;
}

}  // namespace tocsin::engine
