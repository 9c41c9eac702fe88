// What Redis refuses, in words that say what to do. Pure.
#pragma once

#include <string>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin::store {

/// Of an error reply such as "OOM command not allowed …": unavailable. What Redis repeats of a
/// command, in which a password may stand, is left out.
Error refused_by_redis(std::string_view reply);

}  // namespace tocsin::store
