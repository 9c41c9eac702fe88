// What Twilio posts: replies, digits, and how it went.
#include "tests/connectors/hearing.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Heard;

namespace {

const std::string kToken = "twilio-auth-token";

Heard text(const std::string& body, const std::string& token = kToken) {
  Heard heard("twilio-sms", {{"token", kToken}});
  heard.by_twilio("MessageSid=SM1&From=%2B353871234567&To=%2B15005550006&Body=" + body, token);
  return heard;
}
Heard call(const std::string& form, const std::string& token = kToken) {
  Heard heard("twilio-voice", {{"token", kToken}});
  heard.by_twilio(form, token);
  return heard;
}

std::string outcome(const Heard& heard) {
  const auto said = heard.ear.receipt(heard.hearing());
  if (!said) return said.error().message.substr(0, 18);
  if (!*said) return "on its way";
  return std::string(to_string((**said).outcome)) + ": " + (**said).detail;
}
std::string of_text(const std::string& form) {
  Heard heard("twilio-sms", {{"token", kToken}});
  return outcome(heard.by_twilio(form, kToken));
}

}  // namespace

TEST_CASE("a reply says what is wanted and of which incident and who it was") {
  struct Row {
    const char* body;
    Wish wish;
    const char* code;
  };
  for (const Row& row :
       {Row{"ACK", Wish::acknowledge, ""}, Row{"1+95wzn", Wish::acknowledge, "95wzn"},
        Row{"+Ack:+95WZN+", Wish::acknowledge, "95wzn"}, Row{"r+95wzn", Wish::resolve, "95wzn"},
        Row{"Resolve", Wish::resolve, ""}, Row{"e+95wzn", Wish::escalate, "95wzn"},
        Row{"95wzn", Wish::unclear, ""}, Row{"", Wish::unclear, ""},
        Row{"1%0A95wzn", Wish::acknowledge, "95wzn"}, Row{"10", Wish::unclear, ""},
        Row{"%F0%9F%91%8D", Wish::unclear, ""}}) {
    INFO(row.body);
    const Spoken spoken = text(row.body).heard();
    CHECK(spoken.wish == row.wish);
    CHECK(spoken.code == row.code);
    CHECK(spoken.press.empty());
    CHECK(spoken.addresses == std::vector<std::string>{"+353871234567"});
  }
}

TEST_CASE("a reply that is no message of anybody asks for nothing") {
  Heard heard("twilio-sms", {{"token", kToken}});
  CHECK(heard.by_twilio("SmsStatus=sent", kToken).heard().wish == Wish::nothing);
}

TEST_CASE("what Twilio did not sign for this URL is refused and says what to look at") {
  for (const Heard& heard : {text("1", "another"), call("CallSid=CA1&Digits=1", "another")}) {
    const auto spoken = heard.hear();
    REQUIRE_FALSE(spoken);
    CHECK(spoken.error().kind == ErrorKind::refused);
    CHECK(spoken.error().message.find("server.external_url") != std::string::npos);
    CHECK(spoken.error().message.find(kToken) == std::string::npos);
  }
  Heard elsewhere = text("1");
  elsewhere.url += "/more";
  CHECK_FALSE(elsewhere.hear());
  Heard changed = text("1");
  changed.request.body += "&Body=r";
  CHECK_FALSE(changed.hear());
  Heard unsigned_ = text("1");
  unsigned_.request.headers.clear();
  CHECK_FALSE(unsigned_.hear());
  const Heard huge = text(std::string(kMostHeardBytes, 'a'));
  REQUIRE_FALSE(huge.hear());
  CHECK(huge.hear().error().kind == ErrorKind::invalid);
}

TEST_CASE("a reply is answered by a text that is XML whatever it says") {
  const Echo echo = text("1").answer(
      {Ended::How::unclear, "Reply 1 and a code:\n95wzn a < b & \x1b[31m c", {}, {}});
  CHECK(echo.response.status == 200);
  CHECK(echo.response.content_type == "text/xml");
  CHECK(echo.response.body.find("<Message>Reply 1 and a code:\n95wzn a &lt; b &amp; ") !=
        std::string::npos);
  CHECK(echo.response.body.find('\x1b') == std::string::npos);
  CHECK_FALSE(echo.then);
  CHECK(text("1").answer({}).response.body.find("<Message>") == std::string::npos);
}

TEST_CASE("of a call's digits one acknowledges and is answered in words that are said") {
  CHECK(call("CallSid=CA1&Digits=1&To=%2B353").heard().wish == Wish::acknowledge);
  for (const char* form :
       {"CallSid=CA1&Digits=9", "CallSid=CA1", "CallSid=CA1&Digits=11", "Digits=1"})
    CHECK(call(form).heard().wish == Wish::nothing);
  const auto said = [](Ended::How how) {
    return call("CallSid=CA1").answer({how, "It is < over.", {}, {}}).response.body;
  };
  CHECK(said(Ended::How::done).find("<Say>Thank you.") != std::string::npos);
  CHECK(said(Ended::How::again).find("You will be called again.") != std::string::npos);
  CHECK(said(Ended::How::nothing).find("Nothing was acknowledged.") != std::string::npos);
  CHECK(said(Ended::How::over).find("<Say>It is &lt; over.</Say><Hangup/>") != std::string::npos);
}

TEST_CASE("a text message is delivered or it is not or it is on its way") {
  CHECK(of_text("MessageSid=SM1&MessageStatus=delivered") == "delivered: delivered");
  CHECK(of_text("MessageStatus=undelivered&ErrorCode=30003") ==
        "undelivered: undelivered, error 30003");
  CHECK(of_text("MessageStatus=failed") == "undelivered: failed");
  for (const char* word : {"queued", "sending", "sent", "%3Cscript%3E", ""})
    CHECK(of_text("MessageStatus=" + std::string(word)) == "on its way");
  CHECK(outcome(text("1", "another")) == "X-Twilio-Signature");
}

TEST_CASE("a call that a person answers is delivered and one that a machine answers is not") {
  const auto of_call = [](const std::string& form) { return outcome(call(form)); };
  CHECK(of_call("CallStatus=completed&AnsweredBy=human") == "delivered: answered by a person");
  CHECK(of_call("CallStatus=completed&AnsweredBy=machine_start") ==
        "undelivered: answered by a machine");
  CHECK(of_call("CallStatus=completed") == "on its way");  // nobody knows who answered
  for (const char* word : {"busy", "no-answer", "failed", "canceled"})
    CHECK(of_call("CallStatus=" + std::string(word)) == std::string("undelivered: ") + word);
  CHECK(of_call("CallStatus=ringing") == "on its way");
  CHECK(outcome(call("CallStatus=busy", "another")) == "X-Twilio-Signature");
}
