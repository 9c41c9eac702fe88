// How the store's values stand in Redis: the words of its keys, and an incident as one value. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "router/store/values.hpp"

namespace tocsin::store {

/// A word as it stands in a key, where ':' separates.
std::string key_word(std::string_view text);
/// What follows the state in the key of the list that has exactly what is asked for.
std::string list_ending(const Query& query);
/// Of one width, so that texts compare as the numbers do.
std::string position_digits(Position position);
Position position_of(std::string_view digits);

std::string encode_history(const History& incident);
/// Nothing when that is no incident, or not the one of this checksum.
std::optional<History> decode_history(std::string_view bytes, std::string_view checksum);

}  // namespace tocsin::store
