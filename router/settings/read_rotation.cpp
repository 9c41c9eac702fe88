// rotation: how long shifts are, at which time of day they change hands, and where the first
// begins.
#include <algorithm>
#include <charconv>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

using oncall::ShiftLength;
using Unit = ShiftLength::Unit;

constexpr std::string_view kLengths =
    "write e.g. 1w, 2w, 1d, 12h or 1mo, or a list such as [5d, 2d]";
constexpr int kDefaultMinute = 9 * 60;
constexpr int kMostDayOfMonth = 31;

struct UnitWord {
  std::string_view word;
  Unit unit;
  std::uint32_t most;  // of them in one shift: about a year
};
constexpr std::array<UnitWord, 4> kUnits{{{"h", Unit::hour, 366 * 24},
                                          {"d", Unit::day, 366},
                                          {"w", Unit::week, 52},
                                          {"mo", Unit::month, 12}}};

std::optional<ShiftLength> read_length(const Value& value) {
  const auto text = value.word();
  if (!text) return std::nullopt;
  ShiftLength length;
  const auto [end, problem] =
      std::from_chars(text->data(), text->data() + text->size(), length.count);
  const std::string_view word(end, text->data() + text->size() - end);
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const UnitWord& each) { return each.word == word; });
  if (problem != std::errc() || unit == kUnits.end()) {
    value.fault(shown(*text) + " is not the length of a shift; " + std::string(kLengths));
    return std::nullopt;
  }
  if (length.count == 0 || length.count > unit->most) {
    value.fault(shown(*text) + " is out of range; write 1" + std::string(word) + " to " +
                std::to_string(unit->most) + std::string(word));
    return std::nullopt;
  }
  length.unit = unit->unit;
  return length;
}

/// Nothing if one of them is wrong, which is told.
std::optional<std::vector<ShiftLength>> read_every(const Value& value) {
  const bool many = value.node().kind == Node::Kind::sequence;
  const std::vector<Value> entries = many ? value.list() : std::vector<Value>{value};
  if (entries.empty()) value.fault("empty; " + std::string(kLengths));
  if (entries.size() > kMostShiftLengths) {
    value.fault("more than " + std::to_string(kMostShiftLengths) + " lengths; use fewer");
    return std::nullopt;
  }
  std::vector<ShiftLength> lengths;
  bool whole = !entries.empty();
  for (const Value& entry : entries) {
    const auto length = read_length(entry);
    whole = whole && length;
    if (!length) continue;
    if (length->unit == Unit::month && entries.size() > 1) {
      entry.fault("months stand alone, as no two are equally long; write every: " +
                  std::to_string(length->count) + "mo, or days and weeks here");
      whole = false;
    }
    lengths.push_back(*length);
  }
  return whole ? std::optional(std::move(lengths)) : std::nullopt;
}

/// What a hand-over's words must say beside the time of day.
enum class DayWord { none, weekday_or_none, weekday, day_of_month };

DayWord day_word(const std::vector<ShiftLength>& every) {
  if (every[0].unit == Unit::month) return DayWord::day_of_month;
  std::uint64_t hours = 0;
  bool only_weeks = true;
  for (const ShiftLength& length : every) {
    hours += length.count * (length.unit == Unit::hour  ? std::uint64_t{1}
                             : length.unit == Unit::day ? std::uint64_t{24}
                                                        : std::uint64_t{24 * 7});
    only_weeks = only_weeks && length.unit == Unit::week;
  }
  if (only_weeks) return DayWord::weekday;
  return hours % (24 * 7) == 0 ? DayWord::weekday_or_none : DayWord::none;
}

struct Handover {
  std::optional<Weekday> weekday;
  int day_of_month = 0;  // 0: none is meant
  int minute = kDefaultMinute;
};

Handover default_handover(DayWord day) {
  Handover handover;
  if (day == DayWord::weekday) handover.weekday = Weekday::monday;
  if (day == DayWord::day_of_month) handover.day_of_month = 1;
  return handover;
}

