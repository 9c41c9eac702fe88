// What can be known from a message that was written for people: its state, and what stays the same
// when it comes again. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connectors/sources/alert_parts.hpp"

namespace tocsin::connectors::sources {

struct Marked {
  State state = State::unknown;
  std::string text;  // without what told the state; the whole line, if nothing else is left
};

/// "[FIRING:2] Disk full", "ALERT ENDED: Disk full", "✅ Resolved: Disk full", "PROBLEM Disk full":
/// what monitoring tools begin a line with.
Marked without_state(std::string_view line);

/// In lower case, with # for each word that is a number, also with a unit or per cent: values
/// change, and "db-2" is no value.
std::string without_numbers(std::string_view line);

/// Slack's markup as plain text: <http://a|text> is "text (http://a)", <@U1> is "@U1", &amp; is &.
std::string from_mrkdwn(std::string_view text);

/// The first http or https link in a text; empty: there is none.
std::string first_url(std::string_view text);

}  // namespace tocsin::connectors::sources
