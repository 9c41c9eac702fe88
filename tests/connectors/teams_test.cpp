// What the channel `teams` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("teams");
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

TEST_CASE("teams: a card has the headline and the button opens the link") {
  House house;
  const Notification page = sample_notification();
  const auto body = house.json(page);
  const auto& card = body.at("attachments").at(0).at("content");
  CHECK(card.at("type") == "AdaptiveCard");
  const auto& first = card.at("body").at(0);
  CHECK(first.at("type") == "RichTextBlock");
  CHECK(first.at("inlines").at(0).at("type") == "TextRun");  // which is never Markdown
  CHECK(first.at("inlines").at(0).at("text") == "CRITICAL: HighErrorRate: checkout");
  CHECK(card.at("actions").at(0).at("type") == "Action.OpenUrl");
  CHECK(card.at("actions").at(0).at("url") == page.acknowledge_url);
  CHECK(house.post(page).body.size() < 28'000);
}

TEST_CASE("teams: a runbook has a button of its own") {
  House house;
  Notification page = sample_notification();
  page.runbook_url = "https://runbooks.example.com/checkout";
  page.manual_url = "in the blue folder";
  const auto actions = house.json(page).at("attachments").at(0).at("content").at("actions");
  REQUIRE(actions.size() == 2);
  CHECK(actions.at(1).at("url") == page.runbook_url);
  CHECK(actions.at(1).at("title") == "Runbook");
}
