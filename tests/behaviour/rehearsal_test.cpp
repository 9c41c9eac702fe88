// Rehearsals against the service itself: what explain and test say would happen is what happens.
#include "router/engine/rehearsal.hpp"

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kOwners{"ada", "bob", "room", "linus"};

std::map<std::string, std::size_t> rung(World& world) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& owner : kOwners)
    if (const std::size_t count = world.phone(owner).waiting(); count > 0) counts[owner] = count;
  return counts;
}

std::map<std::string, std::size_t> rung(const engine::Rehearsal& rehearsal) {
  std::map<std::string, std::size_t> counts;
  for (const engine::Told& told : rehearsal.told())
    ++counts[told.contact.person.empty() ? told.contact.channel : told.contact.person];
  return counts;
}

}  // namespace

TEST_CASE("a rehearsal tells the same people the same at the same minutes as the service does") {
  World world;
  const Instant start = world.clock.now();
  world.fire("db-down");
  world.fire("disk-full");
  engine::Rehearsal rehearsal(world.owner().configuration(), start);
  for (const auto& view : world.incidents())
    for (const engine::AlertState& alert : view.alerts)
      rehearsal.alerts(alert.integration, {alert.alert});
  const auto pass = [&](int minutes) {
    for (int minute = 0; minute < minutes; ++minute) {
      world.advance(1min);
      rehearsal.advance(1min);
      INFO(format_duration(rehearsal.elapsed()));
      REQUIRE(rung(world) == rung(rehearsal));
    }
  };
  pass(25);
  REQUIRE(world.incidents().size() == 2);
  for (const auto& view : rehearsal.incidents())
    if (view.incident.title.starts_with("db-down"))
      CHECK(rehearsal.acknowledge(view.incident.id, "ada"));
  for (const auto& view : world.incidents())
    if (view.incident.title.starts_with("db-down")) CHECK(world.acknowledge(view, "ada"));
  pass(90);
  CHECK(rung(rehearsal).size() == kOwners.size());
}
