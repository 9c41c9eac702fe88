#include "router/spool/forwarder.hpp"

#include <algorithm>

namespace tocsin::spool {
namespace {

using journal::Appended;
using journal::Cursor;
using journal::Entry;

constexpr std::size_t kRecordsPerRead = 200;
/// The longest that a step waits for the next: for what nobody rings for.
constexpr Duration kTick = std::chrono::milliseconds(200);

std::size_t size_of(const Record& record) { return kRecordHeaderBytes + record.body.size(); }

bool is_forwarded(const Record& record) {
  return record.kind == RecordKind::alerts || record.kind == RecordKind::result;
}

Duration doubled(Duration back_off) {
  return std::clamp(2 * back_off, kFirstBackOff, kLastBackOff);
}

}  // namespace

Forwarder::Forwarder(journal::Journal& main, journal::Journal& spool, SpoolDisk& disk,
                     const Clock& clock, ForwarderOptions options)
    : main_(main),
      spool_(spool),
      disk_(disk),
      clock_(clock),
      options_(std::move(options)),
      lane_bytes_(std::max(kMostReadAheadBytes / spool.partitions(), kLeastReadAheadBytes)),
      lanes_(spool.partitions()),
      holding_(options_.begin_held) {
  TOCSIN_CHECK(main.partitions() == spool.partitions(),
               "a spool has the partitions of the journal it is for");
  if (const std::string problem = load(); !problem.empty())
    tell("the spool's progress does not count (" + problem +
         "): all of it is forwarded again, which repeats nothing");
  read_ = forwarded_;
}

// Empty, or why the spool is forwarded from its beginning.
std::string Forwarder::load() {
  forwarded_.assign(spool_.partitions(), 0);
  auto saved = disk_.load();
  if (!saved) return saved.error().message;
  if (!saved->has_value()) return "";
  Progress& progress = **saved;
  if (progress.spool != spool_.identity()) return "it is another spool's";
  const Cursor& decided = progress.decided;
  const auto fits = [this](const Cursor& cursor) { return cursor.size() == spool_.partitions(); };
  if (!fits(progress.forwarded) || !(decided.empty() || fits(decided)))
    return "it has other partitions";
  for (Partition p = 0; p < spool_.partitions(); ++p)
    if (std::max(progress.forwarded[p], decided.empty() ? 0 : decided[p]) > spool_.tail(p))
      return "the spool ends before it";
  forwarded_ = std::move(progress.forwarded);
  decided_ = std::move(progress.decided);
  return "";
}

void Forwarder::tell(const std::string& line) const {
  if (options_.tell) options_.tell(line);
}

Duration Forwarder::step() {
  const bool moved = set_aside();
  const bool read = read_ahead();
  const bool begun = forward();
  if (now() - saved_at_ >= kSaveEvery) save();
  return moved || read || begun ? Duration::zero() : kTick;
}

void Forwarder::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void Forwarder::finish() { save(); }

bool Forwarder::is_full(const Lane& lane) const {
  return lane.queue.size() >= 2 * kMostForwardRecords || lane.queued_bytes >= lane_bytes_;
}

// A partition whose queue is full is left out by a cursor at its tail; it is read from where it
// stands once there is room again, so that it holds up nobody but itself.
bool Forwarder::read_ahead() {
  Cursor cursor;
  std::vector<bool> full;
  std::uint64_t takeovers = 0;
  {
    const std::lock_guard lock(mutex_);
    if (holding_) return false;
    cursor = read_;
    takeovers = takeovers_;
    for (const Lane& lane : lanes_) full.push_back(is_full(lane));
  }
  bool wanted = false;
  for (Partition p = 0; p < cursor.size(); ++p) {
    const Position tail = spool_.tail(p);
    if (!full[p]) wanted = wanted || cursor[p] < tail;
    if (full[p]) cursor[p] = std::max(cursor[p], tail);
  }
  if (!wanted) return false;
  auto batch = spool_.read(cursor, kRecordsPerRead);
  note_trouble(batch ? "" : "the spool cannot be read: " + batch.error().message);
  if (!batch) return false;
  for (const journal::Damage& damage : batch->damaged)
    tell("the spool is damaged and goes on without it: " + damage.where + ": " + damage.what);
  const std::lock_guard lock(mutex_);
  if (takeovers != takeovers_) return false;
  counts_.damaged += batch->damaged.size();
  for (Entry& entry : batch->entries) {
    Lane& lane = lanes_[entry.partition];
    if (full[entry.partition] || !is_forwarded(entry.record)) continue;
    lane.queued_bytes += size_of(entry.record);
    lane.queue.push_back(std::move(entry));
  }
  for (Partition p = 0; p < cursor.size(); ++p) {
    if (full[p]) continue;
    read_[p] = cursor[p];
    if (lanes_[p].queue.empty()) forwarded_[p] = read_[p];
  }
  unsaved_ = true;
  return true;
}

void Forwarder::note_trouble(std::string why) {
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    news = trouble_.empty() && !why.empty();
    trouble_ = why;
  }
  if (news) tell(why);
}

