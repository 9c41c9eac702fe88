#include "router/spool/spooled_journal.hpp"

#include <algorithm>

namespace tocsin::spool {
namespace {

using journal::Appended;
using journal::Cursor;
using Outcome = Appended::Outcome;

/// What is handed to the spool in one append.
constexpr std::size_t kMostHandedBytes = 4u << 20;
constexpr std::size_t kMostHandedRecords = 1'000;
constexpr Duration kMeasureEvery = std::chrono::seconds(1);

bool is_spooled(const std::vector<Record>& records) {
  return !records.empty() && std::all_of(records.begin(), records.end(), [](const Record& record) {
    return record.kind == RecordKind::alerts || record.kind == RecordKind::result;
  });
}

std::size_t size_of(const std::vector<Record>& records) {
  std::size_t bytes = 0;
  for (const Record& record : records) bytes += kRecordHeaderBytes + record.body.size();
  return bytes;
}

}  // namespace

SpooledJournal::SpooledJournal(SpoolOptions options, std::unique_ptr<journal::Journal> main,
                               std::unique_ptr<journal::Journal> spool,
                               std::unique_ptr<SpoolDisk> disk, const Clock& clock)
    : options_(std::move(options)),
      disk_(std::move(disk)),
      clock_(clock),
      spool_bytes_(disk_->bytes()),
      partition_away_since_(spool->partitions()),
      first_waiting_(spool->partitions()),
      stepper_([this] { return step(); }),
      main_(std::move(main)),
      spool_(std::move(spool)),
      forwarder_(*main_, *spool_, *disk_, clock,
                 {options_.begin_held, [this] { stepper_.ring(); }, options_.tell}) {
  spooling_ = !forwarder_.drained();
  const Cursor forwarded = forwarder_.forwarded();
  for (Partition p = 0; p < forwarded.size(); ++p)
    if (const Position tail = spool_->tail(p); forwarded[p] < tail)
      first_waiting_.stored(p, tail, now());
  spool_->on_commit([this] { spool_committed(); });
  if (options_.own_thread) stepper_.start();
}

// Main answers first, so that the spool can have what it did not take.
SpooledJournal::~SpooledJournal() {
  stepper_.stop();
  forwarder_.close();
  main_.reset();
  while (hand_over()) {
  }
  forwarder_.finish();
  spool_.reset();
}

void SpooledJournal::tell(const std::string& line) const {
  if (options_.tell) options_.tell(line);
}

void SpooledJournal::tell_spooling(const std::string& why) const {
  tell("the journal takes nothing (" + why + "); alerts and results go to the spool");
}

void SpooledJournal::give(Answers& answers) {
  for (auto& [done, appended] : answers) done(appended);
}

void SpooledJournal::append(Partition partition, std::vector<Record> records,
                            journal::AppendDone done) {
  TOCSIN_CHECK(partition < partitions(), "partitions are computed modulo their count");
  if (!is_spooled(records)) return pass(partition, std::move(records), std::move(done));
  const std::string trouble = main_->trouble();
  const auto entry = std::make_shared<Entry>();
  entry->partition = partition;
  entry->done = std::move(done);
  entry->bytes = size_of(records);
  entry->came = now();
  entry->records = records;
  Answers answers;
  std::uint64_t number = 0;
  bool began = false;
  {
    const std::lock_guard lock(mutex_);
    if (!trouble.empty()) began = begin_spooling(answers);
    if (spooling_) {
      enqueue(entry, answers);
    } else {
      entry->asked_main = true;
      number = ++numbered_;
      under_way_.emplace(number, entry);
    }
  }
  if (number != 0)
    return main_->append(
        partition, std::move(records),
        [this, number, entry](const Appended& said) { answered_by_main(number, entry, said); });
  stepper_.ring();
  if (began) tell_spooling(trouble);
  give(answers);
}

void SpooledJournal::pass(Partition partition, std::vector<Record> records,
                          journal::AppendDone done) {
  main_->append(partition, std::move(records),
                [this, partition, done = std::move(done)](const Appended& appended) {
                  note(partition, appended);
                  done(appended);
                });
}

void SpooledJournal::note(Partition partition, const Appended& appended) {
  const std::lock_guard lock(mutex_);
  for (std::optional<Duration>* since : {&away_since_, &partition_away_since_[partition]})
    if (appended.durable())
      since->reset();
    else if (!*since)
      *since = now();
}

// What is under way goes there as well, in its order: it would have to wait for main in vain, and
// what comes now must not be before it.
bool SpooledJournal::begin_spooling(Answers& answers) {
  if (!away_since_) away_since_ = now();
  if (spooling_) return false;
  spooling_ = true;
  for (const auto& [number, entry] : under_way_) enqueue(entry, answers);
  under_way_.clear();
  return true;
}

void SpooledJournal::enqueue(const Shared& entry, Answers& answers) {
  entry->spool_said = no_room_for(entry->bytes);
  if (entry->spool_said.empty()) {
    entry->asked_spool = true;
    waiting_bytes_ += entry->bytes;
    spool_bytes_ += entry->bytes;
    ++enqueued_;
    waiting_.push_back(entry);
  }
  settle(*entry, answers);
}

std::string SpooledJournal::no_room_for(std::size_t bytes) const {
  if (spool_bytes_ + bytes > options_.most_bytes)
    return "the spool has reached its limit of " + std::to_string(options_.most_bytes) +
           " bytes; it takes records again when the journal does";
  if (waiting_bytes_ + bytes > options_.most_waiting_bytes)
    return "the spool already has " + std::to_string(options_.most_waiting_bytes) +
           " bytes waiting for the disk; try again later";
  return "";
}

// The answer is no only when neither can say yes any more.
void SpooledJournal::settle(Entry& entry, Answers& answers) {
  if (entry.answered || entry.asked_main || entry.asked_spool) return;
  entry.answered = true;
  std::string why = entry.main_said;
  if (why.empty()) why = "the journal takes nothing at present";
  if (!entry.spool_said.empty()) why += "; and the spool: " + entry.spool_said;
  answers.emplace_back(
      std::move(entry.done),
      Appended{entry.maybe_stored ? Outcome::unknown : Outcome::refused, 0, std::move(why)});
}

void SpooledJournal::answered_by_main(std::uint64_t number, const Shared& entry,
                                      const Appended& appended) {
  note(entry->partition, appended);
  Answers answers;
  bool began = false;
  {
    const std::lock_guard lock(mutex_);
    if (!appended.durable() && !entry->answered) began = begin_spooling(answers);
    under_way_.erase(number);
    entry->asked_main = false;
    entry->main_said = appended.why;
    entry->maybe_stored = entry->maybe_stored || appended.outcome == Outcome::unknown;
    if (appended.durable() && !entry->answered) {
      entry->answered = true;
      answers.emplace_back(std::move(entry->done), appended);
    }
    settle(*entry, answers);
  }
  if (!appended.durable()) stepper_.ring();
  if (began) tell_spooling(appended.why);
  give(answers);
}

void SpooledJournal::answered_by_spool(const std::vector<Shared>& entries,
                                       const Appended& appended) {
  Answers answers;
  {
    const std::lock_guard lock(mutex_);
    const Entry& first = *entries.front();
    first_waiting_.answered(first.came);
    if (appended.durable()) first_waiting_.stored(first.partition, appended.last, first.came);
    for (const Shared& entry : entries) {
      waiting_bytes_ -= entry->bytes;
      entry->asked_spool = false;
      entry->spool_said = appended.why;
      entry->maybe_stored = entry->maybe_stored || appended.outcome == Outcome::unknown;
      if (appended.durable()) spooled_ += entry->records.size();
      entry->records.clear();
      if (appended.durable() && !entry->answered) {
        entry->answered = true;
        answers.emplace_back(std::move(entry->done), Appended{Outcome::durable, 0, ""});
      }
      settle(*entry, answers);
    }
  }
  stepper_.ring();
  give(answers);
}

void SpooledJournal::spool_committed() {
  std::function<void()> listener;
  {
    const std::lock_guard lock(mutex_);
    listener = spool_listener_;
  }
  stepper_.ring();
  if (listener) listener();
}

void SpooledJournal::on_spool_commit(std::function<void()> listener) {
  const std::lock_guard lock(mutex_);
  spool_listener_ = std::move(listener);
}

Duration SpooledJournal::step() {
  watch_main();
  const bool handed = hand_over();
  const Duration rest = forwarder_.step();
  if (now() - measured_at_ >= kMeasureEvery) measure();
  end_spooling();
  return handed ? Duration::zero() : rest;
}

void SpooledJournal::watch_main() {
  std::string why = main_->trouble();
  const bool healed = main_was_in_trouble_ && why.empty();
  main_was_in_trouble_ = !why.empty();
  const std::uint64_t forwarded = forwarder_.counts().forwarded;
  const bool took = forwarded != forwarded_before_;
  forwarded_before_ = forwarded;
  Answers answers;
  bool began = false;
  {
    const std::lock_guard lock(mutex_);
    if (healed || (took && why.empty())) away_since_.reset();
    if (why.empty()) partition_away_since_.assign(partition_away_since_.size(), std::nullopt);
    if (!why.empty() && !away_since_) away_since_ = now();
    const bool late =
        !under_way_.empty() && now() - under_way_.begin()->second->came >= options_.patience;
    if (late && why.empty()) why = "no answer within " + format_duration(options_.patience);
    if (!under_way_.empty() && !why.empty()) began = begin_spooling(answers);
  }
  if (began) tell_spooling(why);
  give(answers);
}

bool SpooledJournal::hand_over() {
  const auto groups = take_waiting();
  for (const std::vector<Shared>& group : groups) {
    std::vector<Record> records;
    for (const Shared& entry : group)
      std::move(entry->records.begin(), entry->records.end(), std::back_inserter(records));
    spool_->append(group.front()->partition, std::move(records),
                   [this, group](const Appended& said) { answered_by_spool(group, said); });
  }
  return !groups.empty();
}

// What waits, in the order of each partition, as few appends as the limits allow: a storm costs a
// few commits.
std::vector<std::vector<SpooledJournal::Shared>> SpooledJournal::take_waiting() {
  struct Open {
    std::size_t group = 0;
    std::size_t bytes = 0;
    std::size_t records = 0;
  };
  std::vector<std::vector<Shared>> groups;
  std::map<Partition, Open> open;
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return groups;
  for (const Shared& entry : waiting_) {
    const auto [at, fresh] = open.try_emplace(entry->partition);
    Open& to = at->second;
    to.bytes += entry->bytes;
    to.records += entry->records.size();
    if (fresh || to.bytes > kMostHandedBytes || to.records > kMostHandedRecords) {
      to = {groups.size(), entry->bytes, entry->records.size()};
      groups.emplace_back();
    }
    groups[to.group].push_back(entry);
  }
  waiting_.clear();
  for (const auto& group : groups) first_waiting_.handed(group.front()->came);
  return groups;
}

void SpooledJournal::measure() {
  const std::uint64_t bytes = disk_->bytes();
  measured_at_ = now();
  const std::lock_guard lock(mutex_);
  spool_bytes_ = bytes + waiting_bytes_;
}

// What the spool was given between the two looks would be overtaken: hence the count.
void SpooledJournal::end_spooling() {
  const Cursor forwarded = forwarder_.forwarded();
  std::uint64_t enqueued = 0;
  {
    const std::lock_guard lock(mutex_);
    first_waiting_.forget(forwarded);
    if (!spooling_ || !waiting_.empty() || first_waiting_.handed_count() > 0) return;
    enqueued = enqueued_;
  }
  if (!forwarder_.drained() || !main_->trouble().empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty() || first_waiting_.handed_count() > 0 || enqueued != enqueued_) return;
    spooling_ = false;
  }
  tell("the journal has everything that was spooled; alerts and results go to it again");
}

