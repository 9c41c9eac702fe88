#include <fstream>

#include "tests/settings/world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("every mistake under server is told with its place and a remedy") {
  check_faults({
      {"server: {listne: 127.0.0.1:8321}",
       {R"(tocsin.yaml:1:10: server.listne: unknown key; did you mean "listen"?)"}},
      {R"(server: {listen: "8321"})",
       {R"(tocsin.yaml:1:18: server.listen: not HOST:PORT; write e.g. 127.0.0.1:8321, or "[::1]:8321")"}},
      {R"(server: {listen: "local host:8321"})",
       {R"(tocsin.yaml:1:18: server.listen: not HOST:PORT; write e.g. 127.0.0.1:8321, or "[::1]:8321")"}},
      {R"(server: {listen: "127.0.0.1:65536"})",
       {R"(tocsin.yaml:1:18: server.listen: not HOST:PORT; write e.g. 127.0.0.1:8321, or "[::1]:8321")"}},
      {"server: {listen: [127.0.0.1:8321]}",
       {"tocsin.yaml:1:18: server.listen: found a list; wanted text"}},
      {"server: {external_url: tocsin.example.com}",
       {R"(tocsin.yaml:1:24: server.external_url: not a web address; write e.g. https://tocsin.example.com)"}},
      {R"(server: {external_url: "https://tocsin.example.com/?a=b"})",
       {R"(tocsin.yaml:1:24: server.external_url: not a web address; write e.g. https://tocsin.example.com)"}},
      {R"(server: {secret: "short"})",
       {R"(tocsin.yaml:1:18: server.secret: use at least 16 characters, e.g. openssl rand -hex 24)"}},
      {R"(server: {secret: "${BLANKS}"})",
       {R"(tocsin.yaml:1:18: server.secret: has blanks or characters outside ASCII; use letters, digits and - _ .)"}},
      {R"(server: {node_url: node-1:8321})",
       {R"(tocsin.yaml:1:20: server.node_url: not a web address; write e.g. http://node-1.example.com:8321)"}},
      {R"(server: {node_url: "ftp://node-1:8321"})",
       {R"(tocsin.yaml:1:20: server.node_url: not a web address; write e.g. http://node-1.example.com:8321)"}},
      {R"(server: {node_url: "http://node-1:8321/#a"})",
       {R"(tocsin.yaml:1:20: server.node_url: not a web address; write e.g. http://node-1.example.com:8321)"}},
      {R"(server: {node_url: [http://node-1:8321]})",
       {"tocsin.yaml:1:20: server.node_url: found a list; wanted text"}},
      {R"(server: {tokens: [{name: ops, role: amdin, token: "${KEY_A}"}]})",
       {R"(tocsin.yaml:1:37: server.tokens[0].role: "amdin" is no role; did you mean "admin"?)"}},
      {R"(server: {tokens: [{name: ops, role: king, token: "${KEY_A}"}]})",
       {R"(tocsin.yaml:1:37: server.tokens[0].role: "king" is no role; choose viewer, responder or admin)"}},
      {R"(server:
  tokens:
    - {name: ops, role: admin, token: "${KEY_A}"}
    - {name: ops, role: viewer, token: "${KEY_A}"})",
       {R"(tocsin.yaml:4:14: server.tokens[1].name: another token is called "ops" in tocsin.yaml:3; rename one of the two)",
        R"(tocsin.yaml:4:40: server.tokens[1].token: the same as the token of "ops"; a token alone says who it is, so give each its own)"}},
      {"server: {tokens: [{}]}",
       {"tocsin.yaml:1:19: server.tokens[0].name: missing; say whose it is",
        "tocsin.yaml:1:19: server.tokens[0].role: missing; choose viewer, responder or admin",
        R"(tocsin.yaml:1:19: server.tokens[0].token: missing; write e.g. token: "${TOCSIN_OPS_TOKEN}")"}},
      {"server: {tokens: {name: ops}}",
       {"tocsin.yaml:1:18: server.tokens: found a map; wanted a list"}},
      {"server: text", {"tocsin.yaml:1:9: server: found text; wanted a map"}},
  });
}

