#include "router/projector.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "router/engine/state_codec.hpp"

namespace tocsin {
namespace {

constexpr Duration kForgetEvery = std::chrono::hours(6);
constexpr std::size_t kMostSavedAtOnce = 1'000;
constexpr std::size_t kFewMissed = 10'000;

store::History history_of(const engine::IncidentView& view, Position position) {
  const engine::Incident& incident = view.incident;
  store::History history;
  history.id = incident.id;
  history.partition = incident.partition;
  history.position = position;
  history.state = std::string(engine::to_string(incident.state));
  history.team = incident.decision->team;
  history.severity = incident.decision->severity;
  history.gameday = incident.realm.gameday;
  history.opened_at = incident.opened_at;
  history.resolved_at = incident.resolved_at.value_or(incident.opened_at);
  history.alerts = incident.alerts;
  std::set<std::string> hashes;
  for (const engine::AlertState& alert : view.alerts)
    if (alert.configuration) hashes.insert(*alert.configuration);
  history.configurations.assign(hashes.begin(), hashes.end());
  history.body = engine::encode_closed(incident, view.alerts);
  return history;
}

}  // namespace

std::size_t restore(store::Store& store, const journal::Journal& journal, engine::NodeState& state,
                    const std::function<void(const std::string&)>& tell) {
  const auto discard = [&](const std::string& why) -> std::size_t {
    tell("the store's snapshots are not used: " + why +
         "; the journal is folded from its beginning");
    if (const Status done = store.discard_snapshots(); !done) tell(done.error().message);
    return 0;
  };
  const auto snapshots = store.snapshots();
  // They may be right, and other nodes' as well: they are only not to be had now.
  if (!snapshots && snapshots.error().kind == ErrorKind::unavailable) {
    tell(snapshots.error().message + "; the journal is folded from its beginning");
    return 0;
  }
  if (!snapshots) return discard(snapshots.error().message);
  std::vector<std::pair<engine::PartitionState, Position>> decoded;
  const bool is_there = !journal.identity().empty();
  for (const store::Snapshot& snapshot : *snapshots) {
    auto partition = engine::decode_state(snapshot.body);
    if (!partition) return discard(partition.error().message);
    if (snapshot.partition >= journal.partitions() || partition->partition != snapshot.partition)
      return discard("they are of other partitions");
    const Position read = std::max(snapshot.position, partition->position);
    // Of a journal that is away nothing is known yet; whoever reads it finds out.
    if (!is_there) {
      decoded.emplace_back(std::move(*partition), read);
      continue;
    }
    if (read > journal.tail(snapshot.partition)) return discard("the journal ends before them");
    if (snapshot.position + 1 < journal.first(snapshot.partition))
      return discard("the journal begins after them");
    decoded.emplace_back(std::move(*partition), read);
  }
  for (auto& [partition, read] : decoded) state.restore(std::move(partition), read);
  return decoded.size();
}

Projector::Projector(store::Store& store, const engine::NodeState& state, const Clock& clock,
                     Tell tell)
    : store_(store),
      state_(state),
      clock_(clock),
      tell_(std::move(tell)),
      saved_(state.states().size()),
      look_for_lost_at_(kFewMissed) {}

Projector::~Projector() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  save(true);
}

void Projector::start() {
  if (thread_.joinable()) return;
  const Duration now = clock_.now().elapsed;
  for (Saved& saved : saved_) saved.at = now;
  next_forget_ = now + kForgetEvery;
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Projector::pause(bool paused) {
  const std::lock_guard lock(looking_);
  paused_ = paused;
  if (paused) ++pauses_;
}

void Projector::closed(const engine::IncidentView& view) {
  if (paused_) return;
  store::History history = history_of(view, state_.position(view.incident.partition));
  // While the journal is replayed nobody else saves, and there may be years of it.
  // A store that fails then is not tried again and again: paging waits for the replay.
  if (!thread_.joinable() && !replay_failed_ && waiting() >= kMostClosedWaiting)
    replay_failed_ = !save_closed();
  const std::lock_guard lock(mutex_);
  if (closed_.size() >= kMostClosedWaiting && !closed_.contains(history.id)) {
    miss(view.incident.partition, history.id);
    return;
  }
  closed_.insert_or_assign(history.id, std::move(history));
}

// Under the lock. Memory holds so many at the most: what is here is never more than twice as many.
void Projector::miss(Partition partition, const IncidentId& id) {
  missed_.emplace(id, partition);
  if (missed_.size() >= look_for_lost_at_) drop_lost();
}

void Projector::drop_lost() {
  lost_ += std::erase_if(
      missed_, [&](const auto& each) { return !state_.remembers(each.second, each.first); });
  look_for_lost_at_ = std::max(kFewMissed, 2 * missed_.size());
}

std::size_t Projector::waiting() {
  const std::lock_guard lock(mutex_);
  return closed_.size();
}

void Projector::keep_configuration(std::string hash, std::string body) {
  const std::lock_guard lock(mutex_);
  configurations_.insert_or_assign(std::move(hash), std::move(body));
}

void Projector::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, kSaveEvery, [] { return false; });
    lock.unlock();
    if (!stop.stop_requested()) save(false);
    lock.lock();
  }
}

bool Projector::told(const Status& status) {
  if (status) {
    last_told_.clear();
    return true;
  }
  if (status.error().message != last_told_) tell_("the store: " + status.error().message);
  last_told_ = status.error().message;
  return false;
}