std::string Forwarder::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool Forwarder::forward() {
  std::vector<Batch> batches;
  {
    const std::lock_guard lock(mutex_);
    batches = cut_batches(now());
  }
  for (Batch& batch : batches)
    main_.append(batch.partition, std::move(batch.records),
                 [this, partition = batch.partition](const Appended& appended) {
                   answered(partition, appended);
                 });
  return !batches.empty();
}

// In turn, so that a partition that fails does not keep the probe from the others.
std::vector<Forwarder::Batch> Forwarder::cut_batches(Duration now) {
  std::vector<Batch> batches;
  if (holding_ || closed_) return batches;
  const std::size_t first = next_lane_;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (probing_ && (under_way_ > 0 || now < probe_at_)) break;
    const auto partition = static_cast<Partition>((first + i) % lanes_.size());
    const Lane& lane = lanes_[partition];
    if (lane.under_way > 0 || lane.queue.empty() || lane.hopeless || now < lane.retry_at) continue;
    batches.push_back(cut(partition));
    next_lane_ = partition + 1u;
  }
  return batches;
}

Forwarder::Batch Forwarder::cut(Partition partition) {
  Lane& lane = lanes_[partition];
  Batch batch{partition, {}};
  std::size_t bytes = 0;
  for (const Entry& entry : lane.queue) {
    bytes += size_of(entry.record);
    if (!batch.records.empty() && (bytes > kMostForwardBytes || batch.records.size() >= lane.most))
      break;
    batch.records.push_back(to_forward(entry));
  }
  lane.under_way = batch.records.size();
  ++under_way_;
  return batch;
}

Record Forwarder::to_forward(const Entry& entry) const {
  Record record = entry.record;
  const bool decided = !decided_.empty() && entry.position <= decided_[entry.partition];
  if (decided && record.kind == RecordKind::alerts) record.flags |= kDecidedElsewhere;
  return record;
}

void Forwarder::answered(Partition partition, const Appended& appended) {
  bool closed = false;
  {
    const std::lock_guard lock(mutex_);
    closed = closed_;
  }
  const bool main_is_well = !closed && !appended.durable() && main_.trouble().empty();
  {
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_[partition];
    --under_way_;
    if (appended.durable())
      worked(partition);
    else
      failed(lane, appended, main_is_well);
    lane.under_way = 0;
  }
  if (options_.ring) options_.ring();
}

void Forwarder::worked(Partition partition) {
  Lane& lane = lanes_[partition];
  counts_.forwarded += lane.under_way;
  pop(lane, partition, lane.under_way);
  lane.retry_at = lane.back_off = Duration::zero();
  lane.refusals = 0;
  lane.failing_since.reset();
  lane.most = std::min(2 * lane.most, kMostForwardRecords);
  probing_ = false;
  probe_at_ = probe_back_off_ = Duration::zero();
}

void Forwarder::failed(Lane& lane, const Appended& appended, bool main_is_well) {
  const Duration now = this->now();
  lane.back_off = doubled(lane.back_off);
  lane.retry_at = now + lane.back_off;
  probing_ = true;
  probe_back_off_ = doubled(probe_back_off_);
  probe_at_ = now + probe_back_off_;
  if (main_is_well)
    lane.failing_since.reset();
  else if (!lane.failing_since)
    lane.failing_since = now;
  if (appended.outcome != Appended::Outcome::refused || !main_is_well) {
    lane.refusals = 0;
    return;
  }
  // Main is well and will not have this: it may be one record of them, which is found by halves.
  if (lane.under_way > 1) {
    lane.most = lane.under_way / 2;
    return;
  }
  if (lane.refusals++ == 0) lane.refused_since = now;
  lane.hopeless = lane.refusals >= kMostRefusals && now - lane.refused_since >= kRefusedFor;
}

void Forwarder::pop(Lane& lane, Partition partition, std::size_t records) {
  for (; records > 0; --records) {
    forwarded_[partition] = lane.queue.front().position;
    lane.queued_bytes -= size_of(lane.queue.front().record);
    lane.queue.pop_front();
  }
  if (lane.queue.empty()) forwarded_[partition] = read_[partition];
  unsaved_ = true;
}

