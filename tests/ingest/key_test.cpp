#include "router/core/digest.hpp"
#include "router/ingest/ingest.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::ingest;

namespace {

constexpr const char* kKey = "key-0123456789abcdef";

std::string key_in(const std::string& name, const std::string& value) {
  HttpRequest request;
  request.headers = {{name, value}};
  return key_of(request);
}

std::string basic(const std::string& user_and_password) {
  return key_in("authorization", "Basic " + base64(user_and_password));
}

Integrations two_integrations() {
  Integrations all;
  all["production"] = {"production", nullptr, {"production-old-0123456789", "production-new"}, {}};
  all["staging"] = {"staging", nullptr, {"staging-0123456789"}, {}};
  return all;
}

}  // namespace

TEST_CASE("the key is found wherever a sender can put it") {
  CHECK(key_in("authorization", std::string("Bearer ") + kKey) == kKey);
  CHECK(key_in("authorization", std::string("bearer   ") + kKey + "  ") == kKey);
  CHECK(key_in("authorization", std::string("GenieKey ") + kKey) == kKey);
  CHECK(basic(std::string("prometheus:") + kKey) == kKey);
  CHECK(basic(std::string(":") + kKey) == kKey);
  CHECK(key_in("x-routing-key", kKey) == kKey);
  CHECK(key_in("x-tocsin-key", kKey) == kKey);
  HttpRequest request;
  request.query = {{"key", kKey}};
  CHECK(key_of(request) == kKey);
}

TEST_CASE("a Basic password may have colons in it") { CHECK(basic("user:a:b:c") == "a:b:c"); }

TEST_CASE("what is no key is no key") {
  CHECK(key_of({}).empty());
  CHECK(key_in("authorization", kKey).empty());
  CHECK(key_in("authorization", "").empty());
  CHECK(key_in("authorization", "Bearer ").empty());
  CHECK(key_in("authorization", std::string("Digest ") + kKey).empty());
  CHECK(key_in("authorization", "Basic not base64!").empty());
  CHECK(basic("no colon").empty());
  CHECK(basic("user:").empty());
  CHECK(key_in("cookie", kKey).empty());
}

TEST_CASE("the header Authorization goes before the others and the query comes last") {
  HttpRequest request;
  request.query = {{"key", "of-the-query"}};
  CHECK(key_of(request) == "of-the-query");
  request.headers = {{"x-tocsin-key", "of-the-header"}};
  CHECK(key_of(request) == "of-the-header");
  request.headers.emplace_back("authorization", "Bearer of-the-authorization");
  CHECK(key_of(request) == "of-the-authorization");
}

TEST_CASE("any key of an integration finds it and nothing else does") {
  const Integrations all = two_integrations();
  REQUIRE(find_by_key(all, "production-old-0123456789"));
  CHECK(find_by_key(all, "production-old-0123456789")->name == "production");
  CHECK(find_by_key(all, "production-new")->name == "production");
  CHECK(find_by_key(all, "staging-0123456789")->name == "staging");
  for (const char* wrong : {"", "staging", "staging-012345678", "staging-01234567890",
                            "STAGING-0123456789", "staging-0123456789 ", "production"})
    CHECK(find_by_key(all, wrong) == nullptr);
  CHECK(find_by_key({}, "staging-0123456789") == nullptr);
}
