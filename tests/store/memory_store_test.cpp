// The store in memory: how a test breaks it.
#include "connectors/stores/memory_store.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {

TEST_CASE("a memory store that is broken is unavailable until it is mended") {
  MemoryStore store;
  const std::vector<History> incidents{incident("7c1m", 1)};
  REQUIRE(store.save(incidents, {}));
  store.break_down("the disk is gone");
  CHECK(store.history({}).error().kind == ErrorKind::unavailable);
  CHECK(store.save({}, {}).error().message == "the disk is gone");
  store.mend();
  CHECK(store.history({})->incidents.size() == 1);
  CHECK(store.saves() == 1);
}

}  // namespace tocsin::store::testing
