// The payload that a command is given: a file, or standard input.
#pragma once

#include <string>

#include "router/core/result.hpp"

namespace tocsin {

/// As much as the front door takes.
inline constexpr std::size_t kMostPayloadBytes = 16u << 20;

/// "-" is standard input. Errors: what is wrong with it, naming it.
Result<std::string> read_payload(const std::string& path);

}  // namespace tocsin
