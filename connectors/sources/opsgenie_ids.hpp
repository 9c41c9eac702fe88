// The ids that Opsgenie's senders are handed out: of an alert and of a request. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::connectors::sources {

/// Fit to stand in a path: an alias that has the form of a UUID is its own id, any other is written
/// in it.
std::string opsgenie_id(std::string_view alias);

/// The alias that an id was made of; what is no id of ours is taken for an alias.
std::string opsgenie_alias(std::string_view id);

}  // namespace tocsin::connectors::sources
