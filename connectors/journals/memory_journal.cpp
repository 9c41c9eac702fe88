#include "connectors/journals/memory_journal.hpp"

#include <algorithm>

namespace tocsin::journal {

MemoryJournal::MemoryJournal(Partition partitions, Identity identity, std::size_t segment_records)
    : partitions_(partitions), identity_(std::move(identity)), segment_records_(segment_records) {
  TOCSIN_CHECK(segment_records > 0, "a segment has at least one record");
  TOCSIN_CHECK(partitions > 0, "a journal has at least one partition");
}

MemoryJournal::~MemoryJournal() { release(); }

void MemoryJournal::append(Partition partition, std::vector<Record> records, AppendDone done) {
  TOCSIN_CHECK(partition < partitions_, "partitions are computed modulo their count");
  Pending pending{partition, {}, std::move(done)};
  for (const Record& record : records)
    pending.records.push_back({partition, record.accepted_at, encode(record)});
  {
    const std::lock_guard lock(mutex_);
    if (holding_) {
      held_.push_back(std::move(pending));
      return;
    }
  }
  commit(std::move(pending));
}

// `done` and the listener are called without the lock: they may look at the journal.
void MemoryJournal::commit(Pending pending) {
  Appended appended;
  std::function<void()> listener;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t before = stored_.size();
    appended = store(pending);
    if (stored_.size() != before) listener = listener_;
  }
  pending.done(appended);
  if (listener) listener();
}

Appended MemoryJournal::store(Pending& pending) {
  using Outcome = Appended::Outcome;
  Failure next{Outcome::durable, Kept::yes};
  if (!broken_.empty()) {
    next = {Outcome::refused, Kept::no};
  } else if (!failures_.empty()) {
    next = failures_.front();
    failures_.pop_front();
  }
  if (next.kept == Kept::yes)
    std::move(pending.records.begin(), pending.records.end(), std::back_inserter(stored_));
  if (next.outcome == Outcome::durable) {
    trouble_.clear();
    return {Outcome::durable, last(), ""};
  }
  trouble_ = broken_.empty() ? "the test made an append fail" : broken_;
  return {next.outcome, 0, trouble_};
}

Result<Batch> MemoryJournal::read(Cursor& cursor, std::size_t most) {
  const std::lock_guard lock(mutex_);
  if (!broken_.empty()) return unavailable(broken_);
  cursor.resize(partitions_);
  Position at = std::max(*std::min_element(cursor.begin(), cursor.end()), dropped_);
  Batch batch;
  for (; at < last() && batch.entries.size() < most; ++at) {
    const Stored& stored = stored_[at - dropped_];
    if (at + 1 <= cursor[stored.partition]) continue;
    std::string_view bytes = stored.bytes;
    Result<Record> record = decode_record(bytes);
    if (record)
      batch.entries.push_back({stored.partition, at + 1, std::move(*record)});
    else
      batch.damaged.push_back(
          {"memory, position " + std::to_string(at + 1), record.error().message});
  }
  for (Position& each : cursor) each = std::max(each, at);
  return batch;
}

Position MemoryJournal::tail(Partition) const {
  const std::lock_guard lock(mutex_);
  return last();
}

void MemoryJournal::on_commit(std::function<void()> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

std::string MemoryJournal::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

Position MemoryJournal::first(Partition) const {
  const std::lock_guard lock(mutex_);
  return dropped_ + 1;
}

// As on a disk, a segment is finished only when something came after it.
Position MemoryJournal::droppable(Partition, WallTime before) const {
  const std::lock_guard lock(mutex_);
  Position through = 0;
  for (std::size_t i = 0; i < stored_.size() && stored_[i].accepted_at < before; ++i)
    if ((i + 1) % segment_records_ == 0 && i + 1 < stored_.size()) through = dropped_ + i + 1;
  return through;
}

Status MemoryJournal::drop(const Cursor& through) {
  const std::lock_guard lock(mutex_);
  if (!broken_.empty()) return unavailable(broken_);
  const Position wanted = through.empty() ? 0 : *std::min_element(through.begin(), through.end());
  while (stored_.size() > segment_records_ && dropped_ + segment_records_ <= wanted) {
    stored_.erase(stored_.begin(), stored_.begin() + static_cast<std::ptrdiff_t>(segment_records_));
    dropped_ += segment_records_;
  }
  return ok();
}

void MemoryJournal::fail_next(Appended::Outcome outcome, Kept kept) {
  TOCSIN_CHECK(outcome != Appended::Outcome::refused || kept == Kept::no,
               "refused means not stored");
  const std::lock_guard lock(mutex_);
  failures_.push_back({outcome, outcome == Appended::Outcome::durable ? Kept::yes : kept});
}

void MemoryJournal::break_down(std::string why) {
  const std::lock_guard lock(mutex_);
  broken_ = std::move(why);
  trouble_ = broken_;
}

void MemoryJournal::mend() {
  const std::lock_guard lock(mutex_);
  broken_.clear();
  trouble_.clear();
}

void MemoryJournal::hold() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void MemoryJournal::release() {
  std::deque<Pending> held;
  {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    held.swap(held_);
  }
  for (Pending& pending : held) commit(std::move(pending));
}

void MemoryJournal::spoil(Position position) {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(position > dropped_ && position <= last(), "only what is stored can be spoiled");
  std::string& bytes = stored_[position - 1 - dropped_].bytes;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
}

}  // namespace tocsin::journal