// A store that was emptied, or may have lost its last writes, gets what memory has.
void Projector::look_at_generation() {
  auto generation = store_.generation();
  if (!generation || *generation == generation_) return;  // a failure is told by what follows
  if (!generation_.empty()) save_everything_again();
  generation_ = std::move(*generation);
}

void Projector::save_everything_again() {
  tell_(
      "the store is another one than before, or has lost its last writes: what is in memory is "
      "saved again; older history comes back only with a store that is folded anew");
  const Duration now = clock_.now().elapsed;
  for (Saved& saved : saved_) saved = {0, now - kSnapshotEvery};
  const auto resolved = state_.resolved();
  std::map<std::string, std::string> configurations;
  for (const std::string& hash : state_.configurations_in_use())
    if (const auto body = state_.configuration(hash)) configurations.emplace(hash, *body);
  const std::lock_guard lock(mutex_);
  for (const auto& [partition, id] : resolved) missed_.emplace(id, partition);
  configurations_.merge(configurations);
}

void Projector::save(bool all) {
  if (paused_) return;
  look_at_generation();
  if (!save_configurations()) return;
  save_snapshots(all);
  if (clock_.now().elapsed >= next_forget_) forget();
}

bool Projector::save_configurations() {
  std::map<std::string, std::string> configurations;
  {
    const std::lock_guard lock(mutex_);
    configurations.swap(configurations_);
  }
  while (!configurations.empty()) {
    const auto& [hash, body] = *configurations.begin();
    if (!told(store_.keep_configuration(hash, body))) {
      const std::lock_guard lock(mutex_);
      configurations_.merge(configurations);
      return false;
    }
    configurations.erase(configurations.begin());
  }
  return true;
}

// What was said of an incident meanwhile goes before what could not be saved.
bool Projector::save_closed() {
  for (;;) {
    std::vector<store::History> batch;
    {
      const std::lock_guard lock(mutex_);
      while (!closed_.empty() && batch.size() < kMostSavedAtOnce)
        batch.push_back(std::move(closed_.extract(closed_.begin()).mapped()));
    }
    if (batch.empty()) return true;
    if (told(store_.save(batch, {}))) continue;
    const std::lock_guard lock(mutex_);
    for (store::History& history : batch) closed_.emplace(history.id, std::move(history));
    return false;
  }
}

// One that was opened again meanwhile comes again at its end.
bool Projector::save_missed() {
  std::map<IncidentId, Partition> missed;
  std::size_t lost = 0;
  {
    const std::lock_guard lock(mutex_);
    drop_lost();
    missed.swap(missed_);
    lost = std::exchange(lost_, 0);
  }
  while (!missed.empty()) {
    std::vector<store::History> batch;
    auto next = missed.begin();
    bool paused = false;
    {
      const std::lock_guard looking(looking_);
      paused = paused_;
      for (; !paused && next != missed.end() && batch.size() < kMostSavedAtOnce; ++next)
        if (const auto view = state_.closed(next->second, next->first))
          batch.push_back(history_of(*view, state_.position(next->second)));
        else
          lost += !state_.remembers(next->second, next->first);
    }
    if (paused || !told(store_.save(batch, {}))) {
      const std::lock_guard lock(mutex_);
      missed_.merge(missed);
      lost_ += lost;
      return false;
    }
    missed.erase(missed.begin(), next);
  }
  if (lost > 0)
    tell_("the store: " + std::to_string(lost) +
          " incidents ended while it did not work and left memory before it did: they are missing "
          "in history; they come back if its file is moved away and the journal, as far as it "
          "still goes, folded anew by a restart");
  return true;
}

void Projector::save_snapshots(bool all) {
  const Duration now = clock_.now().elapsed;
  std::vector<store::Snapshot> snapshots;
  std::vector<Position> positions;
  for (Partition p = 0; p < saved_.size(); ++p) {
    const Position read = state_.settled(p);
    const bool moved = state_.position(p) != saved_[p].position;
    const Duration every = moved ? kSnapshotEvery : kIdleSnapshotEvery;
    if (read == 0 || (!all && now - saved_[p].at < every)) continue;
    // An island may begin meanwhile, and even be over: it does not wait for this, which then is of
    // its state or of none.
    const std::uint64_t pauses = pauses_;
    if (paused_) return;
    engine::NodeState::Encoded encoded = state_.encoded(p);
    if (paused_ || pauses_ != pauses) return;
    // Not while the owner has yet to say what the last records closed.
    if (encoded.body.empty() || encoded.position > state_.settled(p)) continue;
    positions.push_back(encoded.position);
    snapshots.push_back({p, read, std::move(encoded.body)});
  }
  if (!save_closed() || !save_missed() || snapshots.empty()) return;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const Partition p = snapshots[i].partition;
    if (!told(store_.save({}, {&snapshots[i], 1}))) return;
    saved_[p] = {positions[i], now};
  }
}

void Projector::forget() {
  next_forget_ = clock_.now().elapsed + kForgetEvery;
  const auto forgotten = store_.forget(clock_.now().wall - kHistoryKept);
  if (!forgotten) {
    told(forgotten.error());
    return;
  }
  const auto in_use = state_.configurations_in_use();
  const auto removed = store_.forget_configurations(in_use);
  if (!removed) told(removed.error());
}

}  // namespace tocsin