TEST_CASE("every mistake under journal is told with its place and a remedy") {
  check_faults({
      {"journal: {type: sqlight}",
       {R"(tocsin.yaml:1:17: journal.type: "sqlight" is no journal type; choose sqlite or kafka)"}},
      {"journal: {retention: 23h}",
       {R"(tocsin.yaml:1:22: journal.retention: "23h" is out of range; write 1d to 3653d)"}},
      {"journal: {retention: forever}",
       {R"(tocsin.yaml:1:22: journal.retention: "forever" is not a duration such as 30s, 5m, 2h, 7d or 1w; write a number and a unit)"}},
      {"journal: {path: ../elsewhere}",
       {"tocsin.yaml:1:17: journal.path: not a path below --data; write e.g. journal"}},
      {"journal: {path: /var/lib/tocsin}",
       {"tocsin.yaml:1:17: journal.path: not a path below --data; write e.g. journal"}},
      {R"(journal: {path: ""})", {"tocsin.yaml:1:17: journal.path: empty; write a text"}},
      {"journal: {path: ./spool/a}",
       {R"(tocsin.yaml:1:17: journal.path: "./spool/a" is where tocsin keeps something else; write e.g. journal)"}},
      {"journal: {path: }", {"tocsin.yaml:1:11: journal.path: found nothing; wanted text"}},
  });
}

TEST_CASE("every mistake under store is told with its place and a remedy") {
  check_faults({
      {"store: {type: redis}",
       {R"(tocsin.yaml:1:8: store.url: missing; write e.g. url: "redis://127.0.0.1:6379/0")"}},
      {R"(store: {type: redis, path: store.db, url: "redis://h"})",
       {"tocsin.yaml:1:28: store.path: of sqlite; leave it out, or write type: sqlite"}},
      {R"(store: {url: "redis://h", prefix: "t:"})",
       {"tocsin.yaml:1:14: store.url: of redis; leave it out, or write type: redis",
        "tocsin.yaml:1:35: store.prefix: of redis; leave it out, or write type: redis"}},
      {R"(store: {type: redis, url: "redis://h", prefix: "a b"})",
       {R"(tocsin.yaml:1:48: store.prefix: 1 to 64 printable characters without blanks; write e.g. "tocsin:")"}},
      {"store: {type: postgres}",
       {R"(tocsin.yaml:1:15: store.type: "postgres" is no store type; choose redis or sqlite)"}},
      {"store: {path: ../store.db}",
       {"tocsin.yaml:1:15: store.path: not a path below --data; write e.g. store.db"}},
      {"store: {path: journal/store.db}",
       {"tocsin.yaml:1:15: store.path: within journal.path or the other way round; write e.g. "
        "store.db"}},
      {"journal: {path: a/b/}\nstore: {path: a}",
       {"tocsin.yaml:2:15: store.path: within journal.path or the other way round; write e.g. "
        "store.db"}},
      {"store: {path: spool}",
       {R"(tocsin.yaml:1:15: store.path: "spool" is where tocsin keeps something else; write e.g. store.db)"}},
      {"store: {path: last-good.1/store.db}",
       {R"(tocsin.yaml:1:15: store.path: "last-good.1/store.db" is where tocsin keeps something else; write e.g. store.db)"}},
      {"store: {retention: 30d}",
       {"tocsin.yaml:1:9: store.retention: unknown key; known here: type, path, url, prefix"}},
      {"store: store.db", {"tocsin.yaml:1:8: store: found text; wanted a map"}},
  });
}

TEST_CASE("every mistake in the address of a redis is told without showing it") {
  const auto said = [](const std::string& url, const std::string& what) {
    return Wrong{"store: {type: redis, url: \"" + url + "\"}",
                 {"tocsin.yaml:1:27: store.url: " + what}};
  };
  const std::string place =
      "names no host and port; write e.g. redis://user:password@127.0.0.1:6379/0";
  const std::string number =
      "ends in no database's number; write e.g. redis://user:password@127.0.0.1:6379/0";
  check_faults({
      said("127.0.0.1:6379",
           "is no address of a Redis; write e.g. redis://user:password@127.0.0.1:6379/0"),
      said("${WORD}",
           "is no address of a Redis; write e.g. redis://user:password@127.0.0.1:6379/0"),
      said("rediss://:${WORD}@h",
           "TLS to Redis is not in this version; run a TLS tunnel such as stunnel beside tocsin, "
           "and write its address: redis://127.0.0.1:6379/0"),
      said("redis://", place),
      said("redis://:${WORD}@:6379", place),
      said("redis://h:0", place),
      said("redis://h:65536", place),
      said("redis://two words", place),
      said("redis://h/zero", number),
      said("redis://h/-1", number),
      said("redis://h/65536", number),
      said("redis://${WORD}@h",
           "has a user without a password; write redis://user:password@…, or redis://:password@… "
           "for the default user"),
      said("redis://:100%${WORD}@h",
           "has a % that begins no code such as %40; write %25 for the % itself"),
  });
}

TEST_CASE("the address of a redis is read with all that may stand in it") {
  const auto read = [](const std::string& url) {
    const Loaded loaded = load_service("store: {type: redis, url: \"" + url + "\"}\n");
    CHECK(texts(loaded.faults).empty());
    return loaded.settings ? loaded.settings->store.redis : RedisAddress{};
  };
  CHECK(read("redis://redis.example.com") == RedisAddress{"redis.example.com", 6379, "", "", 0});
  CHECK(read("redis://127.0.0.1:7000/") == RedisAddress{"127.0.0.1", 7000, "", "", 0});
  CHECK(read("redis://[::1]/3") == RedisAddress{"::1", 6379, "", "", 3});
  CHECK(read("redis://[::1]:7000/15") == RedisAddress{"::1", 7000, "", "", 15});
  CHECK(read("redis://:${WORD}@h:7000/1") == RedisAddress{"h", 7000, "", "s3cr3t-word", 1});
  CHECK(read("redis://tocsin:a:b%40c%25/@@h") == RedisAddress{"h", 6379, "tocsin", "a:b@c%/@", 0});
  const Loaded loaded =
      load_service("store: {type: redis, url: \"redis://h\", prefix: \"cell-7:\"}\n");
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->store.prefix == "cell-7:");
}

TEST_CASE("the example of a redis in the store's manual loads") {
  std::ifstream manual(tocsin::tests::source_dir() + "/router/store/README.md");
  std::string example;
  for (std::string line; std::getline(manual, line);)
    if (line.starts_with("store: {type: redis")) example = line;
  const std::string variable = "${REDIS_PASSWORD}";
  REQUIRE(example.find(variable) != std::string::npos);
  example.replace(example.find(variable), variable.size(), "${WORD}");
  const Loaded loaded = load_service(example + "\n");
  CHECK(texts(loaded.faults).empty());
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->store.redis ==
        RedisAddress{"redis.example.com", 6379, "tocsin", "s3cr3t-word", 0});
}

