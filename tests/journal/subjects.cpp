// The journals of one machine, for the contract suite.
#include "connectors/journals/memory_journal.hpp"
#include "tests/journal/subject.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

struct Surroundings {
  TempDirectory directory;
  FixedClock clock;
};

Subject make_memory() {
  return {"memory", {}, std::make_unique<MemoryJournal>(Partition{4}, "memory-1")};
}

Subject make_sqlite(SqliteOptions options, std::string name) {
  const auto surroundings = std::make_shared<Surroundings>();
  options.directory = surroundings->directory / "journal";
  return {std::move(name), surroundings, open(options, surroundings->clock)};
}

// Small limits make the same cases walk through files, checkpoints and segments.
SqliteOptions small_options() {
  SqliteOptions options = options_in({});
  options.segment_bytes = 64 << 10;
  options.recent_bytes = 2000;
  options.most_wal_bytes = 64 << 10;
  return options;
}

}  // namespace

Subject each_journal() {
  using Maker = std::function<Subject()>;
  const Maker maker =
      GENERATE(Maker(make_memory), Maker([] { return make_sqlite(options_in({}), "sqlite"); }),
               Maker([] { return make_sqlite(small_options(), "sqlite with small limits"); }));
  return maker();
}

}  // namespace tocsin::journal::testing
