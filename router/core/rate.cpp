#include "router/core/rate.hpp"

#include <algorithm>
#include <charconv>

namespace tocsin {
namespace {

using std::chrono::nanoseconds;

nanoseconds owed_at(const Spent& spent, Duration now) {
  const nanoseconds passed = std::max(now - spent.at, Duration::zero());
  return std::max(spent.owed - passed, nanoseconds::zero());
}

}  // namespace

Result<Rate> parse_rate(std::string_view text) {
  const auto wrong = [] {
    return invalid("not a rate such as 5000/s or 300/m, of 1 to " + std::to_string(kMostRateCount));
  };
  Rate rate;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, rate.count);
  if (fault != std::errc() || text[0] == '0' || rate.count > kMostRateCount) return wrong();
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit == "/m")
    rate.per = std::chrono::minutes(1);
  else if (unit != "/s")
    return wrong();
  return rate;
}

std::string format_rate(const Rate& rate) {
  return std::to_string(rate.count) + (rate.per == std::chrono::seconds(1) ? "/s" : "/m");
}

Duration wait_for(const Spent& spent, const Rate& rate, Duration now) {
  const nanoseconds owed = owed_at(spent, now);
  if (owed < rate.per) return Duration::zero();
  return std::chrono::floor<Duration>(owed - rate.per) + Duration(1);
}

Spent spend(const Spent& spent, const Rate& rate, Duration now, std::size_t count) {
  // More than a whole bucket and the longest wait is not remembered, so that it cannot overflow.
  const auto most = std::chrono::duration_cast<nanoseconds>(rate.per + kMostRateWait);
  const auto each = nanoseconds(rate.per) / static_cast<std::int64_t>(rate.count);
  const auto enough = static_cast<std::size_t>(most / each) + 1;
  const nanoseconds more = each * static_cast<std::int64_t>(std::min(count, enough));
  return {std::min(owed_at(spent, now) + more, most), std::max(spent.at, now)};
}

}  // namespace tocsin
