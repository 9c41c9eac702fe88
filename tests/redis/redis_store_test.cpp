// Redis' store with several nodes on it, with damage in it, and with values of every size.
#include <atomic>
#include <thread>

#include "tests/redis/server.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

Status save_one(Store& store, const History& incident, const Snapshot& snapshot) {
  return store.save({&incident, 1}, {&snapshot, 1});
}

}  // namespace

TEST_CASE("of two nodes that save the same the one that is further in the journal wins") {
  Server& server = Server::fresh();
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> nodes;
    for (int node = 0; node < 2; ++node)
      nodes.emplace_back([&, node] {
        const auto store = open(options_for(server));
        for (Position position = 1; position <= 200; ++position) {
          History each = incident("7c1m", 1, "team-" + std::to_string(position));
          each.position = position;
          // One node is always behind the other.
          if (node == 1) each.position = position / 2;
          if (node == 1) each.team = "team-" + std::to_string(position / 2);
          if (!save_one(*store, each, {0, each.position, std::string(40'000, 'x') + each.team}))
            ++failed;
        }
      });
  }
  CHECK(failed == 0);
  const auto store = open(options_for(server));
  const auto page = store->history({});
  REQUIRE(page);
  REQUIRE(page->incidents.size() == 1);
  CHECK(page->incidents[0].team == "team-200");
  CHECK(store->snapshots()->at(0).body.ends_with("team-200"));
  // Nothing leads to what was replaced, and no part is left behind.
  CHECK(server.ask({"ZCARD", "tocsin:ids"}) == "1");
  CHECK(server.ask({"ZCARD", "tocsin:list:resolved"}) == "1");
  CHECK(server.ask({"EXISTS", "tocsin:list:resolved:team=team-100"}) == "0");
  CHECK(server.ask({"EVAL", "return #redis.call('KEYS', 'tocsin:part:*')", "0"}) == "1");
}

TEST_CASE("readers see whole snapshots while they are replaced") {
  Server& server = Server::fresh();
  const auto writer = open(options_for(server));
  const auto reader = open(options_for(server));
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  const auto body = [](Position position) {
    return std::string(3'000'000, static_cast<char>('a' + position % 26));
  };
  const Snapshot first{0, 1, body(1)};
  REQUIRE(writer->save({}, {&first, 1}));
  {
    const std::jthread reading([&] {
      while (!done) {
        const auto found = reader->snapshots();
        if (!found || (!found->empty() && found->at(0).body != body(found->at(0).position))) ++torn;
      }
    });
    for (Position position = 2; position <= 40; ++position) {
      const Snapshot next{0, position, body(position)};
      if (!writer->save({}, {&next, 1})) ++torn;
    }
    done = true;
  }
  CHECK(torn == 0);
  CHECK(reader->snapshots()->at(0).position == 40);
}

TEST_CASE("values of every size around a part come back") {
  Server& server = Server::fresh();
  RedisStoreOptions options = options_for(server);
  options.part_bytes = 20'000;
  const auto store = open(options);
  for (const std::size_t size : {0u, 1u, 32'767u, 32'768u, 32'769u, 40'000u, 40'001u, 100'003u}) {
    INFO(size);
    History large = incident("7c1m", 1);
    large.body = std::string(size, 'b');
    REQUIRE(save_one(*store, large, {0, 1, std::string(size, 's')}));
    REQUIRE(store->keep_configuration("config-1", std::string(size, 'c')));
    CHECK(store->history({})->incidents.at(0) == large);
    CHECK(store->find_incident("7c1m")->value() == large);
    CHECK(store->snapshots()->at(0).body == std::string(size, 's'));
    CHECK(store->configuration("config-1")->value() == std::string(size, 'c'));
  }
}

TEST_CASE("what was sent and never made whole goes away by itself") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  const Snapshot large{0, 1, std::string(50'000, 'x')};
  REQUIRE(store->save({}, {&large, 1}));
  CHECK(server.ask({"EVAL", "return redis.call('TTL', redis.call('KEYS', '*:part:*')[1])", "0"}) ==
        "-1");
  // Another program's value makes the script refuse, when the parts have been sent.
  server.ask({"SET", "tocsin:ids", "theirs"});
  CHECK_FALSE(store->save({}, {&large, 1}));
  CHECK(server.ask({"EVAL",
                    "local soon = 0; for _, key in ipairs(redis.call('KEYS', '*:part:*')) do "
                    "if redis.call('TTL', key) > 0 then soon = soon + 1 end end return soon",
                    "0"}) == "1");
}

TEST_CASE("a damaged entry counts as absent is told once and is replaced by whatever is saved") {
  Server& server = Server::fresh();
  Told told;
  const auto store = open(telling(options_for(server), told));
  History first = incident("7c1m", 1);
  first.position = 9;
  REQUIRE(save_one(*store, first, {0, 9, "state"}));
  REQUIRE(save_one(*store, incident("8d2n", 2), {1, 9, "state"}));
  REQUIRE(store->keep_configuration("config-1", "body"));
  for (const char* key : {"incident:7c1m", "snapshot:0", "configuration:config-1"})
    server.ask({"HSET", std::string("tocsin:") + key, "blob", "damaged"});
  for (int i = 0; i < 3; ++i) {
    CHECK(ids(store->history({})->incidents) == std::vector<std::string>{"8d2n"});
    CHECK_FALSE(store->find_incident("7c1m")->has_value());
    CHECK(*store->snapshots() == std::vector<Snapshot>{{1, 9, "state"}});
    CHECK_FALSE(store->configuration("config-1")->has_value());
  }
  CHECK(told.count() == 3);
  CHECK(told.has("incident 7c1m is damaged"));
  CHECK(told.has("the state of partition 0 is damaged"));
  // Though what is damaged says that it is of a later position.
  first.position = 5;
  REQUIRE(save_one(*store, first, {0, 5, "state"}));
  CHECK(store->find_incident("7c1m")->has_value());
  CHECK(store->snapshots()->size() == 2);
}

TEST_CASE("what an eviction took is left out of lists and the lists forget it") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  for (const char* id : {"a1", "a2", "a3"})
    REQUIRE(save_one(*store, incident(id, 1), {0, 1, std::string(50'000, 'x')}));
  server.ask({"DEL", "tocsin:incident:a2"});
  CHECK(ids(store->history({})->incidents) == std::vector<std::string>{"a3", "a1"});
  CHECK(server.ask({"ZCARD", "tocsin:list:resolved"}) == "2");
  CHECK_FALSE(store->find_incident("a2")->has_value());
  CHECK_FALSE(store->find_alert({"alert-a2"})->has_value());
  server.ask({"EVAL", "return redis.call('DEL', redis.call('KEYS', '*:part:*')[1])", "0"});
  CHECK(store->snapshots()->empty());
  CHECK(*store->forget(minute(1000)) == 3);
  CHECK(store->history({})->incidents.empty());
}

TEST_CASE("forgetting leaves nothing behind that led to an incident") {
  Server& server = Server::fresh();
  const auto store = open(options_for(server));
  std::vector<History> many;
  for (int i = 0; i < 250; ++i) many.push_back(incident("n" + std::to_string(1000 + i), i));
  many[7].body = std::string(100'000, 'x');
  many[8].team = "a team: with, words\n";
  REQUIRE(store->save(many, {}));
  CHECK(store->generation());
  CHECK(*store->forget(minute(1000)) == 250);
  CHECK(server.ask({"KEYS", "*"}).find("incident") == std::string::npos);
  // The names of the states and of this filling, and how often was saved.
  CHECK(server.ask({"DBSIZE"}) == "3");
}

TEST_CASE(
    "the states of another journal are discarded with a word and its history is kept here too") {
  Server& server = Server::fresh();
  RedisStoreOptions options = options_for(server);
  REQUIRE(save_one(*open(options), incident("7c1m", 1), {0, 50, "of one"}));
  Told told;
  options = telling(options, told);
  options.identity = "journal-2";
  const auto store = open(options);
  CHECK(store->snapshots()->empty());
  CHECK(told.has("it belonged to another journal"));
  CHECK(store->history({})->incidents.size() == 1);
  REQUIRE(save_one(*store, incident("8d2n", 2), {0, 3, "of two"}));
  CHECK(*store->snapshots() == std::vector<Snapshot>{{0, 3, "of two"}});
}

TEST_CASE("a configuration that nothing names yet is kept for a while") {
  Server& server = Server::fresh();
  RedisStoreOptions options = options_for(server);
  options.configurations_kept = std::chrono::hours(1);
  const auto store = open(options);
  REQUIRE(store->keep_configuration("of-a-new-node", "body"));
  CHECK(*store->forget_configurations({}) == 0);
  options.configurations_kept = {};
  CHECK(*open(options)->forget_configurations({}) == 1);
}

TEST_CASE("every part of the store is of one prefix") {
  Server& server = Server::fresh();
  RedisStoreOptions options = options_for(server);
  options.prefix = "tocsin:{cell-7}:";
  const auto store = open(options);
  REQUIRE(save_one(*store, incident("7c1m", 1), {0, 1, std::string(50'000, 'x')}));
  REQUIRE(store->keep_configuration("config-1", "body"));
  REQUIRE(store->generation());
  CHECK(server.ask({"EVAL", "return #redis.call('KEYS', 'tocsin:{cell-7}:*')", "0"}) ==
        server.ask({"DBSIZE"}));
  options.prefix = "with a blank";
  const SystemClock clock;
  const auto refused = open_redis_store(options, clock);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
}

}  // namespace tocsin::store::testing
