#include "router/spool/late_journal.hpp"

#include <algorithm>

namespace tocsin::spool {
namespace {

using journal::Appended;
using journal::Batch;
using journal::Cursor;

/// An open journal is looked at so often; a retirement rings.
constexpr Duration kOpenRest = std::chrono::seconds(1);
/// Until the last user of a retired journal has left it: a read waits for its broker for a second.
constexpr Duration kLeavingRest = std::chrono::milliseconds(20);

}  // namespace

LateJournal::LateJournal(LateOptions options, Opener opener, const Clock& clock)
    : options_(std::move(options)),
      opener_(std::move(opener)),
      clock_(clock),
      stepper_([this] { return step(); }) {
  TOCSIN_CHECK(options_.partitions > 0, "a journal has at least one partition");
  if (options_.own_thread) stepper_.start();
}

// While everything is still there: closing answers appends, and may tell the listener.
LateJournal::~LateJournal() {
  stepper_.stop();
  retired_.reset();
  journal_.reset();
}

bool LateJournal::is_open() const { return opened() != nullptr; }

LateJournal::Opened LateJournal::opened() const {
  const std::lock_guard lock(mutex_);
  return journal_;
}

std::string LateJournal::closed_because() const {
  const std::lock_guard lock(mutex_);
  return "the journal is not open: " + why_;
}

void LateJournal::tell(const std::string& line) const {
  if (options_.tell) options_.tell(line);
}

Duration LateJournal::step() {
  const Duration now = clock_.now().elapsed;
  if (is_open() && !look()) return kOpenRest;
  {
    const std::lock_guard lock(mutex_);
    if (now < try_at_) return try_at_ - now;
  }
  if (!let_go()) return kLeavingRest;
  const Status opened = open();
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    try_at_ = clock_.now().elapsed + options_.retry_every;
    if (!opened) {
      news = why_ != opened.error().message;
      why_ = opened.error().message;
    }
  }
  if (news) tell("the journal cannot be opened: " + opened.error().message);
  if (!opened) return options_.retry_every;
  tell("the journal is open");
  committed();  // readers that sleep have something to read
  return kOpenRest;
}

// While it takes nothing, readers may have left it alone: a node that decides by itself reads its
// spool. At its end a read waits for nobody. Whether it is another one.
bool LateJournal::look() {
  Opened journal;
  Position opening = 0;
  {
    const std::lock_guard lock(mutex_);
    journal = journal_;
    opening = opening_;
  }
  if (!journal || journal->trouble().empty()) return !journal;
  Cursor end;
  for (Partition p = 0; p < options_.partitions; ++p) end.push_back(journal->tail(p));
  const Result<Batch> batch = journal->read(end, 1);
  if (batch || batch.error().kind != ErrorKind::not_found) return false;
  retire(opening, batch.error().message);
  return true;
}

// Closing waits for appends, and answers them: that is this thread's work, not a reader's.
bool LateJournal::let_go() {
  Opened closing;
  {
    const std::lock_guard lock(mutex_);
    if (retired_.use_count() > 1) return false;
    closing.swap(retired_);
  }
  return true;
}

Status LateJournal::open() {
  TOCSIN_TRY(std::unique_ptr<journal::Journal> made, opener_());
  if (made->partitions() != options_.partitions)
    return invalid("it has " + std::to_string(made->partitions()) +
                   " partitions and the settings say " + std::to_string(options_.partitions) +
                   "; the number of a journal never changes: correct the settings");
  made->on_commit([this] { committed(); });
  const std::lock_guard lock(mutex_);
  journal_ = std::move(made);
  ++opening_;
  return ok();
}

void LateJournal::committed() const {
  std::function<void()> listener;
  {
    const std::lock_guard lock(mutex_);
    listener = listener_;
  }
  if (listener) listener();
}

// Any number of readers may find out; the first of them retires it.
void LateJournal::retire(Position opening, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (!journal_ || opening != opening_) return;
    retired_ = std::move(journal_);
    journal_ = nullptr;
    why_ = "it is being opened anew: " + why;
  }
  tell("the journal is opened anew: " + why);
  stepper_.ring();
}

void LateJournal::append(Partition partition, std::vector<Record> records,
                         journal::AppendDone done) {
  TOCSIN_CHECK(partition < options_.partitions, "partitions are computed modulo their count");
  const Opened journal = opened();
  if (!journal) return done({Appended::Outcome::refused, 0, closed_because()});
  journal->append(partition, std::move(records), std::move(done));
}

Result<Batch> LateJournal::read(Cursor& cursor, std::size_t most) {
  Opened journal;
  Position opening = 0;
  {
    const std::lock_guard lock(mutex_);
    journal = journal_;
    opening = opening_;
  }
  if (!journal) return unavailable(closed_because());
  const bool marked = cursor.size() > options_.partitions;
  const Position belongs_to = marked ? cursor[options_.partitions] : opening;
  cursor.resize(options_.partitions);
  if (belongs_to != opening)
    return not_found("the journal was opened anew; fold it anew from its beginning");
  Result<Batch> batch = journal->read(cursor, most);
  cursor.push_back(opening);
  if (batch || batch.error().kind != ErrorKind::not_found) return batch;
  const std::string why = batch.error().message;
  retire(opening, why);
  return unavailable("the journal is being opened anew: " + why);
}

Position LateJournal::tail(Partition partition) const {
  const Opened journal = opened();
  return journal ? journal->tail(partition) : 0;
}

std::uint64_t LateJournal::behind(const Cursor& cursor) const {
  const Opened journal = opened();
  return journal ? journal->behind(cursor) : 0;
}

journal::Identity LateJournal::identity() const {
  const Opened journal = opened();
  return journal ? journal->identity() : journal::Identity();
}

Position LateJournal::first(Partition partition) const {
  const Opened journal = opened();
  return journal ? journal->first(partition) : 1;
}

Position LateJournal::droppable(Partition partition, WallTime before) const {
  const Opened journal = opened();
  return journal ? journal->droppable(partition, before) : 0;
}

Status LateJournal::drop(const Cursor& through) {
  const Opened journal = opened();
  if (!journal) return unavailable(closed_because());
  Cursor plain = through;
  if (plain.size() > options_.partitions) plain.resize(options_.partitions);
  return journal->drop(plain);
}

void LateJournal::on_commit(std::function<void()> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

std::string LateJournal::trouble() const {
  const Opened journal = opened();
  return journal ? journal->trouble() : closed_because();
}

}  // namespace tocsin::spool
