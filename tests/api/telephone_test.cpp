// What a telephone provider posts: digits and how it went.
#include "router/api/telephone.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::api;

namespace {

HttpRequest posted(const std::string& body) {
  HttpRequest request;
  request.body = body;
  return request;
}

std::string outcome(const std::string& form) {
  const auto status = telephone_status(form);
  if (!status) return "no report";
  if (!status->receipt) return "on its way";
  return std::string(to_string(status->receipt->outcome)) + ": " + status->receipt->detail;
}

}  // namespace

TEST_CASE("digits are read from the form of a call and from nothing else") {
  CHECK(digits_pressed(posted("CallSid=CA1&Digits=1&To=%2B353")) == "1");
  CHECK(digits_pressed(posted("CallSid=CA1")) == "");
  CHECK_FALSE(digits_pressed(posted("do=acknowledge")));
  CHECK_FALSE(digits_pressed(posted("")));
  CHECK_FALSE(digits_pressed(posted("CallSid=" + std::string(kMostTelephoneBytes, 'a'))));
}

TEST_CASE("a text message is delivered or it is not or it is on its way") {
  CHECK(outcome("MessageSid=SM1&MessageStatus=delivered") == "delivered: delivered");
  CHECK(outcome("MessageStatus=undelivered&ErrorCode=30003") ==
        "undelivered: undelivered, error 30003");
  CHECK(outcome("MessageStatus=failed") == "undelivered: failed");
  for (const char* word : {"queued", "sending", "sent", "%3Cscript%3E", ""})
    CHECK(outcome("MessageStatus=" + std::string(word)) == "on its way");
}

TEST_CASE("a call that a person answers is delivered and one that a machine answers is not") {
  CHECK(outcome("CallStatus=completed&AnsweredBy=human") == "delivered: answered by a person");
  CHECK(outcome("CallStatus=completed&AnsweredBy=machine_start") ==
        "undelivered: answered by a machine");
  CHECK(outcome("CallStatus=completed") == "on its way");  // nobody knows who answered
  for (const char* word : {"busy", "no-answer", "failed", "canceled"})
    CHECK(outcome("CallStatus=" + std::string(word)) == std::string("undelivered: ") + word);
  CHECK(outcome("CallStatus=ringing") == "on its way");
}

TEST_CASE("what is no form of a telephone is no report") {
  for (const char* body : {"", "{}", R"({"status":"delivered"})", "&&&=&%", "MessageStatuss=x"})
    CHECK(outcome(body) == "no report");
}

TEST_CASE("what is said on the phone is XML whatever it says") {
  const HttpResponse answer = said_on_the_phone("a < b & \n c");
  CHECK(answer.content_type == "text/xml");
  CHECK(answer.body.find("<Say>a &lt; b &amp; c</Say>") != std::string::npos);
}
