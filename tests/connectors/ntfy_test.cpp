// What the channel `ntfy` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("ntfy");
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

TEST_CASE("ntfy: a page has its topic and priority and a button that posts to its link") {
  House house;
  const Notification page = sample_notification();
  const auto body = house.json(page);
  CHECK(body.at("topic") == "ada-phone");
  CHECK(body.at("title") == "CRITICAL: HighErrorRate: checkout");
  CHECK(body.at("priority") == 5);
  CHECK(body.at("click") == page.acknowledge_url);
  CHECK(body.at("actions").at(0).at("action") == "http");
  CHECK(body.at("actions").at(0).at("url") == page.acknowledge_url);
  CHECK(body.at("actions").at(0).at("body") == "do=acknowledge");
  CHECK(body.at("message").get<std::string>().find("Customers cannot pay") == 0);
}

TEST_CASE("ntfy: what asks nobody to get up has no button and no alarm") {
  House house;
  Notification over = sample_notification();
  over.kind = MessageKind::resolved;
  over.acknowledge_url.clear();
  const auto body = house.json(over);
  CHECK(body.at("priority") == 3);
  CHECK(body.at("actions").empty());
  CHECK(body.at("title") == "RESOLVED: HighErrorRate: checkout");
}

TEST_CASE("ntfy: a message stays below the size that becomes an attachment") {
  House house;
  Notification page = sample_notification();
  page.summary = std::string(10'000, 'x');
  page.why = std::string(10'000, 'y');
  CHECK(house.json(page).at("message").get<std::string>().size() < 4096);
}