std::string SpooledJournal::spool_trouble() const {
  if (std::string why = spool_->trouble(); !why.empty()) return why;
  if (std::string why = forwarder_.trouble(); !why.empty()) return why;
  const std::lock_guard lock(mutex_);
  return no_room_for(1);
}

std::string SpooledJournal::trouble() const {
  const std::string main = main_->trouble();
  if (main.empty() && !is_spooling()) return "";
  const std::string spool = spool_trouble();
  if (spool.empty()) return "";
  return main + (main.empty() ? "" : "; and ") + "the spool: " + spool;
}

bool SpooledJournal::is_spooling() const {
  const std::lock_guard lock(mutex_);
  return spooling_;
}

std::optional<Duration> SpooledJournal::away_since() const {
  std::optional<Duration> longest = forwarder_.failing_since();
  const auto add = [&longest](const std::optional<Duration>& since) {
    if (since) longest = std::min(longest.value_or(*since), *since);
  };
  const std::lock_guard lock(mutex_);
  add(away_since_);
  for (const std::optional<Duration>& since : partition_away_since_) add(since);
  return longest;
}

std::optional<Duration> SpooledJournal::spooling_since() const {
  const Cursor forwarded = forwarder_.forwarded();
  const std::lock_guard lock(mutex_);
  std::optional<Duration> since = first_waiting_.since(forwarded);
  if (!waiting_.empty())
    since = std::min(since.value_or(waiting_.front()->came), waiting_.front()->came);
  return since;
}

SpooledJournal::Counts SpooledJournal::counts() const {
  const Forwarder::Counts forwarding = forwarder_.counts();
  const std::lock_guard lock(mutex_);
  return {spooled_, forwarding, spool_bytes_};
}

}  // namespace tocsin::spool
