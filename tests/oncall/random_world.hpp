// Rotas with everything at once, by a seed.
#pragma once

#include <random>

#include "tests/oncall/rotas.hpp"

namespace tocsin::tests {

using oncall::Layer;
using oncall::ShiftLength;
using std::chrono::hours;

inline Schedule some_hours(std::mt19937& dice, const Zone& zone) {
  Schedule schedule;
  schedule.zone = zone;
  schedule.from_minute = static_cast<int>(dice() % 1440);
  schedule.until_minute = static_cast<int>(1 + dice() % 1440);
  for (int day = 0; day < 7; ++day)
    if (dice() % 3 == 0) schedule.days = Weekdays();
  for (int day = 0; day < 7; ++day)
    if (dice() % 2 == 0) schedule.days.add(static_cast<Weekday>(day));
  return schedule;
}

inline WallTime some_time(std::mt19937& dice, WallTime from, Duration within) {
  std::uniform_int_distribution<std::int64_t> any(0, within.count());
  return from + Duration(any(dice));
}

/// Everything at once: layers of several zones, hours, overrides, leave.
inline OneRota some_world(std::mt19937& dice, WallTime around, const std::vector<Zone>& zones) {
  OneRota world(zones[dice() % zones.size()].name());
  const std::vector<std::string> names{"ada", "grace", "linus", "mary", "alan"};
  for (const std::string& name : names) world.person(name);
  world.rota().layers.clear();
  const std::vector<std::vector<ShiftLength>> every{
      {{1, ShiftLength::Unit::hour}},
      {{5, ShiftLength::Unit::hour}},
      {{1, ShiftLength::Unit::day}},
      {{1, ShiftLength::Unit::week}},
      {{1, ShiftLength::Unit::month}},
      {{5, ShiftLength::Unit::day}, {2, ShiftLength::Unit::day}, {3, ShiftLength::Unit::hour}}};
  for (std::size_t layer = 0; layer < 1 + dice() % 3; ++layer) {
    Layer made;
    made.time_zone = zones[dice() % zones.size()];
    for (std::size_t i = 0; i < 1 + dice() % 4; ++i) made.people.push_back(names[dice() % 5]);
    if (dice() % 8 == 0) made.people.push_back("nobody we know");
    made.rotation.every = every[dice() % every.size()];
    made.rotation.start =
        made.time_zone->civil(some_time(dice, around - hours(24 * 40), hours(24 * 42)));
    for (std::size_t i = dice() % 3; i > 0; --i)
      made.only.push_back(some_hours(dice, *made.time_zone));
    world.rota().layers.push_back(made);
  }
  const auto span = [&] {
    const WallTime from = some_time(dice, around - hours(72), hours(140));
    return std::pair(from, some_time(dice, from, hours(30)));
  };
  for (std::size_t i = dice() % 5; i > 0; --i) {
    const auto [from, until] = span();
    world.rota().overrides.push_back({names[dice() % 5], from, until, "", "", ""});
  }
  for (std::size_t i = dice() % 3; i > 0; --i) {
    const auto [from, until] = span();
    world.overrides[OneRota::kName].push_back({names[dice() % 5], from, until, "", "1", ""});
  }
  for (std::size_t i = dice() % 6; i > 0; --i) {
    const auto [from, until] = span();
    world.person(names[dice() % 5]).leave.push_back({from, until, ""});
  }
  return world;
}

}  // namespace tocsin::tests
