// What the channel `pagerduty` posts, and how it reads the answers.
#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace std::chrono_literals;

namespace {

struct House {
  Receiver receiver;
  std::unique_ptr<Channel> channel = made();
  Attempt said;

  std::unique_ptr<Channel> made() {
    const ChannelSpec& spec = *find_channel("pagerduty");
    auto made = spec.make(talking_to(receiver, spec.fields), {});
    if (!made) FAIL(made.error().message);
    return std::move(*made);
  }
  ReceivedRequest post(const Notification& n) {
    said = channel->deliver(n, 20s);
    REQUIRE_FALSE(receiver.requests().empty());
    return receiver.requests().back();
  }
  nlohmann::json json(const Notification& n) { return nlohmann::json::parse(post(n).body); }
  void answers(int status, const std::string& body) {
    receiver.answer_with({Reply::Kind::answer, status, "", body});
  }
};

}  // namespace

TEST_CASE("pagerduty channel: the incident is triggered and resolved under one key") {
  House house;
  const auto page = house.json(sample_notification());
  CHECK(page.at("event_action") == "trigger");
  CHECK(page.at("payload").at("severity") == "critical");
  CHECK(page.at("payload").at("source") == "checkout");
  Notification over = sample_notification();
  over.kind = MessageKind::resolved;
  const auto resolved = house.json(over);
  CHECK(resolved.at("event_action") == "resolve");
  CHECK(resolved.at("dedup_key") == page.at("dedup_key"));
}

TEST_CASE(
    "pagerduty channel: what is of no one incident has a key that tells whose it is as well") {
  House house;
  Notification many = sample_notification();
  many.kind = MessageKind::bundle;
  many.incident.clear();
  const auto event = house.json(many);
  CHECK(event.at("client") == "tocsin");
  CHECK(event.at("dedup_key") == "tocsin-msg-7zq4m2k9w1x3c5v8");
}

TEST_CASE("pagerduty channel: what is only for reading opens no incident there") {
  for (const MessageKind kind : {MessageKind::advice, MessageKind::no_procedure,
                                 MessageKind::digest, MessageKind::resolved_bundle}) {
    House house;
    Notification n = sample_notification();
    n.kind = kind;
    const ReceivedRequest request = house.post(n);
    INFO(to_string(kind));
    CHECK(request.line.find("/v2/change/enqueue ") != std::string::npos);
    const auto change = nlohmann::json::parse(request.body);
    CHECK(change.count("event_action") == 0);
    CHECK(
        change.at("payload").at("summary").get<std::string>().ends_with("HighErrorRate: checkout"));
  }
  House house;
  CHECK(house.post(sample_notification()).line.find("/v2/enqueue ") != std::string::npos);
}
