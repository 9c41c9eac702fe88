#include <nlohmann/json.hpp>

#include "connectors/channel.hpp"
#include "connectors/wire/standard_webhooks.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;
using tocsin::testing::sample_notification;

namespace {

constexpr Duration kAmple = std::chrono::seconds(20);
constexpr const char* kSecret = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw";

std::unique_ptr<Channel> webhook(const std::string& url, const std::string& secret = {}) {
  auto made = find_channel("webhook")->make({"hook", {{"url", url}, {"secret", secret}}}, {});
  if (!made) FAIL(made.error().message);
  return std::move(made).value();
}

std::unique_ptr<Channel> webhook_with_receipts(const std::string& url, const std::string& within) {
  auto made =
      find_channel("webhook")->make({"hook", {{"url", url}, {"receipt_within", within}}}, {});
  if (!made) FAIL(made.error().message);
  return std::move(made).value();
}

std::string refusal(const std::string& url, const std::string& secret) {
  auto made = find_channel("webhook")->make({"hook", {{"url", url}, {"secret", secret}}}, {});
  REQUIRE_FALSE(made);
  return made.error().message;
}

}  // namespace

TEST_CASE("the webhook posts the documented body signed as Standard Webhooks says", "[webhook]") {
  Receiver receiver({Reply::Kind::answer, 204, "", ""});
  Notification n = sample_notification();
  n.contact.address = "\"quoted\" \xff";
  const Attempt attempt = webhook(receiver.url("/page"), kSecret)->deliver(n, kAmple);
  CHECK(attempt.outcome == AttemptOutcome::accepted);
  const auto seen = receiver.requests().at(0);
  CHECK(seen.line == "POST /page HTTP/1.1");
  CHECK(nlohmann::json::parse(seen.body) ==
        nlohmann::json{{"id", "msg-7zq4m2k9w1x3c5v8"},
                       {"type", "page"},
                       {"gameday", nullptr},
                       {"not_the_drill", nullptr},
                       {"title", "HighErrorRate: checkout"},
                       {"timestamp", "2026-11-22T02:04:11.000Z"},
                       {"person", "ada"},
                       {"address", "\"quoted\" \ufffd"},
                       {"incident", {{"id", "7zq4m2k9w1x3c5v8"}, {"state", "open"}}},
                       {"acknowledge_url", n.acknowledge_url},
                       {"console_url", n.console_url},
                       {"receipt_url", nullptr},
                       {"digest", nullptr},
                       {"bundle", nullptr},
                       {"notice", nullptr}});
  CHECK_FALSE(attempt.receipt_within);
  CHECK(seen.header("Content-Type") == "application/json");
  CHECK(seen.header("webhook-id") == "msg-7zq4m2k9w1x3c5v8");
  CHECK(seen.header("webhook-timestamp") == "1795313051");
  CHECK(seen.header("webhook-signature") == wire::webhook_signature(*wire::webhook_key(kSecret),
                                                                    "msg-7zq4m2k9w1x3c5v8",
                                                                    1795313051, seen.body));
}

TEST_CASE("with receipt_within the webhook passes on where to say that a page was delivered",
          "[webhook]") {
  Receiver receiver;
  const auto channel = webhook_with_receipts(receiver.url("/page"), "30s");
  Notification n = sample_notification();
  CHECK(channel->deliver(n, kAmple).receipt_within == std::chrono::seconds(30));
  CHECK(nlohmann::json::parse(receiver.requests().at(0).body).at("receipt_url") == n.receipt_url);
  // What is no page has no such link, and nobody waits for a word about it.
  n.kind = MessageKind::resolved;
  n.receipt_url.clear();
  CHECK_FALSE(channel->deliver(n, kAmple).receipt_within);
  CHECK(nlohmann::json::parse(receiver.requests().at(1).body).at("receipt_url").is_null());
  receiver.answer_with({Reply::Kind::answer, 503, "", ""});
  CHECK_FALSE(channel->deliver(sample_notification(), kAmple).receipt_within);
}

TEST_CASE("a time for receipts that is none is refused by its key", "[webhook]") {
  for (const char* within : {"soon", "0s", "999ms", "11m", "30"}) {
    INFO(within);
    const auto made = find_channel("webhook")->make(
        {"hook", {{"url", "http://127.0.0.1/"}, {"receipt_within", within}}}, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().message ==
          "channels.hook.receipt_within: write a duration from 1s to 10m, such as 30s");
  }
}

TEST_CASE("no type of a drill's message is one of a message in earnest", "[webhook]") {
  const auto posted = [](const Notification& n) {
    Receiver receiver;
    webhook(receiver.url("/page"))->deliver(n, kAmple);
    return nlohmann::json::parse(receiver.requests().at(0).body);
  };
  std::vector<std::string> types;
  for (const MessageKind kind : tocsin::testing::kToChannels) {
    const auto body = posted(tocsin::testing::sample_drill(kind));
    CHECK(body.at("gameday") == "payments-staging");
    CHECK(body.at("title") == "[GAMEDAY payments-staging] HighErrorRate: checkout");
    CHECK(body.at("not_the_drill").is_null());
    types.push_back(body.at("type"));
  }
  CHECK(types == std::vector<std::string>{"drill", "drill_resolved", "drill_advice",
                                          "drill_no_procedure", "drill_digest", "drill_paused",
                                          "drill_bundle", "drill_resolved_bundle"});
  Notification real = sample_notification();
  real.not_the_drill = "REAL, not the GameDay drill payments-staging";
  const auto body = posted(real);
  CHECK(body.at("type") == "page");
  CHECK(body.at("gameday").is_null());
  CHECK(body.at("not_the_drill") == real.not_the_drill);
}

