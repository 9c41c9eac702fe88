// What every hook of the catalogue promises, whatever it speaks.
#include "connectors/hook.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/hook_call.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Contract;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;

namespace {

const Contract<HookSpec, Hook>& contract() {
  static const Contract<HookSpec, Hook> contract{
      all_hooks(), find_hook, "hooks",
      [](const HookSpec& spec, const Values& values) { return spec.make(values); },
      [](Hook& hook, Duration budget) {
        return hook.run(tocsin::testing::sample_hook_call(), budget);
      }};
  return contract;
}

}  // namespace

TEST_CASE("every hook introduces itself", "[contract]") {
  tocsin::testing::expect_introductions(contract());
}

TEST_CASE("no hook has a key that is already one of every hook", "[contract]") {
  for (const HookSpec* spec : all_hooks())
    for (const Field& field : spec->fields)
      for (const char* taken : {"name", "type", "limit", "timeout", "gameday"})
        CHECK(field.key != taken);
}

TEST_CASE("every hook refuses to be made without what it requires and names the key",
          "[contract]") {
  tocsin::testing::expect_to_name_what_is_missing(contract());
  for (const HookSpec* spec : all_hooks()) CHECK_FALSE(spec->make({"under-test", {}}));
}

TEST_CASE("every hook that gets no answer has failed within its budget and leaks no secret",
          "[contract]") {
  tocsin::testing::expect_bounds<HookSpec, Hook>(
      contract(), [](const HookSpec&) { return AttemptOutcome::rejected; });
}

TEST_CASE("every hook takes an answer of 2xx for a yes and any other for a no", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    Receiver receiver;
    const auto hook = contract().made(*spec, receiver);
    for (const int status : {200, 202, 204, 301, 400, 404, 408, 410, 425, 429, 500, 503}) {
      receiver.answer_with({Reply::Kind::answer, status, "Retry-After: 1\r\n", ""});
      INFO(spec->name << " " << status);
      const Attempt attempt = contract().attempt(*hook, std::chrono::seconds(20));
      CHECK(attempt.outcome ==
            (status < 300 ? AttemptOutcome::accepted : AttemptOutcome::rejected));
      CHECK_FALSE(attempt.retry_after);
    }
  }
}

TEST_CASE("every hook asks once for each run", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    Receiver receiver({Reply::Kind::answer, 503, "", ""});
    const auto hook = contract().made(*spec, receiver);
    static_cast<void>(contract().attempt(*hook, std::chrono::seconds(20)));
    CHECK(receiver.requests().size() == 1);
  }
}

TEST_CASE("every hook passes on whose drill it is and whether to do nothing", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    INFO(spec->name);
    const auto sent = [&](const std::string& gameday, bool dry_run) {
      Receiver receiver;
      HookCall call = tocsin::testing::sample_hook_call();
      call.gameday = gameday;
      call.dry_run = dry_run;
      CHECK(contract().made(*spec, receiver)->run(call, std::chrono::seconds(20)).outcome ==
            AttemptOutcome::accepted);
      return receiver.requests().at(0).body;
    };
    CHECK(sent("payments-staging", true).find("payments-staging") != std::string::npos);
    CHECK(sent("payments-staging", true) != sent("payments-staging", false));
    CHECK(sent("", false).find("payments-staging") == std::string::npos);
  }
}