bool Forwarder::set_aside() {
  Partition partition = 0;
  std::optional<Record> hopeless;
  {
    const std::lock_guard lock(mutex_);
    if (holding_) return false;
    for (const Lane& lane : lanes_) {
      if (!lane.hopeless || now() < lane.retry_at) continue;
      partition = lane.queue.front().partition;
      hopeless = to_forward(lane.queue.front());
    }
  }
  if (!hopeless) return false;
  const Status kept = disk_.set_aside(*hopeless);
  const std::string which = "record " + to_string(hopeless->id) + ", which the journal " +
                            "refuses while it takes others,";
  {
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_[partition];
    if (!lane.hopeless) return false;  // somebody took hold meanwhile
    if (kept) {
      pop(lane, partition, 1);
      lane.hopeless = false;
      lane.refusals = 0;
      lane.retry_at = lane.back_off = Duration::zero();
      ++counts_.set_aside;
    } else {
      lane.retry_at = now() + kLastBackOff;
    }
  }
  tell(kept ? which + " was set aside; its alerts are not in the journal"
            : which + " cannot be set aside: " + kept.error().message);
  return kept.has_value();
}

void Forwarder::save() {
  const std::lock_guard saving(saving_mutex_);
  Progress progress;
  {
    const std::lock_guard lock(mutex_);
    if (!unsaved_) return;
    unsaved_ = false;
    progress = {spool_.identity(), forwarded_, decided_};
  }
  saved_at_ = now();
  const Status saved = disk_.save(progress);
  if (!saved) {
    if (!saving_fails_) tell("the spool's progress cannot be saved: " + saved.error().message);
    saving_fails_ = true;
    const std::lock_guard lock(mutex_);
    unsaved_ = true;
    return;
  }
  saving_fails_ = false;
  // What cannot be removed now is tried again after the next save, and takes only room.
  static_cast<void>(spool_.drop(progress.forwarded));
}

bool Forwarder::drained() const {
  const std::lock_guard lock(mutex_);
  if (holding_) return false;
  for (Partition p = 0; p < lanes_.size(); ++p)
    if (!lanes_[p].queue.empty() || forwarded_[p] < spool_.tail(p)) return false;
  return true;
}

Cursor Forwarder::forwarded() const {
  const std::lock_guard lock(mutex_);
  return forwarded_;
}

std::optional<Duration> Forwarder::failing_since() const {
  const std::lock_guard lock(mutex_);
  std::optional<Duration> since;
  for (const Lane& lane : lanes_)
    if (lane.failing_since)
      since = std::min(since.value_or(*lane.failing_since), *lane.failing_since);
  return since;
}

Forwarder::Counts Forwarder::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  Position lowest = *std::min_element(forwarded_.begin(), forwarded_.end());
  Position highest = 0;
  for (Partition p = 0; p < lanes_.size(); ++p) highest = std::max(highest, spool_.tail(p));
  counts.waiting = highest - std::min(highest, lowest);
  return counts;
}

std::optional<Cursor> Forwarder::hold() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
  if (under_way_ > 0) return std::nullopt;
  ++takeovers_;
  for (Lane& lane : lanes_) lane = Lane();
  read_ = forwarded_;
  Cursor through = forwarded_;
  for (Partition p = 0; p < decided_.size(); ++p) through[p] = std::max(through[p], decided_[p]);
  return through;
}

Status Forwarder::release(const Cursor& decided) {
  const std::lock_guard saving(saving_mutex_);
  Progress progress;
  {
    const std::lock_guard lock(mutex_);
    progress = {spool_.identity(), forwarded_, decided_};
  }
  bool news = false;
  for (Partition p = 0; p < spool_.partitions() && p < decided.size(); ++p) {
    const Position through = std::min(decided[p], spool_.tail(p));  // not what comes later
    if (through <= (progress.decided.empty() ? 0 : progress.decided[p])) continue;
    progress.decided.resize(spool_.partitions());
    progress.decided[p] = through;
    news = true;
  }
  if (const Status saved = news ? disk_.save(progress) : ok(); !saved)
    return unavailable("nothing is forwarded before it is kept what the island has decided: " +
                       saved.error().message + "; ask again");
  {
    const std::lock_guard lock(mutex_);
    decided_ = std::move(progress.decided);
    holding_ = false;
    probing_ = true;
    probe_at_ = probe_back_off_ = Duration::zero();
  }
  if (options_.ring) options_.ring();
  return ok();
}

}  // namespace tocsin::spool
