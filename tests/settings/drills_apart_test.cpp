// Drills reach nobody by way of production, and what is odd about them is noted.
#include <fstream>
#include <iterator>

#include "router/settings/sections.hpp"
#include "tests/settings/gameday_world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

using Texts = std::vector<std::string>;

const std::string kOrMay = ", or write may_page_production: true";

/// A production that uses the rooms hall, room, told and posted, and beside it a team with only the
/// set.
Loaded load_beside(const std::string& team) {
  return load_files({{"tocsin.yaml", drill_service()},
                     {"teams/a.yaml", kPlatform},
                     {"teams/b.yaml", "team: b\n" + team},
                     {"teams/cdp.yaml", drill_team("")},
                     {"teams/d.yaml", R"(team: d
policies: [{name: d, steps: [{page: [{person: ada}]}, {page: [{channel: posted}]}]}]
rules:
  - {name: advice, matchers: [a=b], advise: {manual: "https://example.com", tell: [{channel: told}]}}
  - {name: of-d, matchers: [d=e], page: d}
)"}});
}

/// Of a set that pages a policy with this target, in two steps.
Texts said_of_target(const std::string& target, const std::string& more = "") {
  const std::string step = "{page: [" + target + "]}";
  return texts(load_beside("policies: [{name: own, steps: [" + step + ", " + step + "]}]\n" +
                           "gamedays: [{name: s, page: own" + more + "}]\n")
                   .faults);
}

Texts said_of_page(const std::string& policy, const std::string& more = "") {
  return texts(load_beside("gamedays: [{name: s, page: " + policy + more + "}]\n").faults);
}

Texts said_of_room(const std::string& room, const std::string& more = "") {
  return texts(load_beside("gamedays: [{name: s, page: pilot, channels: {room: " + room + "}" +
                           more + "}]\n")
                   .faults);
}

std::string example_of_manual() {
  std::ifstream file(tocsin::tests::source_dir() + "/router/settings/README.md");
  const std::string manual(std::istreambuf_iterator<char>(file), {});
  const std::size_t from = manual.find("```yaml\n", manual.find("\n## GameDays\n"));
  REQUIRE(from != std::string::npos);
  return manual.substr(from + 8, manual.find("```\n", from + 8) - from - 8);
}

}  // namespace

TEST_CASE("a set cannot page a policy that production pages") {
  const std::string own = "; give the set a policy of its own" + kOrMay;
  CHECK(said_of_page("platform") ==
        Texts{"teams/b.yaml:2:28: gamedays[0].page: \"platform\" is production's own (the default "
              "policy)" +
              own});
  CHECK(said_of_page("cdp") ==
        Texts{"teams/b.yaml:2:28: gamedays[0].page: \"cdp\" is production's own (paged by rule "
              "\"api\")" +
              own});
  CHECK(said_of_page("pilot") == Texts{});
  CHECK(said_of_page("cdp", ", may_page_production: true") == Texts{});
  CHECK(said_of_page("cdp", ", may_page_production: false").size() == 1);
}

TEST_CASE("a set's policy may name anybody but no room that production uses") {
  const auto pages = [](const std::string& room, const std::string& how) {
    return Texts{"teams/b.yaml:3:28: gamedays[0].page: policy \"own\" pages a channel: \"" + room +
                 "\" is production's own (" + how +
                 "); page people by name or a room of the drill's own" + kOrMay};
  };
  CHECK(said_of_target("{person: ada}") == Texts{});
  CHECK(said_of_target("{channel: drills}") == Texts{});
  CHECK(said_of_target("{channel: room}") == pages("room", "the channel of team \"cdp\""));
  CHECK(said_of_target("{channel: hall}") == pages("hall", "the channel of team \"platform\""));
  CHECK(said_of_target("{channel: told}") == pages("told", "told by rule \"advice\""));
  CHECK(said_of_target("{channel: posted}") == pages("posted", "paged by policy \"d\""));
  CHECK(said_of_target("{channel: posted}, {channel: told}").size() == 2);
  CHECK(said_of_target("{channel: posted}", ", may_page_production: true") == Texts{});
}

TEST_CASE("a set's own channels are no rooms that production uses") {
  const auto is = [](const std::string& room, const std::string& how) {
    return Texts{"teams/b.yaml:2:52: gamedays[0].channels.room: \"" + room +
                 "\" is production's own (" + how + "); name a room of the drill's own" + kOrMay};
  };
  CHECK(said_of_room("drills") == Texts{});
  CHECK(said_of_room("room") == is("room", "the channel of team \"cdp\""));
  CHECK(said_of_room("told") == is("told", "told by rule \"advice\""));
  CHECK(said_of_room("posted") == is("posted", "paged by policy \"d\""));
  CHECK(said_of_room("room", ", may_page_production: true") == Texts{});
}

TEST_CASE("a word about production that is wrong is one fault and not more") {
  CHECK(said_of_page("cdp", ", may_page_production: perhaps").size() == 1);
  CHECK(said_of_page("").size() == 1);
}

TEST_CASE("a set's policy reaches nobody by way of a rota that production pages") {
  const auto said_of_rota = [](const std::string& rota, const std::string& more = "") {
    const std::string zone = ", time_zone: UTC, people: [ada]}";
    const Loaded loaded =
        load_beside("rotas: [{name: primary" + zone + ", {name: of-drills" + zone +
                    "]\npolicies: [{name: real, steps: [{page: [{person: ada}]}, {page: [{rota: "
                    "primary}]}]}, {name: own, steps: [{page: [{rota: " +
                    rota + "}, {rota: " + rota + "}]}]}]\n" +
                    "rules: [{name: of-b, matchers: [f=g], page: real}]\n" +
                    "gamedays: [{name: s, page: own" + more + "}]\n");
    CHECK(loaded.settings.has_value() == loaded.faults.empty());
    return texts(loaded.faults);
  };
  CHECK(said_of_rota("primary") ==
        Texts{"teams/b.yaml:5:28: gamedays[0].page: policy \"own\" pages a rota: \"primary\" is "
              "production's own (paged by policy \"real\"); page people by name or a rota of the "
              "drill's own" +
              kOrMay});
  CHECK(said_of_rota("primary", ", may_page_production: true") == Texts{});
  CHECK(said_of_rota("of-drills") == Texts{});
}

TEST_CASE("a set that nothing feeds is noted") {
  const std::string set = "gamedays: [{name: s, page: pilot}]\n";
  const Loaded loaded = load_drills(set);
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) ==
        Texts{"teams/cdp.yaml:5:12: gamedays[0]: nothing feeds it: it copies no alerts, and no "
              "integration lists it; write copies:, or gamedays: [s] at an integration"});
  CHECK(texts(load_drills(set, ", gamedays: [s]").notes) == Texts{});
  CHECK(texts(load_drills(drill_set("page: pilot")).notes) == Texts{});
}

