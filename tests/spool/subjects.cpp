// The journals of this room, for the contract suite.
#include "tests/journal/subject.hpp"

#include "router/spool/late_journal.hpp"
#include "tests/catch.hpp"
#include "tests/spool/lent_journal.hpp"

namespace tocsin::journal::testing {
namespace {

std::unique_ptr<Journal> memory(Identity identity) {
  return std::make_unique<MemoryJournal>(Partition{4}, std::move(identity));
}

std::unique_ptr<spool::LateJournal> late(const Clock& clock) {
  spool::LateOptions options;
  options.partitions = 4;
  options.own_thread = false;
  auto made = std::make_unique<spool::LateJournal>(
      options, [] { return Result<std::unique_ptr<Journal>>(memory("main")); }, clock);
  made->step();
  return made;
}

}  // namespace

Subject each_journal() {
  const auto clock = std::make_shared<spool::testing::MovedClock>();
  return {"late, over memory", clock, late(*clock)};
}

}  // namespace tocsin::journal::testing
