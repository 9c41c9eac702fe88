// Inflates a compressed body whole, under a cap. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "router/ingest/front_door/head.hpp"
#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

/// Fills `out`, which is empty, and holds `most_bytes` at the most; of a larger body it holds one
/// byte more when that is refused. Data that ends early, is damaged, or has anything but another
/// whole gzip member after its end is refused: half a body must never pass for one. `deflate` may
/// be with or without a zlib header, since senders disagree on what it means.
std::optional<Refusal> inflate(std::string_view compressed, Coding coding, std::size_t most_bytes,
                               std::string& out);

}  // namespace tocsin::front_door
