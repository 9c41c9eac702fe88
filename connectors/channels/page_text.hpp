// A notification as a block of plain text, for a terminal or the body of a mail.
#pragma once

#include <string>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

/// Ends with a line end. What counts at 3 a.m. comes first: how bad, what, whom it hurts; the link
/// to acknowledge comes last, where the eye and the cursor are, unbroken on a line of its own.
/// A drill's begins with its mark, on a line of its own, whatever kind of message it is. Holds no
/// control characters but line ends.
std::string page_text(const Notification& notification);

}  // namespace tocsin::connectors::channels
