// A SQLite store whose file or disk is broken: it says so, loses nothing that the journal cannot
// give back, and never shows what was not saved.
#include "tests/journal/fault_vfs.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

using journal::testing::FaultVfs;

struct Saved {
  std::vector<History> incidents;
  std::vector<Snapshot> snapshots;
};

Saved some() {
  Saved saved;
  for (int i = 0; i < 20; ++i) {
    saved.incidents.push_back(incident("n" + std::to_string(10 + i), i, i % 2 ? "cdp" : "other"));
    saved.incidents.back().body = std::string(300, static_cast<char>('a' + i));
  }
  for (Partition partition = 0; partition < 4; ++partition)
    saved.snapshots.push_back({partition, partition + 10U, std::string(9'000, 's')});
  return saved;
}

std::filesystem::path beside(const SqliteStoreOptions& options, const char* tail) {
  return options.path.string() + tail;
}

template <class Value>
bool has(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

TEST_CASE("a file that is no database is set aside with a word and a new one is made") {
  const TempDirectory directory;
  SqliteStoreOptions options = options_in(directory);
  std::vector<std::string> told;
  options.tell = [&](const std::string& words) { told.push_back(words); };
  const std::string garbage(5000, 'g');
  write_file(options.path, garbage);
  write_file(beside(options, "-wal"), "theirs");
  const auto store = open(options);
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("rebuilt from the journal") != std::string::npos);
  CHECK(told[0].find("store.db.damaged") != std::string::npos);
  CHECK(file_bytes(beside(options, ".damaged")) == garbage);
  CHECK(store->history({})->incidents.empty());
  CHECK(store->save(some().incidents, some().snapshots));
  CHECK(store->history({})->incidents.size() == 20);
}

TEST_CASE("a file that was cut off is set aside or still tells the truth") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  const Saved saved = some();
  REQUIRE(open(options)->save(saved.incidents, saved.snapshots));
  const std::string whole = file_bytes(options.path);
  for (std::size_t kept = 0; kept < whole.size(); kept += 3 * 4096 + 77) {
    INFO(kept);
    write_file(options.path, whole.substr(0, kept));
    const auto store = open(options);
    CHECK(store->history({})->incidents.empty());
    CHECK(store->snapshots()->empty());
    CHECK(store->save(saved.incidents, saved.snapshots));
    CHECK(store->history({})->incidents.size() == 20);
  }
}

TEST_CASE("whatever byte is damaged nothing false is shown and the store can be used again") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  const Saved saved = some();
  REQUIRE(open(options)->save(saved.incidents, saved.snapshots));
  const std::string whole = file_bytes(options.path);
  std::size_t damage_found = 0;
  for (std::size_t at = 3; at < whole.size(); at += 1013) {
    INFO(at);
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write_file(options.path, damaged);
    auto store = open_sqlite_store(options);
    if (!store) {
      CHECK(store.error().kind ==
            ErrorKind::invalid);  // the header says another program or version
      continue;
    }
    const auto snapshots = (*store)->snapshots();
    const auto page = (*store)->history({});
    const auto found = (*store)->find_incident("n15");
    if (snapshots)
      for (const Snapshot& each : *snapshots) REQUIRE(has(saved.snapshots, each));
    if (page)
      for (const History& each : page->incidents) REQUIRE(has(saved.incidents, each));
    if (found && *found) REQUIRE(has(saved.incidents, **found));
    const bool whole_answer =
        snapshots && page && snapshots->size() == 4 && page->incidents.size() == 20;
    damage_found += whole_answer ? 0 : 1;
    store = unavailable("closed");
    store = open_sqlite_store(options);
    REQUIRE(store);
    const Status again = (*store)->save(saved.incidents, saved.snapshots);
    if (!again) CHECK(again.error().kind == ErrorKind::corrupt);
  }
  CHECK(damage_found > 10);
}

TEST_CASE("a snapshot with a flipped bit counts as absent and the log hears of it once") {
  const TempDirectory directory;
  SqliteStoreOptions options = options_in(directory);
  std::vector<std::string> told;
  options.tell = [&](const std::string& words) { told.push_back(words); };
  const std::vector<Snapshot> snapshots{{0, 5, std::string(600, 'a')},
                                        {1, 6, std::string(600, 'b')}};
  History hurt = incident("7c1m", 1);
  hurt.body = std::string(600, 'c');
  const std::vector<History> incidents{hurt, incident("8d2n", 0)};
  REQUIRE(open(options)->save(incidents, snapshots));
  std::string bytes = file_bytes(options.path);
  bytes[bytes.find(std::string(600, 'a')) + 300] = 'b';
  bytes[bytes.find(std::string(600, 'c')) + 300] = 'b';
  write_file(options.path, bytes);
  const auto store = open(options);
  for (int i = 0; i < 3; ++i) {
    CHECK(*store->snapshots() == std::vector<Snapshot>{snapshots[1]});
    CHECK(ids(store->history({})->incidents) == std::vector<std::string>{"8d2n"});
    CHECK_FALSE(store->find_incident("7c1m")->has_value());
  }
  REQUIRE(told.size() == 2);
  CHECK(told[0].find("partition 0") != std::string::npos);
  const std::vector<History> again{hurt};
  REQUIRE(store->save(again, {}));
  CHECK(store->find_incident("7c1m")->value() == hurt);
}

TEST_CASE("damage found while the store is in use is set aside at the next start") {
  const TempDirectory directory;
  SqliteStoreOptions options = options_in(directory);
  std::vector<std::string> told;
  options.tell = [&](const std::string& words) { told.push_back(words); };
  const Saved saved = some();
  REQUIRE(open(options)->save(saved.incidents, saved.snapshots));
  auto store = open(options);
  std::string bytes = file_bytes(options.path);
  for (std::size_t at = 4096; at < bytes.size(); at += 4096) bytes[at] = '\xee';  // every b-tree
  write_file(options.path, bytes);
  const auto page = store->history({});
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::corrupt);
  CHECK(page.error().message.find("restart tocsin") != std::string::npos);
  CHECK(std::filesystem::exists(beside(options, ".suspect")));
  store.reset();
  store = open(options);
  REQUIRE(told.size() == 1);
  CHECK(std::filesystem::exists(beside(options, ".damaged")));
  CHECK_FALSE(std::filesystem::exists(beside(options, ".suspect")));
  CHECK(store->save(saved.incidents, saved.snapshots));
}

