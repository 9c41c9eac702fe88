// A notification as a mail: RFC 5322, with a plain and an HTML part. Pure.
#pragma once

#include <string>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

/// Ends its lines with CR LF. All mail of one incident refers to one Message-ID that stands for the
/// incident, so that it is shown as one thread; its own is the notification's id, the same on every
/// retry. `from`: an address.
std::string mail_message(const Notification& notification, const std::string& from);

/// One address and nothing else: no blanks, no line ends, no angle brackets, one @.
bool is_mail_address(std::string_view text);

}  // namespace tocsin::connectors::channels