std::optional<int> day_of_month(std::string_view word) {
  int day = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), day);
  const bool whole = problem == std::errc() && end == word.data() + word.size();
  return whole && day >= 1 && day <= kMostDayOfMonth ? std::optional(day) : std::nullopt;
}

std::string what_to_write(DayWord day) {
  switch (day) {
    case DayWord::none:
      return "these shifts begin on any day, so write the time of day alone, e.g. \"10:00\"";
    case DayWord::weekday_or_none:
      return "write e.g. \"10:00\" or \"Monday 10:00\"";
    case DayWord::weekday:
      return "write the day and the time, e.g. \"Monday 10:00\"";
    case DayWord::day_of_month:
      break;
  }
  return "write the day of the month and the time, e.g. \"1 10:00\"";
}

std::optional<Handover> parse_handover(std::string_view text, DayWord day) {
  Handover handover;
  const std::size_t blank = text.find(' ');
  const bool has_day = blank != std::string_view::npos;
  const std::string_view word = has_day ? text.substr(0, blank) : "";
  const auto minute = minute_of_day(has_day ? text.substr(blank + 1) : text);
  if (!minute || *minute == kMinutesOfDay) return std::nullopt;
  handover.minute = *minute;
  if (day == DayWord::day_of_month) {
    const auto number = day_of_month(word);
    if (!number) return std::nullopt;
    handover.day_of_month = *number;
    return handover;
  }
  if (has_day ? day == DayWord::none : day == DayWord::weekday) return std::nullopt;
  if (!has_day) return handover;
  handover.weekday = weekday_named(word);
  return handover.weekday ? std::optional(handover) : std::nullopt;
}

Handover read_handover(const Value& value, DayWord day) {
  const auto text = value.word();
  if (!text) return default_handover(day);
  if (const auto handover = parse_handover(*text, day)) return *handover;
  value.fault(shown(*text) + " is no hand-over of such shifts; " + what_to_write(day));
  return default_handover(day);
}

std::optional<CivilTime> read_date(const Value& value) {
  const auto text = value.word();
  if (!text) return std::nullopt;
  const auto civil = parse_civil(*text + "T00:00");
  if (civil) return *civil;
  value.fault(shown(*text) +
              " is no date; write e.g. 2026-01-05 (the time of day is the hand-over's)");
  return std::nullopt;
}

/// The first day for such a hand-over, at or after a date.
CivilTime first_handover(CivilTime date, const Handover& handover) {
  const auto fits = [&](const CivilTime& day) {
    if (handover.weekday) return day.weekday() == *handover.weekday;
    return handover.day_of_month == 0 || day.day == handover.day_of_month;
  };
  // At most two months on: no two that follow each other lack the same day.
  while (!fits(date)) date = date.plus_days(1);
  return date.at_minute(handover.minute);
}

std::string text_of(const CivilTime& time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d", static_cast<int>(time.year),
                time.month, time.day, time.hour, time.minute);
  return text.data();
}

}  // namespace

oncall::Rotation read_rotation(const Value& value, const Zone& zone, Draft& draft) {
  oncall::Rotation rotation;
  const auto section = Section::open(value, kRotation);
  if (!section) return rotation;
  const auto every = section->find("every"), written = section->find("handover"),
             start = section->find("start");
  const auto lengths = every ? read_every(*every) : std::optional(rotation.every);
  const auto date = start ? read_date(*start) : std::optional(rotation.start);
  // Which words a hand-over has depends on the shifts.
  if (!lengths) return rotation;
  rotation.every = *lengths;
  const DayWord day = day_word(rotation.every);
  const Handover handover = written ? read_handover(*written, day) : default_handover(day);
  if (!date) return rotation;
  rotation.start = first_handover(*date, handover);
  if (start && draft.now && zone.moments(rotation.start).first > *draft.now)
    start->note("nobody is on call by this rotation before its first hand-over, " +
                text_of(rotation.start) + "; write an earlier date if somebody should be");
  return rotation;
}

oncall::Rotation default_rotation() {
  oncall::Rotation rotation;
  rotation.start = first_handover(rotation.start, default_handover(day_word(rotation.every)));
  return rotation;
}

}  // namespace tocsin::settings
