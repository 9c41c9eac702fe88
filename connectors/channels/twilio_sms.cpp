// `twilio-sms`: text messages by Twilio, with delivery receipts; a reply acknowledges.
//
// https://www.twilio.com/docs/messaging/api/message-resource: a form with Basic auth; 201 is
// queued. A body has up to 1600 characters and is split into parts of 67 to 160. StatusCallback is
// posted to as it goes on: a page's is its receipt_url, so that what is not delivered means the
// next contact. There is no idempotency key: an attempt whose answer is lost may come twice.
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/channels/twilio.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 7> kFields{{
    {"account", true, false, "the account's SID, AC…", "AC00000000000000000000000000000000"},
    {"token", true, true, "the account's auth token"},
    {"from", true, false, "a number of yours, +…, or a messaging service, MG…", "+15005550006"},
    {"receipt_within", false, false, "1s to 10m: how long to wait for the delivery report", "60s"},
    {"replies", false, false, "yes: a page's text says how to answer it, by its code", "yes"},
    {"url", false, false, "instead of https://api.twilio.com"},
    channels::kTemplateField,
}};

constexpr std::size_t kMostTextBytes = 600;  // four parts or so: what is read at 3 a.m.
constexpr Duration kReceiptWithin = std::chrono::seconds(60);

Result<Duration> receipt_within(const Values& values) {
  const std::string text = values.get("receipt_within");
  if (text.empty()) return kReceiptWithin;
  const auto within = parse_duration(text);
  if (!within || *within < std::chrono::seconds(1) || *within > std::chrono::minutes(10))
    return invalid("channels." + values.name +
                   ".receipt_within: write a duration from 1s to 10m, such as 60s");
  return *within;
}

/// What to reply stands first below the headline: details are left out before it.
std::string text_of(const Notification& n, bool replies) {
  if (!replies || n.press.empty()) return channels::message_text(n, kMostTextBytes);
  Notification with = n;
  with.words = channels::details(n);
  with.words.insert(with.words.begin(), channels::how_to_reply(n.incident));
  return channels::message_text(with, kMostTextBytes);
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  TOCSIN_TRY(const std::string account,
             channels::needed_setting(values, "account", "it begins with AC"));
  TOCSIN_TRY(const std::string token,
             channels::needed_setting(values, "token", "the console shows it"));
  TOCSIN_TRY(const std::string from,
             channels::needed_setting(values, "from", "write a number of yours, +…"));
  TOCSIN_TRY(const std::string url, channels::url_setting(values, "url", "https://api.twilio.com"));
  TOCSIN_TRY(const Duration within, receipt_within(values));
  TOCSIN_TRY(const bool replies, channels::switch_setting(values, "replies"));
  return channels::with_template(
      values,
      channels::posting(
          {token, channels::basic_authorization(account, token)},
          [=](const Notification& n) {
            wire::OutgoingRequest request;
            request.url = url + "/2010-04-01/Accounts/" + account + "/Messages.json";
            request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                               {"Authorization", channels::basic_authorization(account, token)}};
            request.body =
                channels::form_of({{"To", n.contact.address},
                                   {from.starts_with("MG") ? "MessagingServiceSid" : "From", from},
                                   {"Body", text_of(n, replies)},
                                   {"StatusCallback", n.receipt_url}});
            return request;
          },
          [within](const Result<wire::Answer>& answer, const Notification& n) {
            Attempt said = wire::to_attempt(answer);
            if (said.outcome != AttemptOutcome::accepted) return said;
            said.provider_id = channels::member_of(answer->body, "sid");
            if (!n.receipt_url.empty()) said.receipt_within = within;
            return said;
          }));
}

}  // namespace

extern const ChannelSpec twilio_sms_channel;
const ChannelSpec twilio_sms_channel = {
    .name = "twilio-sms",
    .summary = "text messages by Twilio, with delivery receipts; a reply acknowledges",
    .fields = kFields,
    .example = R"(  - name: sms
    type: twilio-sms
    account: AC00000000000000000000000000000000
    token: "${TWILIO_TOKEN}"
    from: "+15005550006"
)",
    .needs_address = true,
    .make = make,
    .ear = &channels::kTextEar,
};

}  // namespace tocsin::connectors
