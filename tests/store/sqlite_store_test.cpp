// The SQLite store's file: what a later start finds in it, whose it is, and who may use it.
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connectors/stores/listing_query.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

/// Another program's connection to the file.
class Outsider {
 public:
  explicit Outsider(const std::filesystem::path& path) {
    REQUIRE(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
  }
  Outsider(const Outsider&) = delete;
  Outsider& operator=(const Outsider&) = delete;
  ~Outsider() { sqlite3_close(database_); }

  void run(const std::string& sql) {
    CHECK(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  /// The last column of every row.
  std::vector<std::string> rows(const std::string& sql) {
    std::vector<std::string> found;
    const auto take = [](void* to, int columns, char** values, char**) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(values[columns - 1]);
      return 0;
    };
    CHECK(sqlite3_exec(database_, sql.c_str(), take, &found, nullptr) == SQLITE_OK);
    return found;
  }

 private:
  sqlite3* database_ = nullptr;
};

SqliteStoreOptions telling(SqliteStoreOptions options, std::vector<std::string>& told) {
  options.tell = [&told](const std::string& words) { told.push_back(words); };
  return options;
}

void save_something(Store& store) {
  const std::vector<History> incidents{incident("7c1m", 1), incident("8d2n", 2)};
  const std::vector<Snapshot> snapshots{{0, 5, "state 0"}, {1, 6, "state 1"}};
  REQUIRE(store.save(incidents, snapshots));
  REQUIRE(store.keep_configuration("config-1", "teams: all"));
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("a later start finds all that was saved and says nothing") {
  const TempDirectory directory;
  std::vector<std::string> told;
  const SqliteStoreOptions options = telling(options_in(directory), told);
  save_something(*open(options));
  for (int start = 0; start < 2; ++start) {
    const auto store = open(options);
    CHECK(store->snapshots()->size() == 2);
    CHECK(store->history({})->incidents.size() == 2);
    CHECK(store->configuration("config-1")->value() == "teams: all");
  }
  CHECK(told.empty());
}

TEST_CASE("the states of another journal are discarded with a word and its history is kept") {
  const TempDirectory directory;
  std::vector<std::string> told;
  SqliteStoreOptions options = telling(options_in(directory), told);
  save_something(*open(options));
  options.identity = "journal-2";
  auto store = open(options);
  CHECK(store->snapshots()->empty());
  CHECK(store->history({})->incidents.size() == 2);
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("another journal") != std::string::npos);
  const std::vector<Snapshot> snapshots{{0, 2, "new"}};
  REQUIRE(store->save({}, snapshots));
  store.reset();
  CHECK(open(options)->snapshots()->size() == 1);
  CHECK(told.size() == 1);
}

TEST_CASE("the file is for its owner only whoever made it") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  const mode_t before = ::umask(0);
  auto store = open(options);
  ::umask(before);
  save_something(*store);
  for (const char* tail : {"", "-wal", "-shm", ".lock"}) {
    INFO(tail);
    CHECK(mode_of(options.path.string() + tail) == 0600);
  }
  store.reset();
  REQUIRE(::chmod(options.path.c_str(), 0644) == 0);
  open(options).reset();
  CHECK(mode_of(options.path) == 0600);
}

TEST_CASE("a store of a newer tocsin is refused with what to do and left as it is") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  save_something(*open(options));
  Outsider(options.path).run("PRAGMA user_version = 3");
  const auto store = open_sqlite_store(options);
  REQUIRE_FALSE(store);
  CHECK(store.error().kind == ErrorKind::invalid);
  CHECK(store.error().message.find("newer tocsin") != std::string::npos);
  CHECK(store.error().message.find("delete it: it is rebuilt from the journal") !=
        std::string::npos);
  CHECK(Outsider(options.path).rows("SELECT count(*) FROM incidents") ==
        std::vector<std::string>{"2"});
}

TEST_CASE("a store of the version before is used as it is") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  save_something(*open(options));
  Outsider(options.path).run("ALTER TABLE incidents DROP COLUMN position; PRAGMA user_version = 1");
  const auto store = open(options);
  CHECK(store->history({})->incidents.size() == 2);
  History newer = incident("7c1m", 1);
  newer.position = 7;
  newer.team = "platform";
  REQUIRE(store->save({&newer, 1}, {}));
  CHECK(store->find_incident("7c1m")->value().team == "platform");
}

