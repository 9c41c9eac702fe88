// What a channel of any kind talks to in a test, and what was said to it: a provider, a mail
// server, a program, a terminal.
#pragma once

#include <map>
#include <string>

#include "connectors/channel.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/receiver.hpp"
#include "tests/connectors/smtp_receiver.hpp"

namespace tocsin::testing {

/// Whether it is one HTTP request, whose status says what became of it.
inline bool speaks_http(const connectors::ChannelSpec& spec) {
  return !spec.fields.empty() && spec.name != "email" && spec.name != "command";
}

/// A telephone rings for pages alone.
inline bool says(const connectors::ChannelSpec& spec, MessageKind kind) {
  return spec.name != "twilio-voice" || kind == MessageKind::page || kind == MessageKind::bundle;
}

/// An address that every kind of channel takes.
inline constexpr const char* kAnyAddress = "ada@example.com";

/// What its provider answers with HTTP 200 when it has taken a message.
inline std::string success_of(const connectors::ChannelSpec& spec) {
  return spec.name == "slack" ? R"({"ok":true,"ts":"1787220902.000100"})" : "";
}

/// What the channel sends for this message, which is accepted; with these settings besides.
SentMessage sent_by(const connectors::ChannelSpec& spec,
                    const connectors::Notification& notification,
                    const std::map<std::string, std::string>& more = {});

}  // namespace tocsin::testing