TEST_CASE("an address of a redis whose password is not set is only noted by a check") {
  const Loaded loaded =
      load_service("store: {type: redis, url: \"redis://:${NOT_SET}@h\"}\n", Unset::note);
  CHECK(texts(loaded.faults).empty());
}

TEST_CASE("the default policy is required and must exist") {
  check_faults({
      {"default: {page: bsae}",
       {R"(tocsin.yaml:1:17: default.page: no policy is called "bsae"; did you mean "base"?)"}},
      {R"(default: {page: "${WORD}"})",
       {R"(tocsin.yaml:1:17: default.page: variables are not filled in here; write the word itself)"}},
      {"default: {}",
       {R"(tocsin.yaml:1:10: default.page: missing; name the policy for alerts that no rule claims)"}},
      {"default:", {"tocsin.yaml:1:1: default: found nothing; wanted a map"}},
      {"default: {page: base, else: x}",
       {"tocsin.yaml:1:23: default.else: unknown key; known here: page"}},
  });
}

TEST_CASE("a key that is unknown or misplaced or of a later version is a fault") {
  check_faults({
      {"runbooks: [{name: r, url: \"https://example.com\", file: r.md}]",
       {"tocsin.yaml:1:50: runbooks[0].file: not in this version"}},
      {"silences: []",
       {"tocsin.yaml:1:1: silences: silences are made while tocsin runs, by `tocsin silence` or "
        "POST /api/v1/silences; what is planned in the configuration is written under windows:"}},
      {"team: cdp",
       {"tocsin.yaml:1:1: team: belongs in a team's file; move it to teams/NAME.yaml"}},
      {"channel: terminal",
       {"tocsin.yaml:1:1: channel: belongs in a team's file; move it to teams/NAME.yaml"}},
      {"peolpe: []", {R"(tocsin.yaml:1:1: peolpe: unknown key; did you mean "people"?)"}},
      {"colour: red",
       {R"(tocsin.yaml:1:1: colour: unknown key; known here: server, journal, store, integrations, channels, people, default, rotas, policies, rules, hooks, windows, runbooks, gamedays)"}},
  });
}

TEST_CASE("links that only this machine can open are noted when others can reach it") {
  const std::vector<std::string> noted{
      "tocsin.yaml:1:18: server.listen: it can be reached from other machines, but links in pages "
      "start with http://localhost:8321; write external_url: and the address that people reach it "
      "by"};
  CHECK(texts(load_service("server: {listen: \"0.0.0.0:8321\"}\n").notes) == noted);
  CHECK(texts(load_service("server: {listen: \"[::]:8321\"}\n").notes) == noted);
  for (const char* fine :
       {"{listen: \"127.0.0.1:9000\"}", "{listen: \"[::1]:9000\"}", "{listen: \"localhost:9000\"}",
        "{listen: \"0.0.0.0:8321\", external_url: \"http://tocsin\"}"})
    CHECK(load_service("server: " + std::string(fine) + "\n").notes.empty());
}
