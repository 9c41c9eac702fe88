// The journals of this room, for the contract suite.
#include "router/spool/late_journal.hpp"
#include "router/spool/spooled_journal.hpp"
#include "tests/journal/subject.hpp"
#include "tests/journal/tools.hpp"
#include "tests/spool/lent_journal.hpp"

namespace tocsin::journal::testing {
namespace {

struct Surroundings {
  TempDirectory directory;
  SystemClock clock;
};

std::unique_ptr<Journal> memory(Identity identity) {
  return std::make_unique<MemoryJournal>(Partition{4}, std::move(identity));
}

std::unique_ptr<Journal> sqlite(const Surroundings& at, const char* name) {
  return open(options_in(at.directory / name), at.clock);
}

std::unique_ptr<Journal> late(const Clock& clock) {
  spool::LateOptions options;
  options.partitions = 4;
  options.own_thread = false;
  auto made = std::make_unique<spool::LateJournal>(
      options, [] { return Result<std::unique_ptr<Journal>>(memory("main")); }, clock);
  made->step();
  return made;
}

std::unique_ptr<Journal> spooled(const Surroundings& at, std::unique_ptr<Journal> main,
                                 std::unique_ptr<Journal> spool) {
  return std::make_unique<spool::SpooledJournal>(
      spool::SpoolOptions(), std::move(main), std::move(spool),
      std::make_unique<spool::SpoolFiles>(at.directory / "progress", at.directory / "spool"),
      at.clock);
}

}  // namespace

Subject each_journal() {
  const auto at = std::make_shared<Surroundings>();
  switch (GENERATE(0, 1, 2)) {
    case 0:
      return {"late, over memory", at, late(at->clock)};
    case 1:
      return {"spooled, over memory", at, spooled(*at, memory("main"), memory("spool"))};
    default:
      return {"spooled, over sqlite", at, spooled(*at, sqlite(*at, "main"), sqlite(*at, "spool"))};
  }
}

}  // namespace tocsin::journal::testing
