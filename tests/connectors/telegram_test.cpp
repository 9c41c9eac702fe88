// What the channel `telegram` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("telegram");
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

TEST_CASE("telegram: a message goes to the chat by the bot with what is said escaped") {
  House house;
  Notification page = sample_notification();
  page.title = "a <b> & c";
  page.acknowledge_url = "https://tocsin.example.com/p/x.y";
  const ReceivedRequest request = house.post(page);
  CHECK(request.line.find("/bot" + std::string(kSecret) + "/sendMessage") != std::string::npos);
  const auto body = nlohmann::json::parse(request.body);
  CHECK(body.at("chat_id") == "ada-phone");
  CHECK(body.at("text").get<std::string>().starts_with("CRITICAL: a &lt;b&gt; &amp; c\n"));
  const auto& keyboard = body.at("reply_markup").at("inline_keyboard");
  CHECK(keyboard.back().at(0).at("url") == page.acknowledge_url);
  std::string all;
  for (const auto& row : keyboard)
    for (const auto& button : row)
      if (button.contains("callback_data")) {
        const std::string data = button.at("callback_data");
        CHECK(data.size() <= 64);
        CHECK(data.substr(1) == ":" + page.press);
        all += data.front();
      }
  CHECK(all == "ares");
}

TEST_CASE("telegram: a rate limit says for how long in its body") {
  House house;
  house.answers(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":17}})");
  house.post(sample_notification());
  CHECK(house.said.outcome == AttemptOutcome::retry_later);
  CHECK(house.said.retry_after == 17s);
}

TEST_CASE("telegram: without a secret for the webhook the only button is a link") {
  const ChannelSpec& spec = *find_channel("telegram");
  const Receiver receiver;
  Values values = talking_to(receiver, spec.fields);
  values.values.erase("webhook_secret");
  const auto channel = spec.make(values, {});
  REQUIRE(channel);
  Notification page = sample_notification();
  page.acknowledge_url = "https://tocsin.example.com/p/x.y";
  (*channel)->deliver(page, 20s);
  CHECK(receiver.requests().back().body.find("callback_data") == std::string::npos);
  for (const char* secret : {"with a blank", "umlaut-\u00fc"}) {
    values.values["webhook_secret"] = secret;
    const auto made = spec.make(values, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().message.starts_with("channels.under-test.webhook_secret: "));
    CHECK(made.error().message.find(secret) == std::string::npos);
  }
}
