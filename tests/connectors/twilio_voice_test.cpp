// What the channel `twilio-voice` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("twilio-voice");
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

std::string value(const std::string& form, const std::string& name) {
  const std::string all = "&" + form;
  const std::size_t at = all.find("&" + name + "=");
  if (at == std::string::npos) return {};
  return form_values(all.substr(at + 1)).front();
}

}  // namespace

TEST_CASE("twilio-voice: the call says what it is and gathers the digit that acknowledges") {
  House house;
  Notification page = sample_notification();
  page.title = "a < b & c";
  const ReceivedRequest request = house.post(page);
  CHECK(request.line.find("/Calls.json") != std::string::npos);
  const std::string twiml = value(request.body, "Twiml");
  CHECK(twiml.find("<Gather numDigits=\"1\" timeout=\"10\" action=\"" + page.acknowledge_url +
                   "\">") != std::string::npos);
  CHECK(twiml.find("<Say>CRITICAL: a &lt; b &amp; c</Say>") != std::string::npos);
  CHECK(twiml.find("Press 1 to acknowledge.") != std::string::npos);
  CHECK(twiml.size() < 4000);
  CHECK(value(request.body, "MachineDetection") == "Enable");
  CHECK(house.said.receipt_within == 2min);
}

TEST_CASE("twilio-voice: what there is nothing to acknowledge of is only said") {
  House house;
  Notification many = sample_notification();
  many.kind = MessageKind::bundle;
  many.acknowledge_url.clear();
  many.bundled_in_all = 12;
  const std::string twiml = value(house.post(many).body, "Twiml");
  CHECK(twiml.find("Gather") == std::string::npos);
  CHECK(twiml.find("12 AT ONCE: HighErrorRate: checkout") != std::string::npos);
}

TEST_CASE("twilio-voice: nobody is called at night to hear that it is over") {
  House house;
  for (const MessageKind kind :
       {MessageKind::resolved, MessageKind::resolved_bundle, MessageKind::drill_paused,
        MessageKind::on_call, MessageKind::digest, MessageKind::advice}) {
    Notification n = sample_notification();
    n.kind = kind;
    const Attempt said = house.channel->deliver(n, 20s);
    CHECK(said.outcome == AttemptOutcome::accepted);
    CHECK(said.detail == "nobody was called: the telephone rings for pages alone");
  }
  CHECK(house.receiver.requests().empty());
  Notification test = sample_notification();
  test.kind = MessageKind::contact_test;
  house.post(test);
}
