// The tables of router/oncall/README.md: what they say is what is so.
#include <fstream>
#include <sstream>

#include "router/oncall/rotation.hpp"
#include "tests/catch.hpp"
#include "tests/oncall/rotas.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::oncall;
using namespace tocsin::tests;

namespace {

using Row = std::vector<std::string>;

/// Past every repeat of an hour, or of a day.
constexpr std::chrono::hours kLongEnough{30};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

Row cells(const std::string& line) {
  Row row;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) row.push_back(trimmed(cell));
  return row;
}

/// The rows of the table whose heading begins with this cell.
std::vector<Row> table(const std::string& first_cell) {
  std::ifstream in(source_dir() + "/router/oncall/README.md");
  REQUIRE(in);
  std::vector<Row> rows;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] != '|') {
      inside = false;
      continue;
    }
    const Row row = cells(line);
    if (row[0] == first_cell)
      inside = true;
    else if (inside && row[0].substr(0, 2) != "--")
      rows.push_back(row);
  }
  return rows;
}

std::vector<ShiftLength> lengths(const std::string& text) {
  std::vector<ShiftLength> all;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) {
    std::size_t digits = 0;
    const unsigned long count = std::stoul(trimmed(word), &digits);
    const std::string unit = trimmed(word).substr(digits);
    REQUIRE((unit == "h" || unit == "d" || unit == "w" || unit == "mo"));
    all.push_back({static_cast<std::uint32_t>(count), unit == "h"   ? ShiftLength::Unit::hour
                                                      : unit == "d" ? ShiftLength::Unit::day
                                                      : unit == "w" ? ShiftLength::Unit::week
                                                                    : ShiftLength::Unit::month});
  }
  return all;
}

std::string clock(const Zone& zone, WallTime time) {
  const CivilTime civil = zone.civil(time);
  char text[8];
  std::snprintf(text, sizeof text, "%02d:%02d", civil.hour, civil.minute);
  return text;
}

}  // namespace

TEST_CASE("each hand-over of the README's table is at the moment that stands there") {
  const std::vector<Row> rows = table("what happens");
  REQUIRE(rows.size() >= 40);
  for (const Row& row : rows) {
    REQUIRE(row.size() == 8);
    INFO(row[0] << ", " << row[1] << ", from " << row[2] << " every " << row[3] << ", shift "
                << row[4]);
    const Zone here = zone(row[1]);
    const std::int64_t number = std::stoll(row[4]);
    // As many people as shifts, so that each name is one shift.
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < number + 2; ++i) names.push_back(std::to_string(i));
    const OneRota world(row[1], names, row[2], lengths(row[3]));
    const Rotation& rotation = world.rotas.begin()->second.layers[0].rotation;

    const WallTime begin = at(row[6].substr(0, row[6].size() - 1) + ":00Z");
    const WallTime end = begin + parse_duration(row[7]).value();
    CHECK(hand_over(rotation, number) == civil(row[5]));
    CHECK(here.moments(hand_over(rotation, number)).first == begin);
    CHECK(here.moments(hand_over(rotation, number + 1)).first == end);
    CHECK(format_duration(end - begin) == row[7]);

    CHECK(world.on_call(begin - Duration(1)).person != names[static_cast<std::size_t>(number)]);
    CHECK(world.on_call(end).person != names[static_cast<std::size_t>(number)]);
    if (begin == end) continue;
    const Shift whole{begin, end, {row[4], {Source::Kind::layer, 0, {}, {}}}};
    CHECK(world.on_call(begin) == whole.on_call);
    CHECK(world.on_call(end - Duration(1)) == whole.on_call);
    // And in between: clocks that go back undo nothing.
    for (WallTime time = begin; time < std::min(end, begin + kLongEnough);
         time += std::chrono::minutes(5))
      if (world.on_call(time) != whole.on_call) FAIL("somebody else at " << format_rfc3339(time));
    CHECK(shift_at(world.roster(), OneRota::kName, begin, std::chrono::hours(24 * 400)) == whole);
  }
}

TEST_CASE("the README's rota of two zones has on call who stands there") {
  OneRota world("Europe/Dublin", {"ada", "grace"}, "2026-01-05T10:00");
  Schedule hours;
  hours.zone = zone("Europe/Dublin");
  hours.from_minute = 8 * 60;
  hours.until_minute = 20 * 60;
  world.first().only = {hours};
  Layer west = world.layer({"linus", "mary"}, "2026-01-05T10:00");
  west.time_zone = zone("America/Los_Angeles");
  hours.zone = *west.time_zone;
  hours.from_minute = 12 * 60;
  hours.until_minute = kMinutesOfDay;
  west.only = {hours};
  world.rota().layers.push_back(west);

  const std::vector<Row> rows = table("at");
  REQUIRE(rows.size() >= 9);
  for (const Row& row : rows) {
    REQUIRE(row.size() == 5);
    INFO(row[0]);
    const WallTime time = at(row[0].substr(0, row[0].size() - 1) + ":00Z");
    CHECK(clock(world.rota().time_zone, time) == row[1]);
    CHECK(clock(*west.time_zone, time) == row[2]);
    const OnCall found = world.on_call(time);
    CHECK((found.person.empty() ? "nobody" : found.person) == row[3]);
    CHECK((found.person.empty() ? "" : std::to_string(found.source.layer + 1)) == row[4]);
  }
}
