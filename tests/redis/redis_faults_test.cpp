// What Redis does to its callers: it is away, dies, hangs, is flushed, refuses. A call fails at
// once or in time, in words that help, and the next one works when Redis does again.
#include <thread>

#include "tests/redis/server.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

const SystemClock& real_clock() {
  static const SystemClock clock;
  return clock;
}

/// How long the calls of `work` take.
template <class Work>
Duration time_of(Work work) {
  const Duration before = real_clock().now().elapsed;
  work();
  return real_clock().now().elapsed - before;
}

Status save_one(Store& store, const std::string& id, Position position = 1) {
  const std::vector<History> incidents{incident(id, 1)};
  const std::vector<Snapshot> snapshots{{0, position, "state at " + std::to_string(position)}};
  return store.save(incidents, snapshots);
}

bool works_again(Store& store) {
  const Duration begun = real_clock().now().elapsed;
  while (!store.history({}))
    if (real_clock().now().elapsed - begun > std::chrono::seconds(5)) return false;
  return true;
}

std::string why(const Status& status) { return status ? "" : status.error().message; }

bool is_unavailable(const Status& status) {
  return !status && status.error().kind == ErrorKind::unavailable;
}

}  // namespace

TEST_CASE("a redis that is away at the start is used once it is there") {
  Server& server = Server::fresh();
  server.stop();
  Told told;
  std::unique_ptr<Store> store;
  CHECK(time_of([&] { store = open(telling(options_for(server), told)); }) <
        std::chrono::seconds(2));
  const Status away = save_one(*store, "7c1m");
  CHECK(is_unavailable(away));
  CHECK(why(away).find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
  CHECK(told.has("pages go out without it"));
  server.start();
  REQUIRE(told.has("it answers again"));
  CHECK(why(save_one(*store, "7c1m")) == "");
  CHECK(store->history({})->incidents.size() == 1);
}

TEST_CASE("what was saved is there after redis was killed and started again") {
  Server& server = Server::fresh();
  Told told;
  const auto store = open(telling(options_for(server), told));
  REQUIRE(save_one(*store, "7c1m"));
  const auto before = store->generation();
  REQUIRE(before);
  server.kill();
  CHECK(is_unavailable(save_one(*store, "8d2n")));
  CHECK(told.has("pages go out without it"));
  server.start();
  REQUIRE(told.has("it answers again"));
  CHECK(store->find_incident("7c1m")->has_value());
  CHECK(store->snapshots()->size() == 1);
  // It may have lost what it was told last.
  CHECK(*store->generation() != *before);
  CHECK(why(save_one(*store, "8d2n")) == "");
}

TEST_CASE("a redis that hangs costs one answer's time and then nothing until it goes on") {
  Server& server = Server::fresh();
  Told told;
  RedisStoreOptions options = telling(options_for(server), told);
  options.answer_within = std::chrono::seconds(2);
  const auto store = open(options);
  REQUIRE(save_one(*store, "7c1m"));
  server.hang();
  Duration longest{};
  {
    std::mutex mutex;
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i)
      callers.emplace_back([&] {
        const Duration taken = time_of([&] { static_cast<void>(store->history({})); });
        const std::lock_guard lock(mutex);
        longest = std::max(longest, taken);
      });
  }
  // One after the other they would have waited for sixteen.
  CHECK(longest >= std::chrono::milliseconds(1900));
  CHECK(longest < std::chrono::seconds(12));
  CHECK(time_of([&] {
          for (int i = 0; i < 1000; ++i) CHECK_FALSE(store->history({}));
        }) < std::chrono::seconds(2));
  server.go_on();
  REQUIRE(works_again(*store));
  const auto history = store->history({});
  REQUIRE(history);
  CHECK(history->incidents.size() == 1);
}

TEST_CASE("a flush is noticed by the name and what is saved again is there") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  REQUIRE(save_one(*store, "7c1m"));
  const auto before = store->generation();
  server.ask({"FLUSHALL"});
  CHECK(*store->generation() != *before);
  CHECK_FALSE(store->find_incident("7c1m")->has_value());
  REQUIRE(save_one(*store, "7c1m"));
  CHECK(store->find_incident("7c1m")->has_value());
}

TEST_CASE("scripts that redis has forgotten are sent again") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  REQUIRE(save_one(*store, "7c1m"));
  server.ask({"SCRIPT", "FLUSH"});
  CHECK(why(save_one(*store, "8d2n")) == "");
  CHECK(store->history({})->incidents.size() == 2);
}

TEST_CASE("a connection that redis closes is made again") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  REQUIRE(save_one(*store, "7c1m"));
  server.ask({"CLIENT", "KILL", "TYPE", "normal"});
  REQUIRE(works_again(*store));
  CHECK(why(save_one(*store, "8d2n")) == "");
}