TEST_CASE("a rule that asks for the tag is noted at the matcher that does") {
  const Loaded loaded =
      load_service("rules: [{name: a, matchers: [service=api, 'gameday=\"\"'], page: base}]\n");
  REQUIRE(loaded.settings);
  CHECK(texts(loaded.notes) ==
        Texts{"tocsin.yaml:1:43: rules[0].matchers[1]: rules never see the tag of a drill, which "
              "is decided as production's alerts are; remove this matcher"});
}

TEST_CASE("the manual's example of a GameDay set is a configuration") {
  const Loaded loaded = load_files({{"tocsin.yaml", R"(default: {page: platform}
policies: [{name: platform, steps: [{page: [{person: ada}]}]}]
people: [{name: ada, contacts: {phones: "1"}}, {name: linus, contacts: {phones: "2"}}]
channels: [{name: cdp-room, type: log}, {name: cdp-drill-room, type: log}, {name: phones, type: pager}]
integrations: [{name: prom, source: prometheus, key: "${KEY_A}", gamedays: [cdp-staging]}]
)"},
                                    {"teams/cdp.yaml", example_of_manual()}});
  CHECK(texts(loaded.faults) == Texts{});
  CHECK(texts(loaded.notes) == Texts{});
  REQUIRE(loaded.settings);
  const gameday::Set& set = loaded.settings->gamedays.at("cdp-staging");
  CHECK((set.team == "cdp" && set.page == "cdp-pilot" && set.copies.size() == 2));
}
