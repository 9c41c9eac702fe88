// What every hook of the catalogue promises, whatever it speaks.
#include <chrono>
#include <set>

#include "connectors/hook.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/hook_call.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;
using tocsin::testing::sample_hook_call;

namespace {

constexpr Duration kBudget = std::chrono::milliseconds(300);
constexpr auto kBound = std::chrono::seconds(3);
// Long enough to be unmistakable, and right for every kind of secret that a hook checks.
constexpr const char* kSecret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

/// Settings with which this hook talks to `receiver`.
Values settings(const HookSpec& spec, const Receiver& receiver) {
  Values values{"under-test", {}};
  for (const Field& field : spec.fields)
    values.values[std::string(field.key)] =
        field.secret ? kSecret : receiver.url("/" + std::string(kSecret));
  return values;
}

}  // namespace

TEST_CASE("every hook introduces itself", "[contract]") {
  std::set<std::string_view> names;
  for (const HookSpec* spec : all_hooks()) {
    INFO(spec->name);
    CHECK(names.insert(spec->name).second);
    CHECK(find_hook(spec->name) == spec);
    CHECK_FALSE(spec->summary.empty());
    CHECK(spec->example.find("type: " + std::string(spec->name) + "\n") != std::string_view::npos);
    for (const Field& field : spec->fields) {
      CHECK_FALSE(field.key.empty());
      CHECK_FALSE(field.meaning.empty());
      // These are every hook's, and the settings' own.
      for (const char* taken : {"name", "type", "limit", "timeout", "gameday"})
        CHECK(field.key != taken);
      if (field.required)
        CHECK(spec->example.find(std::string(field.key) + ": ") != std::string_view::npos);
    }
  }
  CHECK_FALSE(names.empty());
  CHECK(find_hook("no such hook") == nullptr);
}

TEST_CASE("every hook refuses to be made without what it requires and names the key",
          "[contract]") {
  const Receiver receiver;
  for (const HookSpec* spec : all_hooks()) {
    CHECK_FALSE(spec->make({"under-test", {}}));
    for (const Field& field : spec->fields) {
      if (!field.required) continue;
      INFO(spec->name << "." << field.key);
      Values values = settings(*spec, receiver);
      values.values.erase(std::string(field.key));
      const auto made = spec->make(values);
      REQUIRE_FALSE(made);
      CHECK(made.error().kind == ErrorKind::invalid);
      CHECK(made.error().message.starts_with("hooks.under-test." + std::string(field.key) + ": "));
      CHECK(made.error().message.find(kSecret) == std::string::npos);
    }
  }
}

TEST_CASE("every hook that gets no answer has failed within its budget and leaks no secret",
          "[contract]") {
  for (const auto kind : {Reply::Kind::hang, Reply::Kind::trickle_head, Reply::Kind::trickle_body,
                          Reply::Kind::reset, Reply::Kind::flood_headers, Reply::Kind::echo}) {
    const Receiver receiver({kind, 500, "", ""});
    for (const HookSpec* spec : all_hooks()) {
      INFO(spec->name << ", reply " << static_cast<int>(kind));
      const auto hook = spec->make(settings(*spec, receiver));
      if (!hook) FAIL(hook.error().message);
      const auto begin = std::chrono::steady_clock::now();
      const Attempt attempt = (*hook)->run(sample_hook_call(), kBudget);
      CHECK(std::chrono::steady_clock::now() - begin < kBound);
      CHECK_FALSE(attempt.detail.empty());
      CHECK(attempt.detail.find(kSecret) == std::string::npos);
      CHECK(attempt.outcome == AttemptOutcome::rejected);
    }
  }
}

TEST_CASE("every hook takes an answer of 2xx for a yes and any other for a no", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    Receiver receiver;
    const auto hook = spec->make(settings(*spec, receiver));
    REQUIRE(hook);
    for (const int status : {200, 202, 204, 301, 400, 404, 408, 410, 425, 429, 500, 503}) {
      receiver.answer_with({Reply::Kind::answer, status, "Retry-After: 1\r\n", ""});
      INFO(spec->name << " " << status);
      const Attempt attempt = (*hook)->run(sample_hook_call(), std::chrono::seconds(20));
      CHECK(attempt.outcome ==
            (status < 300 ? AttemptOutcome::accepted : AttemptOutcome::rejected));
      CHECK_FALSE(attempt.retry_after);
    }
  }
}

TEST_CASE("every hook asks once for each run", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    Receiver receiver({Reply::Kind::answer, 503, "", ""});
    const auto hook = spec->make(settings(*spec, receiver));
    REQUIRE(hook);
    static_cast<void>((*hook)->run(sample_hook_call(), std::chrono::seconds(20)));
    CHECK(receiver.requests().size() == 1);
  }
}
