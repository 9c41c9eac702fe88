// What the channel `discord` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("discord");
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

TEST_CASE("discord: a message fits and mentions nobody") {
  House house;
  Notification page = sample_notification();
  page.summary = "@everyone";
  page.tried.assign(100, std::string(600, 'x'));
  const auto body = house.json(page);
  CHECK(body.at("content").get<std::string>().size() <= 2000);
  CHECK(body.at("content").get<std::string>().ends_with(page.acknowledge_url));
  CHECK(body.at("allowed_mentions").at("parse").empty());
}

TEST_CASE("discord: what an alert says is no markup and calls nobody") {
  House house;
  Notification page = sample_notification();
  page.title = "[click](https://evil.example.com) @channel *now*";
  page.summary = "see https://runbooks.example.com/a_b and https://evil.example.com/)[x](y";
  const std::string text = house.json(page).at("content");
  CHECK(text.starts_with(
      "CRITICAL: \\[click\\]\\(https://evil.example.com\\) @\u200bchannel \\*now\\*\n"));
  CHECK_THAT(text, Catch::Matchers::Contains("see https://runbooks.example.com/a_b and "));
  CHECK_THAT(text, Catch::Matchers::Contains("https://evil.example.com/\\)\\[x\\]\\(y"));
  CHECK(text.ends_with("\n" + page.acknowledge_url));
}
