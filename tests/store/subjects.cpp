// The stores of one machine, for the contract suite.
#include "connectors/stores/memory_store.hpp"
#include "tests/store/subject.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

Subject make_memory() {
  auto store = std::make_unique<MemoryStore>();
  MemoryStore* const memory = store.get();
  return {"memory", {}, std::move(store), [memory] { memory->empty(); }};
}

Subject make_sqlite() {
  const auto directory = std::make_shared<TempDirectory>();
  auto store = open(options_in(*directory));
  return {"sqlite", directory, std::move(store), [directory] {
            for (const char* tail : {"", "-wal", "-shm"})
              std::filesystem::remove((*directory / "store.db").string() + tail);
          }};
}

}  // namespace

Subject each_store() { return GENERATE(true, false) ? make_memory() : make_sqlite(); }

}  // namespace tocsin::store::testing