TEST_CASE("a wrong password is told without the password and the right one works") {
  Server& server = Server::guarded();
  for (const std::string password : {"wr0ng-password", ""}) {
    Told told;
    RedisStoreOptions options = telling(options_for(server), told);
    options.password = password;
    const auto store = open(options);
    const Status refused = save_one(*store, "7c1m");
    CHECK(is_unavailable(refused));
    CHECK(why(refused).find(password.empty() ? "it wants a password" : "user and password") !=
          std::string::npos);
    CHECK(told.has("store.url"));
    CHECK((why(refused) + told.all()).find("wr0ng") == std::string::npos);
  }
  RedisStoreOptions options = options_for(server);
  options.password = kPassword;
  CHECK(why(save_one(*open(options), "7c1m")) == "");
  server.ask({"ACL", "SETUSER", "tocsin", "on", ">us3rs-password", "~tocsin:*", "+@all",
              "-@dangerous", "+info"});
  options.user = "tocsin";
  options.password = "us3rs-password";
  const auto store = open(options);
  CHECK(why(save_one(*store, "8d2n", 2)) == "");
  CHECK(store->history({})->incidents.size() == 2);
  REQUIRE(store->generation());
  options.prefix = "not-allowed:";
  const Status refused = save_one(*open(options), "7c1m");
  CHECK(is_unavailable(refused));
  CHECK(why(refused).find("NOPERM") != std::string::npos);
}

TEST_CASE("another database and another prefix are another store") {
  Server& server = Server::fresh();
  RedisStoreOptions options = options_for(server);
  REQUIRE(save_one(*open(options), "7c1m"));
  options.database = 3;
  CHECK(open(options)->history({})->incidents.empty());
  options.database = 0;
  options.prefix = "other:";
  CHECK(open(options)->history({})->incidents.empty());
  options.database = 9999;
  CHECK(why(save_one(*open(options), "7c1m")).find("no database 9999") != std::string::npos);
}

TEST_CASE("a foreign value at a key of the store fails a save whole and says what to do") {
  for (const std::string key :
       {"ids", "list:resolved:team=cdp", "states", "incident:8d2n", "snapshot:0", "era"}) {
    INFO(key);
    Server& server = Server::fresh();
    const auto store = open(options_for(server));
    REQUIRE(save_one(*store, "7c1m"));
    server.ask({"DEL", "tocsin:" + key});
    server.ask({"RPUSH", "tocsin:" + key, "theirs"});
    const std::vector<History> both{incident("6b0k", 1), incident("8d2n", 1)};
    const std::vector<Snapshot> snapshots{{0, 9, "state"}, {1, 9, "state"}};
    const Status saved = store->save(both, snapshots);
    CHECK(is_unavailable(saved));
    CHECK(why(saved).find("tocsin:" + key) != std::string::npos);
    CHECK(why(saved).find("delete it") != std::string::npos);
    CHECK(server.ask({"EXISTS", "tocsin:incident:6b0k", "tocsin:snapshot:1"}) == "0");
    server.ask({"DEL", "tocsin:" + key});
    CHECK(why(store->save(both, snapshots)) == "");
    CHECK(store->find_incident("8d2n")->has_value());
  }
}

TEST_CASE("a redis that is full or a replica says so and what is there can be read") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  REQUIRE(save_one(*store, "7c1m"));
  server.ask({"CONFIG", "SET", "maxmemory", "1"});
  const Status full = save_one(*store, "8d2n");
  CHECK(is_unavailable(full));
  CHECK(why(full).find("raise maxmemory") != std::string::npos);
  CHECK(store->history({})->incidents.size() == 1);
  server.ask({"CONFIG", "SET", "maxmemory", "256mb"});
  // Of nobody: nothing listens there.
  server.ask({"REPLICAOF", "127.0.0.1", "1"});
  const Status replica = save_one(*store, "8d2n");
  CHECK(is_unavailable(replica));
  CHECK(why(replica).find("let store.url name the primary") != std::string::npos);
  server.ask({"REPLICAOF", "NO", "ONE"});
  CHECK(why(save_one(*store, "8d2n")) == "");
}

TEST_CASE("settings that lose what is stored are warned of once") {
  Server& server = Server::fresh();
  server.ask({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  server.ask({"CONFIG", "SET", "appendonly", "no"});
  Told told;
  const auto store = open(telling(options_for(server), told));
  CHECK(told.has("set maxmemory-policy noeviction"));
  CHECK(told.has("set appendonly yes"));
  server.ask({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
  server.ask({"CONFIG", "SET", "appendonly", "yes"});
  Told nothing;
  const auto another = open(telling(options_for(server), nothing));
  REQUIRE(save_one(*another, "7c1m"));
  CHECK(nothing.all() == "");
}

}  // namespace tocsin::store::testing
