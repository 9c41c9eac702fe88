// What the channel `mattermost` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("mattermost");
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

TEST_CASE("mattermost: the headline comes first and the link last") {
  House house;
  const Notification page = sample_notification();
  const std::string text = house.json(page).at("text");
  CHECK(text.starts_with("CRITICAL: HighErrorRate: checkout\n"));
  CHECK(text.ends_with("\n" + page.acknowledge_url));
}

TEST_CASE("mattermost: however much is said the link is whole") {
  House house;
  Notification page = sample_notification();
  page.title = std::string(20'000, 't');
  page.tried.assign(100, std::string(600, 'x'));
  const std::string text = house.json(page).at("text");
  CHECK(text.size() <= 12'000);
  CHECK(text.ends_with("\n" + page.acknowledge_url));
}

TEST_CASE("mattermost: what an alert says is no markup and calls nobody") {
  House house;
  Notification page = sample_notification();
  page.title = "[click](https://evil.example.com) @channel *now*";
  page.summary = "see https://runbooks.example.com/a_b and https://evil.example.com/)[x](y";
  const std::string text = house.json(page).at("text");
  CHECK(text.starts_with(
      "CRITICAL: \\[click\\]\\(https://evil.example.com\\) @\u200bchannel \\*now\\*\n"));
  CHECK_THAT(text, Catch::Matchers::Contains("see https://runbooks.example.com/a_b and "));
  CHECK_THAT(text, Catch::Matchers::Contains("https://evil.example.com/\\)\\[x\\]\\(y"));
  CHECK(text.ends_with("\n" + page.acknowledge_url));
}

TEST_CASE("mattermost: buttons bring back what they are of and are not there unasked for") {
  House house;
  const Notification page = sample_notification();
  const auto body = house.json(page);
  const auto& actions = body.at("attachments").at(0).at("actions");
  REQUIRE(actions.size() == 4);
  const auto& context = actions.at(0).at("integration").at("context");
  CHECK(actions.at(0).at("integration").at("url") == page.answer_url);
  CHECK(context.at("press") == page.press);
  CHECK(context.at("do") == "acknowledge");
  CHECK(context.at("text").get<std::string>().starts_with("CRITICAL: HighErrorRate"));
  CHECK(context.at("text").get<std::string>().size() <= 1'500);
  Notification over = page;
  over.kind = MessageKind::resolved;
  CHECK(house.json(over).count("attachments") == 0);
  const ChannelSpec& spec = *find_channel("mattermost");
  Values values = talking_to(house.receiver, spec.fields);
  values.values.erase("buttons");
  house.channel = std::move(*spec.make(values, {}));
  CHECK(house.json(page).count("attachments") == 0);
  values.values["buttons"] = "perhaps";
  const auto made = spec.make(values, {});
  REQUIRE_FALSE(made);
  CHECK(made.error().message == "channels.under-test.buttons: write yes or no");
}
