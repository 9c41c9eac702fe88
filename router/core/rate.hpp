// How much may come in a time: the budget of a sender, as a function of what it has spent and of
// the time. Pure.
//
// A bucket of tokens that holds what one `per` brings. Whoever finds anything in it is let in
// whole, however much it brings, and pays what is missing by waiting: a request is never too large
// to be let in at all, and in the long run no more comes in than the rate says.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin {

struct Rate {
  std::uint32_t count = 1;
  Duration per = std::chrono::seconds(1);

  bool operator==(const Rate&) const = default;
};

inline constexpr std::uint32_t kMostRateCount = 1'000'000;
/// Nobody is sent away for longer, whatever it brought before: what it has to say may be grave.
inline constexpr Duration kMostRateWait = std::chrono::minutes(1);

/// "5000/s" or "300/m", of 1 to kMostRateCount. Errors: invalid.
Result<Rate> parse_rate(std::string_view text);
std::string format_rate(const Rate& rate);

/// What has been spent. It is kept as the time in which that comes in again, so that a change of
/// the rate changes nothing else.
struct Spent {
  std::chrono::nanoseconds owed{};  // at `at`
  Duration at{};                    // Instant::elapsed
};

/// How long until there is anything in the bucket again; zero: there is.
Duration wait_for(const Spent& spent, const Rate& rate, Duration now);
/// So much more is taken at `now`, which may be a little earlier than what was known before.
Spent spend(const Spent& spent, const Rate& rate, Duration now, std::size_t count);

}  // namespace tocsin
