// The island's journal, for the contract suite.
#include "connectors/journals/memory_journal.hpp"
#include "router/island/island_journal.hpp"
#include "tests/journal/subject.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

struct Surroundings {
  TempDirectory directory;
  SystemClock clock;
};

/// With the spool that it stands over, whose commits are what is to be heard.
class WithSpool final : public Journal {
 public:
  WithSpool(std::unique_ptr<Journal> spool, Position base)
      : spool_(std::move(spool)),
        island_(*spool_, Cursor(4), std::vector<Position>{base, 2 * base, 0, base}) {}
  Partition partitions() const override { return island_.partitions(); }
  void append(Partition partition, std::vector<Record> records, AppendDone done) override {
    island_.append(partition, std::move(records), std::move(done));
  }
  Result<Batch> read(Cursor& cursor, std::size_t most) override {
    return island_.read(cursor, most);
  }
  Position tail(Partition partition) const override { return island_.tail(partition); }
  std::uint64_t behind(const Cursor& cursor) const override { return island_.behind(cursor); }
  Identity identity() const override { return island_.identity(); }
  Position first(Partition partition) const override { return island_.first(partition); }
  Position droppable(Partition partition, WallTime before) const override {
    return island_.droppable(partition, before);
  }
  Status drop(const Cursor& through) override { return island_.drop(through); }
  void on_commit(std::function<void()> listener) override {
    spool_->on_commit(std::move(listener));
  }
  std::string trouble() const override { return island_.trouble(); }

 private:
  const std::unique_ptr<Journal> spool_;
  island::IslandJournal island_;
};

}  // namespace

Subject each_journal() {
  const auto at = std::make_shared<Surroundings>();
  const Position base = GENERATE(0u, 100u);
  const std::string after = ", after " + std::to_string(base);
  if (GENERATE(false, true))
    return {
        "island over sqlite" + after, at,
        std::make_unique<WithSpool>(open(options_in(at->directory / "spool"), at->clock), base)};
  return {
      "island over memory" + after, at,
      std::make_unique<WithSpool>(std::make_unique<MemoryJournal>(Partition{4}, "spool"), base)};
}

}  // namespace tocsin::journal::testing
