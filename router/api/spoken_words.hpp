// What became of something that was said by way of a channel, in words. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/ear.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::api {

/// "Acknowledged by ada at 05:12 UTC", as it is now.
std::string state_in_words(const engine::Incident& incident);

/// After a command was done: the incident as it is then.
connectors::Ended ended(const engine::Incident& after, connectors::Wish wish, const std::string& by,
                        const std::string& why);
/// Nothing was done, since it is over.
connectors::Ended is_over(const engine::Incident& incident);
connectors::Ended not_now(const std::string& why);
/// Nobody of the configuration has that address on this channel.
connectors::Ended stranger(const std::string& name, const std::string& channel);

/// Which of these is meant? `asked`: what was typed, empty: nothing. One line each, with the
/// shortest code that tells it from the others.
connectors::Ended which_of(const std::vector<engine::Incident>& incidents,
                           const std::string& asked);

}  // namespace tocsin::api
