// A notification as a mail: headers, plain text and the same as HTML. Pure.
//
// RFC 5322, RFC 2045 to 2047, RFC 3834. Everything that alerts say is made one line before it is a
// header, and is encoded where it is not ASCII: nothing of it begins a line of its own there.
#pragma once

#include <string>
#include <string_view>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

struct Mailbox {
  std::string name;     // may be empty
  std::string address;  // tocsin@example.com
};

/// "tocsin@example.com" or "Alerts <tocsin@example.com>". Errors: invalid, what is wrong.
Result<Mailbox> mailbox(std::string_view text);

/// Lines end in CR LF, none is longer than 998 bytes. The Message-ID is made of the notification's
/// id, so that a retry has the same; what belongs to one incident refers to one id that no mail
/// has, and so is one thread.
std::string mail_message(const Notification& notification, const Mailbox& from,
                         const std::string& to);

}  // namespace tocsin::connectors::channels
