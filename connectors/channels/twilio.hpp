// What Twilio posts: replies to a text message, digits pressed in a call, and how a call or a text
// went. Every request is signed with the account's auth token. Pure.
//
// https://www.twilio.com/docs/messaging/guides/webhook-request (From and Body of a message that
// came in, answered with TwiML), https://www.twilio.com/docs/voice/twiml/gather (the action's
// request has CallSid and Digits), https://www.twilio.com/docs/messaging/guides/
// track-outbound-message-status (MessageStatus, ErrorCode) and
// https://www.twilio.com/docs/voice/api/call-resource (CallStatus, AnsweredBy).
#pragma once

#include <string>

#include "connectors/ear.hpp"

namespace tocsin::connectors::channels {

/// The digit that acknowledges.
inline constexpr std::string_view kAcknowledgeDigit = "1";
/// So much of an incident's id is its code in a text message.
inline constexpr std::size_t kCodeBytes = 5;

/// "Reply 1 95wzn to acknowledge, R 95wzn to resolve"; empty without an incident.
std::string how_to_reply(std::string_view incident);

extern const Ear kTextEar;  // of twilio-sms
extern const Ear kCallEar;  // of twilio-voice

}  // namespace tocsin::connectors::channels
