#include "tests/oncall/zones.hpp"

#include <fstream>
#include <sstream>

#include "tests/catch.hpp"

namespace tocsin::tests {

std::vector<Zone> zones_of_the_machine(bool links) {
  std::ifstream in("/usr/share/zoneinfo/tzdata.zi");
  REQUIRE(in);
  std::vector<Zone> found;
  for (std::string line; std::getline(in, line);) {
    // "Z Europe/Dublin -0:25:21 - LMT 1880 …" and "L Europe/Dublin Eire".
    std::istringstream words(line);
    std::string kind, first, second;
    words >> kind >> first >> second;
    if (kind == "Z" || (kind == "L" && links)) {
      auto zone = Zone::load(kind == "Z" ? first : second);
      if (zone) found.push_back(std::move(zone.value()));
    }
  }
  REQUIRE(found.size() > 300);
  return found;
}

std::vector<WallTime> transitions(const Zone& zone, WallTime from, WallTime until) {
  std::vector<WallTime> found;
  for (auto next = zone.next_transition(from); next && *next < until;
       next = zone.next_transition(*next))
    found.push_back(*next);
  return found;
}

}  // namespace tocsin::tests
