// `twilio-voice`: phone calls by Twilio: says what it is, and 1 acknowledges.
//
// https://www.twilio.com/docs/voice/api/call-resource: a form with Basic auth; 201 is queued. What
// is said comes with the request as TwiML, up to 4000 characters, so that nothing of ours is
// fetched; <Gather>'s action is posted to with the digit: the page's link. A mailbox answers as
// well, which is why only the digit acknowledges, and MachineDetection tells the receipt who
// answered.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/twilio.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using channels::headline;

constexpr std::array<Field, 4> kFields{{
    {"account", true, false, "the account's SID, AC…", "AC00000000000000000000000000000000"},
    {"token", true, true, "the account's auth token"},
    {"from", true, false, "a number of yours, +…", "+15005550006"},
    {"url", false, false, "instead of https://api.twilio.com"},
}};

constexpr std::size_t kMostSaidBytes = 500;
/// A telephone wakes people: what can wait for the morning is for their other contacts.
bool rings(MessageKind kind) {
  return kind == MessageKind::page || kind == MessageKind::bundle ||
         kind == MessageKind::contact_test;
}

class Calls final : public Channel {
 public:
  explicit Calls(std::unique_ptr<Channel> call) : call_(std::move(call)) {}

  Attempt deliver(const Notification& n, Duration budget) override {
    if (rings(n.kind)) return call_->deliver(n, budget);
    return Attempt::accepted("nobody was called: the telephone rings for pages alone");
  }

 private:
  std::unique_ptr<Channel> call_;
};

/// Ringing, listening and a digit: after that the next contact.
constexpr Duration kReceiptWithin = std::chrono::minutes(2);

std::string twiml_of(const Notification& n) {
  // Twice: the first time nobody is awake.
  const std::string text = channels::html_escaped(cut(headline(n), kMostSaidBytes));
  if (n.acknowledge_url.empty())
    return "<Response><Say>" + text + "</Say><Pause/><Say>" + text + "</Say></Response>";
  return "<Response><Gather numDigits=\"1\" timeout=\"10\" action=\"" +
         channels::html_escaped(n.acknowledge_url) + "\"><Say>" + text +
         "</Say><Pause/><Say>Press 1 to acknowledge.</Say><Pause/><Say>" + text +
         "</Say><Say>Press 1 to acknowledge.</Say></Gather></Response>";
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string account,
             channels::needed_setting(values, "account", "it begins with AC"));
  TOCSIN_TRY(const std::string token,
             channels::needed_setting(values, "token", "the console shows it"));
  TOCSIN_TRY(const std::string from,
             channels::needed_setting(values, "from", "write a number of yours, +…"));
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url", "https://api.twilio.com"));
  return std::unique_ptr<Channel>(std::make_unique<Calls>(channels::posting(
      {token, channels::basic_authorization(account, token)},
      [=](const Notification& n) {
        wire::OutgoingRequest request;
        request.url = url + "/2010-04-01/Accounts/" + account + "/Calls.json";
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                           {"Authorization", channels::basic_authorization(account, token)}};
        request.body = channels::form_of({{"To", n.contact.address},
                                          {"From", from},
                                          {"Twiml", twiml_of(n)},
                                          {"MachineDetection", "Enable"},
                                          {"StatusCallback", n.receipt_url}});
        return request;
      },
      [](const Result<wire::Answer>& answer, const Notification& n) {
        Attempt said = wire::to_attempt(answer);
        if (said.outcome != AttemptOutcome::accepted) return said;
        said.provider_id = channels::member_of(answer->body, "sid");
        if (!n.receipt_url.empty()) said.receipt_within = kReceiptWithin;
        return said;
      })));
}

}  // namespace

extern const ChannelSpec twilio_voice_channel;
const ChannelSpec twilio_voice_channel = {
    .name = "twilio-voice",
    .summary = "phone calls by Twilio: says what it is, and 1 acknowledges",
    .fields = kFields,
    .example = R"(  - name: call
    type: twilio-voice
    account: AC00000000000000000000000000000000
    token: "${TWILIO_TOKEN}"
    from: "+15005550006"
)",
    .needs_address = true,
    .make = make,
    .ear = &channels::kCallEar,
};

}  // namespace tocsin::connectors
