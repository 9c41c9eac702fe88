#include "router/core/listing_order.hpp"

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::size_t kDigits = 20;
constexpr std::size_t kMostIdBytes = 64;

// What is before 1970 cannot be: a clock was wrong, and a minus sign would be out of order.
std::string digits_of(WallTime time) {
  const std::string when =
      std::to_string(std::max<Duration::rep>(time.time_since_epoch().count(), 0));
  return std::string(kDigits - std::min(when.size(), kDigits), '0') + when;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_of_an_id(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

}  // namespace

std::string listing_order(WallTime opened_at, const IncidentId& id) {
  return digits_of(opened_at) + "." + id.text;
}

std::string listing_order_since(WallTime since) { return digits_of(since) + "."; }

bool is_listing_order(std::string_view text) {
  if (text.size() <= kDigits || text.size() > kDigits + 1 + kMostIdBytes || text[kDigits] != '.')
    return false;
  const std::string_view digits = text.substr(0, kDigits);
  const std::string_view id = text.substr(kDigits + 1);
  return std::all_of(digits.begin(), digits.end(), is_digit) &&
         std::all_of(id.begin(), id.end(), is_of_an_id);
}

}  // namespace tocsin