TEST_CASE("the webhook posts a digest with all that it names and how many there are", "[webhook]") {
  Receiver receiver;
  Notification n = sample_notification();
  n.kind = MessageKind::digest;
  n.passed = {{"7zq4", "db \"slow\"", n.opened_at, n.now}};
  n.passed_in_all = 38;
  webhook(receiver.url("/page"))->deliver(n, kAmple);
  const auto body = nlohmann::json::parse(receiver.requests().at(0).body);
  CHECK(body.at("type") == "digest");
  CHECK(body.at("digest") == nlohmann::json{{"count", 38},
                                            {"incidents",
                                             {{{"id", "7zq4"},
                                               {"title", "db \"slow\""},
                                               {"opened_at", "2026-11-22T01:51:51.000Z"},
                                               {"ended_at", "2026-11-22T02:04:11.000Z"}}}}});
}

TEST_CASE("the webhook posts a bundle with a link for each that it names", "[webhook]") {
  Receiver receiver;
  Notification n = sample_notification();
  n.kind = MessageKind::bundle;
  n.incident_json.clear();
  n.acknowledge_url.clear();
  n.bundled = {{"7zq4", "db \"down\"", Severity::critical, n.opened_at, "http://localhost/p/1"},
               {"8xr5", "disk", Severity::error, n.now, ""}};
  n.bundled_in_all = 38;
  webhook(receiver.url("/page"))->deliver(n, kAmple);
  const auto body = nlohmann::json::parse(receiver.requests().at(0).body);
  CHECK(body.at("type") == "bundle");
  CHECK(body.at("incident").is_null());
  CHECK(body.at("acknowledge_url").is_null());
  CHECK(body.at("bundle") == nlohmann::json{{"count", 38},
                                            {"incidents",
                                             {{{"id", "7zq4"},
                                               {"title", "db \"down\""},
                                               {"severity", "critical"},
                                               {"opened_at", "2026-11-22T01:51:51.000Z"},
                                               {"acknowledge_url", "http://localhost/p/1"}},
                                              {{"id", "8xr5"},
                                               {"title", "disk"},
                                               {"severity", "error"},
                                               {"opened_at", "2026-11-22T02:04:11.000Z"},
                                               {"acknowledge_url", nullptr}}}}});
}

TEST_CASE("a webhook without a secret is not signed and what is not known is null", "[webhook]") {
  Receiver receiver;
  Notification n;
  n.id.text = "m";
  n.kind = MessageKind::resolved;
  CHECK(webhook(receiver.url())->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  const auto seen = receiver.requests().at(0);
  CHECK(seen.header("webhook-signature").empty());
  const auto body = nlohmann::json::parse(seen.body);
  CHECK(body["type"] == "resolved");
  for (const char* key :
       {"person", "address", "incident", "acknowledge_url", "console_url", "digest"})
    CHECK(body[key].is_null());
}

TEST_CASE("a retry carries the same id", "[webhook]") {
  Receiver receiver({Reply::Kind::answer, 503, "Retry-After: 12\r\n", "busy"});
  const auto channel = webhook(receiver.url(), kSecret);
  Notification n = sample_notification();
  const Attempt first = channel->deliver(n, kAmple);
  CHECK(first.outcome == AttemptOutcome::retry_later);
  CHECK(first.retry_after == std::chrono::seconds(12));
  CHECK(first.detail == "HTTP 503: busy");
  receiver.answer_with({});
  n.now += std::chrono::seconds(12);
  CHECK(channel->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  const auto seen = receiver.requests();
  CHECK(seen.at(0).header("webhook-id") == seen.at(1).header("webhook-id"));
  CHECK(seen.at(0).header("webhook-timestamp") != seen.at(1).header("webhook-timestamp"));
}

TEST_CASE("an endpoint that is gone is never tried again", "[webhook]") {
  Receiver receiver({Reply::Kind::answer, 410, "", "gone"});
  const Attempt attempt = webhook(receiver.url())->deliver(sample_notification(), kAmple);
  CHECK(attempt == Attempt::rejected("HTTP 410: gone"));
}

TEST_CASE("a server that repeats what it was asked does not put a token into our logs",
          "[webhook]") {
  Receiver receiver({Reply::Kind::echo, 404, "", ""});
  const auto channel = webhook(receiver.url("/hooks/T0KEN-T0KEN?key=hush-hush-hush"), kSecret);
  const Attempt attempt = channel->deliver(sample_notification(), kAmple);
  CHECK(attempt.detail == "HTTP 404: (its text is not shown)");
}

TEST_CASE("wrong settings of a webhook are refused by key and without the secret", "[webhook]") {
  CHECK(refusal("", "") == "channels.hook.url: it is required; write where to post");
  CHECK_THAT(refusal("ftp://x", ""),
             Catch::Matchers::StartsWith("channels.hook.url: the URL must begin with"));
  const std::string wrong = refusal("http://x", "whsec_aHVzaA==");
  CHECK_THAT(wrong, Catch::Matchers::StartsWith("channels.hook.secret: "));
  CHECK_THAT(wrong, !Catch::Matchers::Contains("aHVzaA"));
}