TEST_CASE("another program's database is refused and left as it is") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  Outsider(options.path).run("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
  const auto store = open_sqlite_store(options);
  REQUIRE_FALSE(store);
  CHECK(store.error().kind == ErrorKind::invalid);
  CHECK(Outsider(options.path).rows("SELECT x FROM theirs") == std::vector<std::string>{"1"});
}

TEST_CASE("a directory that is not there is said plainly") {
  const TempDirectory directory;
  SqliteStoreOptions options = options_in(directory);
  options.path = directory / "none" / "store.db";
  const auto store = open_sqlite_store(options);
  REQUIRE_FALSE(store);
  CHECK(store.error().kind == ErrorKind::unavailable);
  CHECK(store.error().message.find("none/store.db") != std::string::npos);
}

TEST_CASE("one process has the store until it ends however it ends") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto store = open_sqlite_store(options);
    const std::vector<History> incidents{incident("7c1m", 1)};
    const bool saved = store && (*store)->save(incidents, {});
    if (!saved || ::write(ready[1], "x", 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  const auto refused = open_sqlite_store(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(refused.error().message.find("in use") != std::string::npos);
  REQUIRE(::kill(child, SIGKILL) == 0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(open(options)->history({})->incidents.size() == 1);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("while another program locks the file saves are unavailable and lists go on") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  const auto store = open(options);
  save_something(*store);
  const std::vector<History> another{incident("9e3p", 3)};
  {
    Outsider outsider(options.path);
    outsider.run("BEGIN IMMEDIATE");
    const Status saved = store->save(another, {});
    REQUIRE_FALSE(saved);
    CHECK(saved.error().kind == ErrorKind::unavailable);
    CHECK(store->history({})->incidents.size() == 2);
  }
  CHECK(store->save(another, {}));
  CHECK(store->history({})->incidents.size() == 3);
}

TEST_CASE("the WAL stays bounded") {
  const TempDirectory directory;
  SqliteStoreOptions options = options_in(directory);
  options.most_wal_bytes = 200'000;
  const auto store = open(options);
  for (Position i = 1; i <= 200; ++i) {
    const std::vector<Snapshot> snapshots{{0, i, std::string(50'000, 'x')}};
    REQUIRE(store->save({}, snapshots));
    REQUIRE(store->snapshots()->at(0).position == i);
  }
  CHECK(std::filesystem::file_size(options.path.string() + "-wal") < 500'000);
  CHECK(std::filesystem::file_size(options.path) < 500'000);
}

TEST_CASE("no list looks at more than its page whatever is asked for") {
  const TempDirectory directory;
  const SqliteStoreOptions options = options_in(directory);
  save_something(*open(options));
  Outsider outsider(options.path);
  for (int choice = 0; choice < 8; ++choice) {
    Query query;
    if (choice & 1) query.team = "cdp";
    if (choice & 2) query.severity = Severity::error;
    if (choice & 4) query.gameday = "";
    const std::vector<std::string> plan =
        outsider.rows("EXPLAIN QUERY PLAN " + listing_query(query));
    INFO(plan.at(0));
    REQUIRE(plan.size() == 1);  // a sort would be a second step
    CHECK(plan[0].starts_with("SEARCH incidents USING COVERING INDEX listed"));
    CHECK(plan[0].find("state=?") != std::string::npos);
    CHECK(plan[0].find("listing>? AND listing<?") != std::string::npos);
    CHECK((plan[0].find("team=?") != std::string::npos) == ((choice & 1) != 0));
    CHECK((plan[0].find("severity=?") != std::string::npos) == ((choice & 2) != 0));
    CHECK((plan[0].find("gameday=?") != std::string::npos) == ((choice & 4) != 0));
  }
  for (const char* other :
       {"SELECT min(state) FROM incidents WHERE state > ?1",
        "SELECT number, id FROM incidents WHERE id >= ?1 AND id < ?2 ORDER BY id",
        "SELECT number FROM incidents WHERE resolved_at < ?1",
        "SELECT incident FROM alerts WHERE alert = ?1",
        "SELECT 1 FROM decided_by WHERE configuration = ?1"}) {
    INFO(other);
    const auto plan = outsider.rows(std::string("EXPLAIN QUERY PLAN ") + other);
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].starts_with("SEARCH"));
  }
}

}  // namespace tocsin::store::testing
