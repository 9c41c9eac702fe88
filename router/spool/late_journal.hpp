// A journal that may not be there yet: opened in the background, again and again until it can be,
// and anew when it says that it is another one than before. So a node starts, takes alerts into its
// spool and pages, whatever its brokers do.
//
// Until it is open: append is `refused`, read and drop are `unavailable`, tail() is 0, first() is
// 1, identity() is empty, and trouble() says why. Once it is open everything is the inner
// journal's.
//
// When a read of the inner journal is `not_found` (it is not the log that the cursor belongs to),
// that journal is closed and opened anew; while it is in trouble this looks by itself, once a
// second, so that nobody has to read for that. Then each reader's next read answers `not_found`
// once, to which the answer is: compare identity(), begin at first(p) - 1 of every partition, fold
// anew. For that, a cursor that this journal moved has one more element, which names the opening; a
// copy keeps it, and a cursor without it belongs to whatever is open when it is first used.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "router/core/clock.hpp"
#include "router/journal/journal.hpp"
#include "router/spool/stepper.hpp"

namespace tocsin::spool {

struct LateOptions {
  /// As the opened journal must have them.
  Partition partitions = 16;
  /// Between two attempts to open it.
  Duration retry_every = std::chrono::seconds(1);
  /// False: nothing is opened but by step(), for tests.
  bool own_thread = true;
  /// A line for the log; any thread may call.
  std::function<void(const std::string&)> tell;
};

class LateJournal final : public journal::Journal {
 public:
  using Opener = std::function<Result<std::unique_ptr<journal::Journal>>()>;

  /// The opener is called by one thread at a time, and may take long.
  LateJournal(LateOptions options, Opener opener, const Clock& clock);
  /// Waits for an opening under way, then as the inner journal's does.
  ~LateJournal() override;

  bool is_open() const;
  /// Opens it, or looks whether it is another one, if that is due. Returns how long the next step
  /// may wait.
  Duration step();

  Partition partitions() const override { return options_.partitions; }
  void append(Partition partition, std::vector<Record> records, journal::AppendDone done) override;
  Result<journal::Batch> read(journal::Cursor& cursor, std::size_t most) override;
  Position tail(Partition partition) const override;
  std::uint64_t behind(const journal::Cursor& cursor) const override;
  journal::Identity identity() const override;
  Position first(Partition partition) const override;
  Position droppable(Partition partition, WallTime before) const override;
  Status drop(const journal::Cursor& through) override;
  /// Called too when it was opened.
  void on_commit(std::function<void()> listener) override;
  std::string trouble() const override;

 private:
  using Opened = std::shared_ptr<journal::Journal>;

  Opened opened() const;
  std::string closed_because() const;
  bool look();
  /// False if users of the one before are still in it.
  bool let_go();
  Status open();
  void retire(Position opening, const std::string& why);
  void committed() const;
  void tell(const std::string& line) const;

  const LateOptions options_;
  const Opener opener_;
  const Clock& clock_;

  mutable std::mutex mutex_;  // of those below; never held while anything else is called
  Opened journal_;            // empty: not open
  Opened retired_;            // kept until nobody is in it, so that no user of it has to close it
  Position opening_ = 0;      // counted from 1; what a cursor carries
  std::string why_ = "it is being opened";
  Duration try_at_{};
  std::function<void()> listener_;

  Stepper stepper_;  // last: its thread uses everything above
};

}  // namespace tocsin::spool
