// What a channel's provider posts back: buttons, digits, replies, receipts. Signed as it should be,
// since of what is not little is read.
#include "connectors/ear.hpp"

#include "connectors/channel.hpp"
#include "connectors/wire/vendor_signatures.hpp"
#include "router/core/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace connectors;

constexpr WallTime kNow{std::chrono::seconds(1'795'312'363)};
constexpr std::string_view kUrl = "https://tocsin.example.com/answers/under-test";

std::vector<std::string> seeds() {
  return {
      "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U1%22%7D%2C"
      "%22actions%22%3A%5B%7B%22action_id%22%3A%22acknowledge%22%2C%22value%22%3A%22a.1.b%22%7D"
      "%5D%7D",
      R"({"callback_query":{"id":"1","from":{"id":7,"username":"ada"},"data":"a:i.1.s",)"
      R"("message":{"message_id":3,"chat":{"id":7},"text":"t"}}})",
      R"({"user_id":"u","user_name":"ada","context":{"do":"acknowledge","press":"i.1.s"}})",
      "Digits=1&CallSid=CA1",
      "From=%2B353871234567&Body=ack+k4n5&MessageSid=SM1",
      "MessageStatus=delivered&MessageSid=SM1",
      "CallStatus=completed&AnsweredBy=machine_start",
      "receipt=r&acknowledged=1&acknowledged_by=u",
      "[[[[[[[[[[[[["};
}

HttpRequest signed_request(std::string_view input) {
  HttpRequest request;
  request.method = "POST";
  request.body = input;
  const std::string time =
      std::to_string(std::chrono::floor<std::chrono::seconds>(kNow.time_since_epoch()).count());
  request.headers = {
      {"content-type", "application/x-www-form-urlencoded"},
      {"x-slack-request-timestamp", time},
      {"x-slack-signature", wire::slack_signature("secret", time, input)},
      {"x-twilio-signature", wire::twilio_signature("token", kUrl, wire::read_form(input))},
      {"x-telegram-bot-api-secret-token", "secret"}};
  return request;
}

void check_response(const HttpResponse& response) {
  PROMISE(response.status >= 200 && response.status < 600, std::to_string(response.status));
  PROMISE(is_utf8(response.body), response.body);
}

}  // namespace

TOCSIN_FUZZ_TARGET(ear, seeds) {
  const HttpRequest request = signed_request(input);
  const Values settings{
      "under-test",
      {{"signing_secret", "secret"}, {"webhook_secret", "secret"}, {"token", "token"}}};
  for (const ChannelSpec* channel : all_channels()) {
    if (!channel->ear) continue;
    const Hearing hearing{request, settings, std::string(kUrl), kNow};
    const auto spoken = channel->ear->hear(hearing);
    if (!spoken) {
      check_error_text(spoken.error().message);
    } else {
      const Ended ended{spoken->wish == Wish::nothing ? Ended::How::nothing : Ended::How::done,
                        "Acknowledged.",
                        "Acknowledged by ada at 05:12 UTC",
                        {Wish::resolve}};
      const Echo echo = channel->ear->answer(hearing, ended);
      check_response(echo.response);
      if (echo.then) PROMISE(is_utf8(echo.then->body), echo.then->body);
    }
    if (!channel->ear->receipt) continue;
    if (const auto attempt = channel->ear->receipt(hearing); !attempt)
      check_error_text(attempt.error().message);
  }
}

}  // namespace tocsin::fuzz