TEST_CASE("on a full disk a save is unavailable and undone and works when there is room") {
  const TempDirectory directory;
  FaultVfs faults;
  SqliteStoreOptions options = options_in(directory);
  options.vfs = faults.name();
  const auto store = open(options);
  const Saved saved = some();
  REQUIRE(store->save(std::span(saved.incidents).first(2), {}));
  faults.fill_disk(true);
  for (int i = 0; i < 3; ++i) {
    const Status full = store->save(saved.incidents, saved.snapshots);
    REQUIRE_FALSE(full);
    CHECK(full.error().kind == ErrorKind::unavailable);
    CHECK(full.error().message.find("make room") != std::string::npos);
    CHECK(store->history({})->incidents.size() == 2);
    CHECK(store->snapshots()->empty());
  }
  faults.fill_disk(false);
  REQUIRE(store->save(saved.incidents, saved.snapshots));
  CHECK(store->history({})->incidents.size() == 20);
  CHECK(store->snapshots()->size() == 4);
}

TEST_CASE("what a power cut leaves is whole though it may be older") {
  const TempDirectory directory;
  const TempDirectory after;
  FaultVfs faults;
  SqliteStoreOptions options = options_in(directory);
  options.vfs = faults.name();
  options.most_wal_bytes = 60'000;
  auto store = open(options);
  Position saved = 0;
  for (Position i = 1; i <= 40; ++i) {
    const std::vector<Snapshot> both{{0, i, std::string(9'000, 'a')}, {1, i, std::string(50, 'b')}};
    REQUIRE(store->save({}, both));
    saved = i;
  }
  faults.cut_power();
  store.reset();
  faults.leave_in(after.path());
  options.path = after / "store.db";
  // The faults do not see that a file goes away; the opening made that durable.
  std::filesystem::remove(beside(options, "-journal"));
  store = open(options);
  const auto found = store->snapshots();
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].position == (*found)[1].position);
  CHECK((*found)[0].position <= saved);
}

}  // namespace tocsin::store::testing
