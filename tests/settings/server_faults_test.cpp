#include "tests/settings/world.hpp"

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
      {"journal: {path: }", {"tocsin.yaml:1:11: journal.path: found nothing; wanted text"}},
  });
}

TEST_CASE("every mistake under store is told with its place and a remedy") {
  check_faults({
      {"store: {type: redis, url: \"redis://127.0.0.1:6379/0\"}",
       {"tocsin.yaml:1:15: store.type: not in this version",
        "tocsin.yaml:1:22: store.url: not in this version"}},
      {"store: {type: postgres}",
       {R"(tocsin.yaml:1:15: store.type: "postgres" is no store type; choose sqlite)"}},
      {"store: {path: ../store.db}",
       {"tocsin.yaml:1:15: store.path: not a path below --data; write e.g. store.db"}},
      {"store: {path: journal/store.db}",
       {"tocsin.yaml:1:15: store.path: within journal.path or the other way round; write e.g. "
        "store.db"}},
      {"journal: {path: a/b/}\nstore: {path: a}",
       {"tocsin.yaml:2:15: store.path: within journal.path or the other way round; write e.g. "
        "store.db"}},
      {"store: {retention: 30d}",
       {"tocsin.yaml:1:9: store.retention: unknown key; known here: type, path"}},
      {"store: store.db", {"tocsin.yaml:1:8: store: found text; wanted a map"}},
  });
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
      {R"(gamedays: []
rotas: [])",
       {"tocsin.yaml:1:1: gamedays: not in this version",
        "tocsin.yaml:2:1: rotas: not in this version"}},
      {"silences: []",
       {"tocsin.yaml:1:1: silences: silences are made while tocsin runs, by `tocsin silence` or "
        "POST /api/v1/silences; what is planned in the configuration is written under windows:"}},
      {"team: cdp",
       {"tocsin.yaml:1:1: team: belongs in a team's file; move it to teams/NAME.yaml"}},
      {"channel: terminal",
       {"tocsin.yaml:1:1: channel: belongs in a team's file; move it to teams/NAME.yaml"}},
      {"peolpe: []", {R"(tocsin.yaml:1:1: peolpe: unknown key; did you mean "people"?)"}},
      {"colour: red",
       {R"(tocsin.yaml:1:1: colour: unknown key; known here: server, journal, store, integrations, channels, people, default, policies, rules, hooks, windows, runbooks)"}},
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
