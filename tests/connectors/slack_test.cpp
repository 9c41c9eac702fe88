// What the channel `slack` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("slack");
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

TEST_CASE("slack: a bot posts to its room with a button and what is said is escaped") {
  House house;
  Notification page = sample_notification();
  page.summary = "<!channel> & <@U1>";
  const ReceivedRequest request = house.post(page);
  CHECK(request.line.find("/chat.postMessage ") != std::string::npos);
  CHECK(request.header("Authorization") == "Bearer " + std::string(kSecret));
  const auto body = nlohmann::json::parse(request.body);
  CHECK(body.at("channel") == "C0123456789");
  CHECK(body.at("text") == "CRITICAL: HighErrorRate: checkout");
  const std::string text = body.at("blocks").at(0).at("text").at("text");
  CHECK(text.find("&lt;!channel&gt; &amp; &lt;@U1&gt;") != std::string::npos);
  CHECK(text.find("<") == std::string::npos);
  const auto& elements = body.at("blocks").at(1).at("elements");
  CHECK(elements.back().at("url") == page.acknowledge_url);
  std::vector<std::string> actions;
  for (const auto& element : elements)
    if (element.contains("action_id")) {
      actions.push_back(element.at("action_id"));
      CHECK(element.at("value") == page.press);
    }
  CHECK(actions == std::vector<std::string>{"acknowledge", "resolve", "escalate", "snooze"});
}

TEST_CASE("slack: without a signing secret the button is a link as it is on what is no page") {
  const ChannelSpec& spec = *find_channel("slack");
  for (const bool hears : {false, true}) {
    Receiver receiver({Reply::Kind::answer, 200, "", R"({"ok":true})"});
    Values values = talking_to(receiver, spec.fields);
    if (!hears) values.values.erase("signing_secret");
    const auto channel = spec.make(values, {});
    REQUIRE(channel);
    Notification n = sample_notification();
    if (hears) n.press.clear();
    (*channel)->deliver(n, 20s);
    const auto body = nlohmann::json::parse(receiver.requests().back().body);
    const auto& elements = body.at("blocks").at(1).at("elements");
    REQUIRE(elements.size() == 1);
    CHECK(elements.at(0).at("url") == n.acknowledge_url);
    CHECK(elements.at(0).at("text").at("text") == "Acknowledge");
  }
}

TEST_CASE("slack: a contact that is a user of Slack is written to alone in a thread of its own") {
  House house;
  house.answers(200, R"({"ok":true,"ts":"1787220902.000100"})");
  Notification page = sample_notification();
  house.post(page);
  page.contact = {"ada", "room", "U0123456789"};
  const auto alone = house.json(page);
  CHECK(alone.at("channel") == "U0123456789");
  CHECK(alone.count("thread_ts") == 0);
  CHECK(house.json(page).at("thread_ts") == "1787220902.000100");
  for (const char* other : {"ada", "u0123456789", "U1", "C0123456789", "U0123456789 "}) {
    page.contact.address = other;
    CHECK(house.json(page).at("channel") == "C0123456789");
  }
}

TEST_CASE("slack: a bot is told with 200 that it was not posted") {
  struct Row {
    const char* body;
    AttemptOutcome outcome;
  };
  for (const Row& row :
       {Row{R"({"ok":true,"ts":"1.2"})", AttemptOutcome::accepted},
        Row{R"({"ok":false,"error":"ratelimited"})", AttemptOutcome::retry_later},
        Row{R"({"ok":false,"error":"not_in_channel"})", AttemptOutcome::rejected}}) {
    House house;
    house.answers(200, row.body);
    house.post(sample_notification());
    INFO(row.body);
    CHECK(house.said.outcome == row.outcome);
  }
}

TEST_CASE("slack: what a bot says of an incident is one thread and a page in it is heard") {
  House house;
  house.answers(200, R"({"ok":true,"ts":"1787220902.000100"})");
  Notification page = sample_notification();
  CHECK(house.json(page).count("thread_ts") == 0);
  CHECK(house.said.provider_id == "1787220902.000100");
  house.answers(200, R"({"ok":true,"ts":"1787220999.000200"})");
  const auto again = house.json(page);
  CHECK(again.at("thread_ts") == "1787220902.000100");
  CHECK(again.at("reply_broadcast") == true);
  Notification over = page;
  over.kind = MessageKind::resolved;
  const auto resolved = house.json(over);
  CHECK(resolved.at("thread_ts") == "1787220902.000100");
  CHECK(resolved.count("reply_broadcast") == 0);
  Notification other = page;
  other.incident = "another";
  CHECK(house.json(other).count("thread_ts") == 0);
  // Whose first message is gone begins again.
  house.answers(200, R"({"ok":false,"error":"thread_not_found"})");
  house.post(page);
  CHECK(house.said.outcome == AttemptOutcome::retry_later);
  CHECK(house.json(page).count("thread_ts") == 0);
}

TEST_CASE("slack: what answers in Slack's place has posted nothing") {
  House house;
  for (const char* body : {"", "<html>Sign in to this network</html>", "[]", "{}"}) {
    house.answers(200, body);
    house.post(sample_notification());
    CHECK(house.said.outcome == AttemptOutcome::retry_later);
  }
}

TEST_CASE("slack: without a token it is a webhook and without both it is nothing") {
  const ChannelSpec& spec = *find_channel("slack");
  Receiver receiver;
  const auto webhook = spec.make({"under-test", {{"url", receiver.url("/services/T/B/X")}}}, {});
  REQUIRE(webhook);
  CHECK((*webhook)->deliver(sample_notification(), 20s).outcome == AttemptOutcome::accepted);
  CHECK(receiver.requests().at(0).line.starts_with("POST /services/T/B/X "));
  CHECK(nlohmann::json::parse(receiver.requests()[0].body).count("channel") == 0);
  const auto nothing = spec.make({"under-test", {}}, {});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().message.starts_with("channels.under-test.url: missing; "));
}
