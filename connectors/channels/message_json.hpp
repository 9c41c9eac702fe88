// A notification as JSON for programs, as the channel `webhook` posts it and `command` is given it;
// connectors/README.md describes it.
#pragma once

#include <string>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

/// Without a receipt its `receipt_url` is null: nobody waits for one.
std::string message_json(const Notification& notification, bool with_receipt);

}  // namespace tocsin::connectors::channels
