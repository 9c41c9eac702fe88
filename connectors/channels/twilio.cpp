#include "connectors/channels/twilio.hpp"

#include <algorithm>
#include <array>

#include "connectors/channels/posting.hpp"
#include "connectors/wire/vendor_signatures.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kMostWordBytes = 100;
constexpr std::size_t kMostAnswerBytes = 600;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The form of a request that Twilio signed. Errors: refused, it did not; invalid, it is too long.
Result<wire::Form> signed_form(const Hearing& hearing) {
  if (hearing.request.body.size() > kMostHeardBytes)
    return invalid("the form is longer than any of Twilio's");
  wire::Form form = wire::read_form(hearing.request.body);
  if (!wire::is_signed_by_twilio(hearing.request.header("x-twilio-signature"),
                                 hearing.settings.get("token"), hearing.url, form))
    return refused(
        "X-Twilio-Signature is not that of this request: it needs the auth token of the channel's "
        "account, and server.external_url must be how Twilio calls tocsin");
  return form;
}

HttpResponse twiml(const std::string& inside) {
  return {200,
          R"(<?xml version="1.0" encoding="UTF-8"?><Response>)" + inside + "</Response>",
          "text/xml",
          {}};
}

// ── texts ──

Wish wish_of(std::string_view word) {
  constexpr std::array<std::string_view, 5> kAcknowledge{"1", "ack", "acknowledge", "a", "ok"};
  constexpr std::array<std::string_view, 3> kResolve{"r", "resolve", "resolved"};
  constexpr std::array<std::string_view, 3> kEscalate{"e", "escalate", "next"};
  if (is_one_of(word, kAcknowledge)) return Wish::acknowledge;
  if (is_one_of(word, kResolve)) return Wish::resolve;
  if (is_one_of(word, kEscalate)) return Wish::escalate;
  return Wish::unclear;
}

Result<Spoken> hear_text(const Hearing& hearing) {
  TOCSIN_TRY(const wire::Form form, signed_form(hearing));
  Spoken spoken;
  if (!wire::has(form, "Body") || !wire::has(form, "From")) return spoken;
  spoken.addresses = {wire::value_of(form, "From")};
  spoken.name = spoken.addresses.front();
  std::string text = one_line(cut(wire::value_of(form, "Body"), kMostWordBytes));
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t end = std::min(text.find_first_of(" :#."), text.size());
  spoken.wish = wish_of(std::string_view(text).substr(0, end));
  const std::size_t code = std::min(text.find_first_not_of(" :#.", end), text.size());
  spoken.code = text.substr(code);
  while (spoken.code.ends_with(' ') || spoken.code.ends_with('.')) spoken.code.pop_back();
  return spoken;
}

Echo answer_text(const Hearing&, const Ended& ended) {
  if (ended.how == Ended::How::nothing) return {twiml("")};
  return {twiml("<Message>" + html_escaped(cut(plain_lines(ended.sentence), kMostAnswerBytes)) +
                "</Message>")};
}

/// A text that was to be brought to somebody.
Result<std::optional<Attempt>> text_receipt(const Hearing& hearing) {
  constexpr std::array<std::string_view, 2> kFailed{"undelivered", "failed"};
  TOCSIN_TRY(const wire::Form form, signed_form(hearing));
  const std::string status = wire::value_of(form, "MessageStatus");
  const std::string code = wire::value_of(form, "ErrorCode");
  if (status == "delivered") return std::optional(Attempt::receipt(true, status));
  if (is_one_of(status, kFailed))
    return std::optional(Attempt::receipt(
        false, cut(one_line(status + (code.empty() ? "" : ", error " + code)), kMostWordBytes)));
  return std::optional<Attempt>();
}

// ── calls ──

Result<Spoken> hear_call(const Hearing& hearing) {
  TOCSIN_TRY(const wire::Form form, signed_form(hearing));
  Spoken spoken;
  if (wire::has(form, "CallSid") && wire::value_of(form, "Digits") == kAcknowledgeDigit)
    spoken.wish = Wish::acknowledge;
  return spoken;
}

Echo answer_call(const Hearing&, const Ended& ended) {
  std::string sentence = ended.sentence;
  if (ended.how == Ended::How::done) sentence = "Thank you. The incident is acknowledged.";
  if (ended.how == Ended::How::again)
    sentence = "It could not be acknowledged yet. You will be called again.";
  if (ended.how == Ended::How::nothing) sentence = "Nothing was acknowledged.";
  return {
      twiml("<Say>" + html_escaped(cut(one_line(sentence), kMostAnswerBytes)) + "</Say><Hangup/>")};
}

Result<std::optional<Attempt>> call_receipt(const Hearing& hearing) {
  constexpr std::array<std::string_view, 4> kNotAnswered{"busy", "no-answer", "failed", "canceled"};
  TOCSIN_TRY(const wire::Form form, signed_form(hearing));
  const std::string status = wire::value_of(form, "CallStatus");
  if (is_one_of(status, kNotAnswered)) return std::optional(Attempt::receipt(false, status));
  // A mailbox answers as well; only a digit, or a person told apart from it, shows a person.
  const std::string by = wire::value_of(form, "AnsweredBy");
  if (status == "completed" && by == "human")
    return std::optional(Attempt::receipt(true, "answered by a person"));
  if (status == "completed" && by.starts_with("machine"))
    return std::optional(Attempt::receipt(false, "answered by a machine"));
  return std::optional<Attempt>();
}

}  // namespace

std::string how_to_reply(std::string_view incident) {
  const std::string code(incident.substr(0, kCodeBytes));
  if (code.empty()) return {};
  return "Reply " + std::string(kAcknowledgeDigit) + " " + code + " to acknowledge, R " + code +
         " to resolve";
}

const Ear kTextEar{hear_text, answer_text, text_receipt, true};
const Ear kCallEar{hear_call, answer_call, call_receipt, true};

}  // namespace tocsin::connectors::channels
