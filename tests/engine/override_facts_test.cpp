// Overrides of rotas as facts: in which order they count, how they end, and what is forgotten.
#include "router/engine/facts.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

const WallTime kNoon{std::chrono::hours(24 * 20'000)};

control::RotaOverride override_of(const std::string& id, const std::string& person,
                                  Duration from = 1h, Duration until = 3h,
                                  const std::string& rota = "primary") {
  return {{id}, rota, person, kNoon + from, kNoon + until, "boss", ""};
}

struct Book {
  Facts facts;
  Position position = 0;

  Status say(const Control& fact, Duration at = {}, bool carried = false) {
    return fold_control(facts, fact, {kNoon + at, ++position, carried});
  }
  std::vector<std::string> people(const std::string& rota = "primary") const {
    std::vector<std::string> names;
    if (const auto found = facts.overrides.find(rota); found != facts.overrides.end())
      for (const oncall::Override& each : found->second) names.push_back(each.person);
    return names;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("overrides stand by rota in the order in which they were made") {
  Book book;
  REQUIRE(book.say(override_of("z", "ada")));
  REQUIRE(book.say(override_of("a", "bob")));
  REQUIRE(book.say(override_of("m", "eve", 1h, 3h, "other")));
  CHECK(book.people() == Names{"ada", "bob"});
  CHECK(book.people("other") == Names{"eve"});
  CHECK(book.facts.override_changes == 3);
  const oncall::Override& first = book.facts.overrides.at("primary").front();
  CHECK(first.id == "z");
  CHECK(first.by == "boss");
  CHECK(first.from == kNoon + 1h);
  CHECK(first.until == kNoon + 3h);
}

TEST_CASE("an override that is ended holds up to then and one that has not begun never did") {
  Book book;
  REQUIRE(book.say(override_of("a", "ada")));
  REQUIRE(book.say(override_of("b", "bob", 5h, 9h)));
  REQUIRE(book.say(control::RotaOverrideEnded{{"a"}, "eve", kNoon + 2h}, 2h));
  REQUIRE(book.say(control::RotaOverrideEnded{{"b"}, "eve", kNoon + 2h}, 2h));
  CHECK(book.people() == Names{"ada"});
  CHECK(book.facts.overrides.at("primary").front().until == kNoon + 2h);
  CHECK(book.facts.made_overrides.at("a").said.ended_by == "eve");
  CHECK(book.facts.made_overrides.at("b").said.ended_at == kNoon + 2h);
  // Again, and of one that was over by itself: nothing changes.
  REQUIRE(book.say(control::RotaOverrideEnded{{"a"}, "zoe", kNoon + 4h}, 4h));
  CHECK(book.facts.made_overrides.at("a").said.ended_by == "eve");
  CHECK_FALSE(book.say(control::RotaOverrideEnded{{"nothing"}, "zoe", kNoon}));
}

TEST_CASE("an override that nobody could mean changes nothing") {
  Book book;
  CHECK_FALSE(book.say(override_of("a", "ada", 3h, 3h)));
  CHECK_FALSE(book.say(override_of("a", "ada", 3h, 1h)));
  CHECK_FALSE(book.say(override_of("a", "ada", 0h, kLongestOverride + 1s)));
  CHECK(book.say(override_of("a", "ada", 0h, kLongestOverride)));
  CHECK(book.facts.override_changes == 1);
}

TEST_CASE("an override that has ended is forgotten after a while and by the journal's own time") {
  Book book;
  REQUIRE(book.say(override_of("a", "ada")));
  REQUIRE(book.say(override_of("b", "bob"), 3h + kEndedOverrideKept));
  CHECK(book.people() == Names{"ada", "bob"});
  REQUIRE(book.say(override_of("c", "eve"), 3h + kEndedOverrideKept + 1s));
  CHECK(book.people() == Names{"eve"});
  CHECK(book.facts.made_overrides.size() == 1);
}

TEST_CASE("a rota takes so many overrides and no more until some are over") {
  Book book;
  for (std::size_t i = 0; i < kMostOverridesOfRota; ++i)
    REQUIRE(book.say(override_of("o" + std::to_string(i), "ada")));
  const Status refused = book.say(override_of("more", "bob"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(book.say(override_of("elsewhere", "bob", 1h, 3h, "other")));
  CHECK(book.say(override_of("later", "bob", 5h, 6h), 3h + 1s));
  CHECK(book.people() == Names{"bob"});
}

TEST_CASE("an override written again by retention stands where it was made") {
  Book book;
  REQUIRE(book.say(override_of("a", "ada")));
  REQUIRE(book.say(override_of("b", "bob")));
  REQUIRE(book.say(control::RotaOverrideEnded{{"a"}, "eve", kNoon + 2h}));
  const std::vector<Control> again = facts_to_carry(book.facts, 1, kNoon, {});
  REQUIRE(again.size() == 1);
  const auto& carried = std::get<control::RotaOverride>(again.front());
  CHECK(carried.made == 1);
  CHECK(carried.made_at == kNoon);
  CHECK(carried.ended_by == "eve");
  // Known already: only where the journal has it changes.
  REQUIRE(book.say(again.front(), 2h, true));
  CHECK(book.facts.made_overrides.at("a").anchor == 4);
  CHECK(facts_to_carry(book.facts, 1, kNoon, {}).empty());
  CHECK(facts_to_carry(book.facts, 9, kNoon + 2h + kEndedOverrideKept, {}).size() == 1);

  // Where the beginning is gone, it is read after the one that was made later.
  Book truncated;
  truncated.position = 1;
  REQUIRE(truncated.say(override_of("b", "bob")));
  REQUIRE(truncated.say(again.front(), 2h, true));
  CHECK(truncated.people() == Names{"ada", "bob"});
  CHECK(truncated.facts.made_overrides.at("a").said == book.facts.made_overrides.at("a").said);
}

TEST_CASE("an end that was said before its override is carried still ends it") {
  Book book;
  control::RotaOverride carried = override_of("a", "ada");
  carried.made = 1;
  CHECK_FALSE(book.say(control::RotaOverrideEnded{{"a"}, "eve", kNoon + 2h}));
  REQUIRE(book.say(carried, 2h, true));
  CHECK(book.facts.overrides.at("primary").front().until == kNoon + 2h);
  CHECK(book.facts.made_overrides.at("a").said.ended_by == "eve");
}
