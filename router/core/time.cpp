#include "router/core/time.hpp"

#include <absl/strings/ascii.h>
#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace tocsin {
namespace {

struct Suffix {
  std::string_view text;
  std::int64_t micros;
};
// Longest spelling first where one begins another ("ms" before "m").
constexpr std::array<Suffix, 6> kSuffixes{{{"ms", 1'000},
                                           {"w", 604'800'000'000},
                                           {"d", 86'400'000'000},
                                           {"h", 3'600'000'000},
                                           {"m", 60'000'000},
                                           {"s", 1'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Duration elapsed_between(const Instant& since, const Instant& now, Duration most) {
  const Duration difference = since.machine_boot == now.machine_boot
                                  ? now.elapsed - since.elapsed
                                  : (now.wall + now.ahead) - (since.wall + since.ahead);
  return std::clamp(difference, Duration::zero(), most);
}

Result<WallTime> parse_rfc3339(std::string_view text) {
  // Abseil skips leading blanks and reads "infinite-future"; a time in an alert begins with its
  // year.
  const bool plausible = text.size() >= 20 && text.size() <= 40 && is_digit(text[0]) &&
                         text[4] == '-' &&
                         !absl::ascii_isspace(static_cast<unsigned char>(text.back()));
  // Debian's Abseil is built with a string_view of its own.
  const absl::string_view input(text.data(), text.size());
  absl::Time time;
  std::string why;
  if (!plausible || (!absl::ParseTime(absl::RFC3339_full, input, &time, &why) &&
                     !absl::ParseTime("%Y-%m-%d%ET%H:%M:%E*S%z", input, &time, &why)))
    return invalid("not an RFC 3339 time such as 2026-11-22T01:52:43Z");
  return WallTime(Duration(absl::ToUnixMicros(time)));
}

std::string format_rfc3339(WallTime time) {
  return absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%E3SZ",
                          absl::FromUnixMicros(time.time_since_epoch().count()),
                          absl::UTCTimeZone());
}

Result<Duration> parse_duration(std::string_view text) {
  const auto wrong = [] { return invalid("not a duration such as 30s, 5m, 2h, 7d or 1w"); };
  if (text.empty()) return wrong();
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (fault != std::errc() || !is_digit(text[0])) return wrong();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                   [&](const Suffix& s) { return text.starts_with(s.text); });
    if (unit == kSuffixes.end()) return wrong();
    if (count > (std::numeric_limits<std::int64_t>::max() - total) / unit->micros)
      return invalid("the duration is too long");
    total += count * unit->micros;
    text.remove_prefix(unit->text.size());
  }
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t left = duration.count();
  if (left < 1'000) return "0s";
  std::string text;
  for (const std::string_view name : {"d", "h", "m", "s", "ms"}) {
    const auto unit = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                   [&](const Suffix& s) { return s.text == name; });
    if (left < unit->micros) continue;
    text += std::to_string(left / unit->micros) + std::string(name);
    left %= unit->micros;
  }
  return text;
}

}  // namespace tocsin
