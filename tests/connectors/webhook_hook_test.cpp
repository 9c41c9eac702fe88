#include <nlohmann/json.hpp>

#include "connectors/hook.hpp"
#include "connectors/wire/standard_webhooks.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/hook_call.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;
using tocsin::testing::sample_hook_call;

namespace {

constexpr Duration kAmple = std::chrono::seconds(20);
constexpr const char* kSecret = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw";

std::unique_ptr<Hook> webhook(const std::string& url, const std::string& secret = {}) {
  auto made = find_hook("webhook")->make({"restart", {{"url", url}, {"secret", secret}}});
  if (!made) FAIL(made.error().message);
  return std::move(made).value();
}

Attempt answered(int status, const std::string& body) {
  Receiver receiver({Reply::Kind::answer, status, "", body});
  return webhook(receiver.url())->run(sample_hook_call(), kAmple);
}

}  // namespace

TEST_CASE("the hook posts the documented body signed as Standard Webhooks says", "[webhook]") {
  Receiver receiver({Reply::Kind::answer, 202, "", "job 17\nqueued"});
  const Attempt attempt =
      webhook(receiver.url("/restart"), kSecret)->run(sample_hook_call(), kAmple);
  CHECK(attempt == Attempt::accepted("HTTP 202: job 17"));
  const auto seen = receiver.requests().at(0);
  CHECK(seen.line == "POST /restart HTTP/1.1");
  CHECK(nlohmann::json::parse(seen.body) ==
        nlohmann::json{{"id", "msg-7zq4m2k9w1x3c5v8"},
                       {"type", "remediate"},
                       {"hook", "restart-api"},
                       {"rule", "checkout-errors"},
                       {"dry_run", true},
                       {"gameday", "payments-staging"},
                       {"approved_by", "ada"},
                       {"incident", {{"id", "7zq4m2k9w1x3c5v8"}, {"state", "open"}}},
                       {"labels", {{"alertname", "HighErrorRate"}, {"service", "checkout"}}}});
  CHECK(seen.header("Content-Type") == "application/json");
  CHECK(seen.header("webhook-id") == "msg-7zq4m2k9w1x3c5v8");
  CHECK(seen.header("webhook-signature") == wire::webhook_signature(*wire::webhook_key(kSecret),
                                                                    "msg-7zq4m2k9w1x3c5v8",
                                                                    1795313051, seen.body));
}

TEST_CASE(
    "a call in earnest that nobody was asked about says so and is not signed without a secret",
    "[webhook]") {
  Receiver receiver;
  HookCall call;
  call.id.text = "m";
  call.hook = "restart-api";
  call.incident = "7zq4";
  call.labels = Fields(std::vector<Fields::Pair>{{"\"a\"", "\xff"}});
  CHECK(webhook(receiver.url())->run(call, kAmple).outcome == AttemptOutcome::accepted);
  const auto seen = receiver.requests().at(0);
  CHECK(seen.header("webhook-signature").empty());
  const auto body = nlohmann::json::parse(seen.body);
  CHECK(body["dry_run"] == false);
  for (const char* key : {"gameday", "approved_by", "rule"}) CHECK(body[key].is_null());
  CHECK(body["incident"] == nlohmann::json{{"id", "7zq4"},
                                           {"title", nullptr},
                                           {"severity", "error"},
                                           {"impact", nullptr},
                                           {"team", nullptr},
                                           {"service", nullptr}});
  CHECK(body["labels"] == nlohmann::json{{"\"a\"", "\ufffd"}});
}

TEST_CASE("what the automation answers is told in one line that is short", "[webhook]") {
  CHECK(answered(200, "") == Attempt::accepted("HTTP 200"));
  CHECK(answered(200, "\r\n  done\r\nrest") == Attempt::accepted("HTTP 200: done"));
  CHECK(answered(200, "\x1b[31mred\x07") == Attempt::accepted("HTTP 200: [31mred"));
  const Attempt attempt = answered(200, std::string(5000, 'x'));
  CHECK(attempt.detail.size() <= 220);
  CHECK(attempt.detail.ends_with("…"));
}

TEST_CASE("what other channels would try again is a failure of a hook", "[webhook]") {
  for (const int status : {408, 425, 429, 500, 503}) {
    const Attempt attempt = answered(status, "busy");
    CHECK(attempt == Attempt::rejected("HTTP " + std::to_string(status) + ": busy"));
    CHECK_FALSE(attempt.retry_after);
  }
  CHECK(answered(301, "").outcome == AttemptOutcome::rejected);
  CHECK(webhook("http://127.0.0.1:1/")->run(sample_hook_call(), kAmple).outcome ==
        AttemptOutcome::rejected);
}

TEST_CASE("a hook's server that repeats what it was asked does not put a token into the timeline",
          "[webhook]") {
  for (const int status : {200, 500}) {
    Receiver receiver({Reply::Kind::echo, status, "", ""});
    const auto hook = webhook(receiver.url("/hooks/T0KEN-T0KEN?key=hush-hush-hush"), kSecret);
    CHECK(hook->run(sample_hook_call(), kAmple).detail ==
          "HTTP " + std::to_string(status) + ": (its text is not shown)");
  }
}

TEST_CASE("wrong settings of a hook are refused by key and without the secret", "[webhook]") {
  const auto refusal = [](const std::string& url, const std::string& secret) {
    auto made = find_hook("webhook")->make({"restart", {{"url", url}, {"secret", secret}}});
    REQUIRE_FALSE(made);
    return made.error().message;
  };
  CHECK(refusal("", "") == "hooks.restart.url: it is required; write where to post");
  CHECK_THAT(refusal("ftp://x", ""),
             Catch::Matchers::StartsWith("hooks.restart.url: the URL must begin with"));
  const std::string wrong = refusal("http://x", "whsec_aHVzaA==");
  CHECK_THAT(wrong, Catch::Matchers::StartsWith("hooks.restart.secret: "));
  CHECK_THAT(wrong, !Catch::Matchers::Contains("aHVzaA"));
}
