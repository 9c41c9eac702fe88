// What the channel `twilio-sms` posts, and how it reads the answers.
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
    const ChannelSpec& spec = *find_channel("twilio-sms");
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

TEST_CASE("twilio-sms: a page asks for its delivery report and waits for it") {
  House house;
  house.answers(201, R"({"sid":"SM0123","status":"queued"})");
  const Notification page = sample_notification();
  const ReceivedRequest request = house.post(page);
  CHECK(request.line.find("/Accounts/AC00000000000000000000000000000000/Messages.json") !=
        std::string::npos);
  CHECK(request.header("Authorization").starts_with("Basic "));
  CHECK(value(request.body, "To") == "ada-phone");
  CHECK(value(request.body, "From") == "+15005550006");
  CHECK(value(request.body, "StatusCallback") == page.receipt_url);
  CHECK(value(request.body, "Body").ends_with("\n" + page.acknowledge_url));
  CHECK(house.said.outcome == AttemptOutcome::accepted);
  CHECK(house.said.provider_id == "SM0123");
  CHECK(house.said.receipt_within == 60s);
}

TEST_CASE("twilio-sms: a message without a receipt waits for none") {
  House house;
  Notification over = sample_notification();
  over.kind = MessageKind::resolved;
  over.receipt_url.clear();
  CHECK(house.post(over).body.find("StatusCallback") == std::string::npos);
  CHECK_FALSE(house.said.receipt_within);
}

TEST_CASE("twilio-sms: a time for receipts that makes no sense is refused") {
  const ChannelSpec& spec = *find_channel("twilio-sms");
  const Receiver receiver;
  for (const char* text : {"0s", "1h", "soon"}) {
    Values values = talking_to(receiver, spec.fields);
    values.values["receipt_within"] = text;
    const auto made = spec.make(values, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().message.starts_with("channels.under-test.receipt_within: "));
  }
}

TEST_CASE("twilio-sms: how to reply comes first below the headline where replies are wanted") {
  House house;
  Notification page = sample_notification();
  page.tried.assign(20, std::string(300, 'x'));
  const std::string text = value(house.post(page).body, "Body");
  CHECK(
      text.starts_with("CRITICAL: HighErrorRate: checkout\nReply 1 7zq4m to acknowledge, R 7zq4m "
                       "to resolve\nCustomers cannot pay\n"));
  CHECK(text.ends_with("\n" + page.acknowledge_url));
  page.press.clear();
  CHECK(value(house.post(page).body, "Body").find("Reply") == std::string::npos);
  const ChannelSpec& spec = *find_channel("twilio-sms");
  Values values = talking_to(house.receiver, spec.fields);
  values.values.erase("replies");
  house.channel = std::move(*spec.make(values, {}));
  CHECK(value(house.post(sample_notification()).body, "Body").find("Reply") == std::string::npos);
}
