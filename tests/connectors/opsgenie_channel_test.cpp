// What the channel `opsgenie` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("opsgenie");
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

TEST_CASE("opsgenie channel: the incident is created and closed under one alias") {
  House house;
  const auto page = house.json(sample_notification());
  CHECK(page.at("alias") == "tocsin-7zq4m2k9w1x3c5v8");
  CHECK(page.at("priority") == "P1");
  CHECK(page.at("message").get<std::string>().size() <= 130);
  Notification over = sample_notification();
  over.kind = MessageKind::resolved;
  const ReceivedRequest closed = house.post(over);
  CHECK(closed.line.find("/v2/alerts/tocsin-7zq4m2k9w1x3c5v8/close?identifierType=alias ") !=
        std::string::npos);
  CHECK(closed.header("Authorization") == "GenieKey " + std::string(kSecret));
}
