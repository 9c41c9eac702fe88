// The buttons inside a message, alike wherever they stand: what they are called, and which there
// are. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/ear.hpp"

namespace tocsin::connectors::channels {

/// "Acknowledge", "Resolve", "Escalate", "Snooze 1h".
std::string_view label_of(Wish wish);

/// Those of a page that nobody has in hand yet.
const std::vector<Wish>& all_buttons();

/// A page's message has them, as long as tocsin says what they would bring back.
bool has_buttons(const Notification& notification);

/// Whatever was said to somebody alone, not to the room.
bool is_for_one(Ended::How how);

}  // namespace tocsin::connectors::channels
