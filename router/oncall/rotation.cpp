#include "router/oncall/rotation.hpp"

#include <algorithm>

namespace tocsin::oncall {
namespace {

using Unit = ShiftLength::Unit;

constexpr std::int64_t kHour = 60 * 60;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMonthOfDays = 30 * kDay;
constexpr std::int64_t kMonthsOfYear = 12;

/// An empty list is refused with the configuration; here it is a week.
const std::vector<ShiftLength>& lengths(const Rotation& rotation) {
  static const std::vector<ShiftLength> weekly{ShiftLength{}};
  return rotation.every.empty() ? weekly : rotation.every;
}

bool counts_months(const std::vector<ShiftLength>& every) {
  if (every.size() == 1) return every.front().unit == Unit::month;
  return std::all_of(every.begin(), every.end(),
                     [](const ShiftLength& length) { return length.unit == Unit::month; });
}

std::int64_t months_of(const ShiftLength& length) {
  return std::clamp<std::int64_t>(length.count, 1, kMostShiftYears * kMonthsOfYear);
}

std::int64_t seconds_of(const ShiftLength& length) {
  const std::int64_t unit = length.unit == Unit::hour   ? kHour
                            : length.unit == Unit::day  ? kDay
                            : length.unit == Unit::week ? 7 * kDay
                                                        : kMonthOfDays;
  return std::clamp<std::int64_t>(length.count * unit, unit, kMostShiftYears * 366 * kDay);
}

/// Lengths laid end to end, over and over, in whichever unit `size` says.
template <typename Size>
class Row {
 public:
  Row(const std::vector<ShiftLength>& every, Size size) : every_(every), size_(size) {
    for (const ShiftLength& length : every) all_ += size(length);
  }

  /// Which one holds a distance from the beginning, which is not negative.
  std::int64_t number_at(std::int64_t distance) const {
    std::int64_t number = distance / all_ * count();
    distance %= all_;
    for (std::size_t i = 0; i + 1 < every_.size(); ++i) {
      distance -= size_(every_[i]);
      if (distance < 0) break;
      ++number;
    }
    return number;
  }

  /// How far from the beginning one begins.
  std::int64_t begin_of(std::int64_t number) const {
    std::int64_t distance = number / count() * all_;
    for (std::int64_t i = 0; i < number % count(); ++i)
      distance += size_(every_[static_cast<std::size_t>(i)]);
    return distance;
  }

 private:
  std::int64_t count() const { return static_cast<std::int64_t>(every_.size()); }

  const std::vector<ShiftLength>& every_;
  Size size_;
  std::int64_t all_ = 0;
};

/// The start's day and time, so many months later; on a shorter month's last day.
CivilTime plus_months(const CivilTime& start, std::int64_t months) {
  const std::int64_t month = start.month - 1 + months;
  CivilTime later = start;
  later.year += month / kMonthsOfYear;
  later.month = static_cast<int>(month % kMonthsOfYear) + 1;
  later.day = std::min(start.day, days_of_month(later.year, later.month));
  return later;
}

std::int64_t months_between(const CivilTime& start, const CivilTime& reached) {
  const std::int64_t months =
      (reached.year - start.year) * kMonthsOfYear + reached.month - start.month;
  return months > 0 && reached < plus_months(start, months) ? months - 1 : months;
}

}  // namespace

std::optional<std::int64_t> shift_number(const Rotation& rotation, const At::Clocks& clocks) {
  if (clocks.reached < rotation.start) return std::nullopt;
  const std::vector<ShiftLength>& every = lengths(rotation);
  if (counts_months(every))
    return Row(every, months_of).number_at(months_between(rotation.start, clocks.reached));
  const std::int64_t distance = clocks.reached_seconds - rotation.start.seconds();
  if (every.size() == 1) return distance / seconds_of(every.front());
  return Row(every, seconds_of).number_at(distance);
}

std::int64_t even_length(const Rotation& rotation) {
  const std::vector<ShiftLength>& every = lengths(rotation);
  return every.size() == 1 && !counts_months(every) ? seconds_of(every.front()) : 0;
}

CivilTime hand_over(const Rotation& rotation, std::int64_t number) {
  const std::vector<ShiftLength>& every = lengths(rotation);
  if (counts_months(every))
    return plus_months(rotation.start, Row(every, months_of).begin_of(number));
  return CivilTime::from_seconds(rotation.start.seconds() +
                                 Row(every, seconds_of).begin_of(number));
}

}  // namespace tocsin::oncall
