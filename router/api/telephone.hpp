// What a telephone provider posts to the links of a message: digits that somebody pressed, and how
// a call or a text went. The links are signed by tocsin itself, so that whoever has one was given
// it. Pure.
//
// Twilio: https://www.twilio.com/docs/voice/twiml/gather (the action's request has CallSid and
// Digits, and is answered with TwiML),
// https://www.twilio.com/docs/messaging/guides/track-outbound-message-status (MessageStatus) and
// https://www.twilio.com/docs/voice/api/call-resource (CallStatus, AnsweredBy).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "router/core/http.hpp"
#include "router/core/message.hpp"

namespace tocsin::api {

/// More than any of its forms has.
inline constexpr std::size_t kMostTelephoneBytes = 16u << 10;
/// The digit that acknowledges.
inline constexpr std::string_view kAcknowledgeDigit = "1";

/// A value of a form; nothing: it has none, or is too long for one.
std::optional<std::string> form_value(std::string_view form, std::string_view name);

/// The digits that were pressed during a call; nothing: the request is none of a call.
std::optional<std::string> digits_pressed(const HttpRequest& request);
/// A sentence that is said, after which the call ends.
HttpResponse said_on_the_phone(const std::string& sentence);

/// What a status says of delivery.
struct TelephoneStatus {
  std::optional<Attempt> receipt;  // nothing: it is still on its way, or that is all that is known
};
/// Nothing: the request is no such report.
std::optional<TelephoneStatus> telephone_status(std::string_view form);

}  // namespace tocsin::api
