// Whose a request seems to be, by its head.
#include "router/ingest/flows.hpp"

#include "router/ingest/ingest.hpp"
#include "tests/catch.hpp"

using namespace tocsin::ingest;

namespace {

Flows two() {
  Flows flows;
  flows.add({"a", nullptr, {"key-a-1", "key-a-2"}, {}});
  flows.add({"b", nullptr, {"key-b"}, {}});
  return flows;
}

}  // namespace

TEST_CASE("a request is of the integration whose key its head has wherever it stands") {
  const Flows flows = two();
  CHECK(flows.of("/api/v2/alerts", {{"authorization", "Bearer key-a-1"}}) == "a");
  CHECK(flows.of("/in/a", {{"authorization", "GenieKey key-a-2"}}) == "a");
  CHECK(flows.of("/in/a/x", {{"x-tocsin-key", "key-b"}}) == "b");
  CHECK(flows.of("/v2/alerts?a=b&key=key-b&c=d", {}) == "b");
  CHECK(flows.of("/v2/alerts?key=key-a-1", {{"host", "t"}}) == "a");
}

TEST_CASE("without a key in the head the path tells and else everybody is one") {
  const Flows flows = two();
  CHECK(flows.of("/in/a/v2/enqueue", {}) == "a");
  CHECK(flows.of("/in/b?x=y", {{"authorization", "Bearer wrong"}}) == "b");
  CHECK(flows.of("/in/c/v2/enqueue", {}) == "");
  CHECK(flows.of("/v2/enqueue", {}) == "/v2/enqueue");
  CHECK(flows.of("/api/v1/incidents", {{"authorization", "Bearer somebody's"}}) == "");
  CHECK(flows.of("/metrics", {}) == "");
  CHECK(flows.of("/", {}) == "");
  CHECK(flows.of("/nothing?", {}) == "");
  CHECK(flows.of("/nothing?key=", {}) == "");
}

TEST_CASE("a stranger's inventions make no flows of their own") {
  const Flows flows = two();
  for (const char* target : {"/in/x1", "/in/x2/api", "/x3", "/in/", "/in", "/x?key=x4"})
    CHECK(flows.of(target, {{"authorization", "Bearer invented"}}) == "");
}
