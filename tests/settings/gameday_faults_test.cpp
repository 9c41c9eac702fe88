// GameDay sets as they are written, and what is wrong with one by itself.
#include "tests/settings/gameday_world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

using Texts = std::vector<std::string>;

/// What is said of a set that copies these, seen as that.
Texts said_of_copies(const std::string& copies, const std::string& as) {
  return said_of_drills("gamedays: [{name: s, page: pilot, copies: " + copies +
                        (as.empty() ? "" : ", as: " + as) + "}]\n");
}

const std::string kOverlap =
    "43: gamedays[0].copies: can match alerts that already are as `as` says, production's own; add "
    "a matcher that demands another value of \"environment\"";

}  // namespace

TEST_CASE("a GameDay set becomes exactly what it says") {
  const Loaded loaded = load_drills(R"(gamedays:
  - name: cdp-staging
    copies: ['environment="staging"', 'service=~"api|web"']
    as: {environment: production, region: eu}
    page: pilot
    channels: {room: drills, hall: drills}
    may_page_production: true
    stop_if: {severity: error}
    longest: 90m
  - {name: plain, page: pilot}
)",
                                    ", gamedays: [cdp-staging, plain]");
  CHECK(texts(loaded.faults) == Texts{});
  CHECK(texts(loaded.notes) == Texts{});
  REQUIRE(loaded.settings);
  const auto& sets = loaded.settings->gamedays;
  REQUIRE(sets.size() == 2);
  const gameday::Set& set = sets.at("cdp-staging");
  CHECK((set.name == "cdp-staging" && set.team == "cdp" && set.page == "pilot"));
  REQUIRE(set.copies.size() == 2);
  CHECK(set.copies[1].text() == "service=~\"api|web\"");
  CHECK(set.as == std::vector<std::pair<std::string, std::string>>{{"environment", "production"},
                                                                   {"region", "eu"}});
  CHECK((set.channels.size() == 2 && set.channels.at("room") == "drills" &&
         set.channels.at("hall") == "drills"));
  CHECK((set.may_page_production && set.stop_if == Severity::error));
  CHECK(set.longest == std::chrono::minutes(90));
  const gameday::Set& plain = sets.at("plain");
  CHECK((plain.copies.empty() && plain.as.empty() && plain.channels.empty()));
  CHECK((!plain.may_page_production && !plain.stop_if));
  CHECK(plain.longest == std::chrono::hours(3));
  CHECK(loaded.settings->integrations[0].gamedays == Texts{"cdp-staging", "plain"});
}

TEST_CASE("a GameDay set of the service's own file belongs to no team") {
  const Loaded loaded = load_service(
      "gamedays: [{name: s, page: drill}]\n"
      "policies: [{name: base, steps: [{page: [{person: ada}]}]}, {name: drill, steps: [{page: "
      "[{person: ada}]}]}]\n");
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->gamedays.at("s").team.empty());
}

TEST_CASE("a GameDay set has a name that fits a mark and an address") {
  const auto named = [](const std::string& name) {
    return said_of_drills("gamedays: [{name: " + name + ", page: pilot}]\n");
  };
  CHECK(named("S.x_9-y") == Texts{});
  CHECK(named(std::string(64, 'x')) == Texts{});
  const std::string no_name = " is no name; use 1 to 64 letters, digits and _ . -";
  CHECK(named("a/b") == Texts{"19: gamedays[0].name: \"a/b\"" + no_name});
  CHECK(named("'a]'") == Texts{"19: gamedays[0].name: \"a]\"" + no_name});
  CHECK(named(std::string(65, 'x')).size() == 1);
  for (const std::string word : {"off", "lever", "list"})
    CHECK(named(word) == Texts{"19: gamedays[0].name: \"" + word +
                               "\" is a word of `tocsin gameday` itself; choose another name"});
  CHECK(said_of_drills("gamedays: [{page: pilot}]\n") ==
        Texts{"12: gamedays[0].name: missing; the tag and every message of its drills have it"});
}

TEST_CASE("the name of a GameDay set is unique over all files") {
  const std::string set = "gamedays: [{name: s, page: pilot}]\n";
  const Loaded loaded = load_files({{"tocsin.yaml", drill_service() + set},
                                    {"teams/a.yaml", kPlatform},
                                    {"teams/cdp.yaml", drill_team(set)}});
  CHECK(
      texts(loaded.faults) ==
      Texts{
          R"(teams/cdp.yaml:5:19: gamedays[0].name: another GameDay set is called "s" in tocsin.yaml:5; rename one of the two)"});
}

TEST_CASE("a key of a GameDay set that is missing or unknown or out of range is a fault") {
  CHECK(said_of_drills("gamedays: [{name: s}]\n") ==
        Texts{"12: gamedays[0].page: missing; name the only policy that its drills can page"});
  CHECK(said_of_drills("gamedays: [{name: s, page: pliot}]\n") ==
        Texts{R"(28: gamedays[0].page: no policy is called "pliot"; did you mean "pilot"?)"});
  CHECK(said_of_drills(drill_set("page: pilot, copy: [a=b]")).size() == 1);
  CHECK(said_of_drills("gamedays: {name: s}\n") ==
        Texts{"11: gamedays: found a map; wanted a list"});
  const auto said = [](const std::string& rest) {
    return said_of_drills("gamedays: [{name: s, page: pilot, " + rest + "}]\n");
  };
  CHECK(said("longest: 8h") == Texts{});
  CHECK(said("longest: 8h1s") ==
        Texts{R"(44: gamedays[0].longest: "8h1s" is out of range; write 1m to 8h)"});
  CHECK(said("longest: 59s") ==
        Texts{R"(44: gamedays[0].longest: "59s" is out of range; write 1m to 8h)"});
  CHECK(said("longest: long").size() == 1);
  CHECK(said("stop_if: {}") ==
        Texts{"44: gamedays[0].stop_if.severity: missing; write e.g. {severity: critical}"});
  CHECK(said("stop_if: critical") == Texts{"44: gamedays[0].stop_if: found text; wanted a map"});
  CHECK(
      said("stop_if: {severity: crtical}") ==
      Texts{
          R"(55: gamedays[0].stop_if.severity: "crtical" is no severity; did you mean "critical"?)"});
  CHECK(said("stop_if: {severity: critical, team: a}") ==
        Texts{"65: gamedays[0].stop_if.team: unknown key; known here: severity"});
  CHECK(
      said("may_page_production: yes") ==
      Texts{"56: gamedays[0].may_page_production: \"yes\" is neither true nor false; write one of "
            "the two, without quotes"});
}

TEST_CASE("the channels of a GameDay set exist and its own need no address") {
  const auto said = [](const std::string& channels) {
    return said_of_drills("gamedays: [{name: s, page: pilot, channels: " + channels + "}]\n");
  };
  CHECK(said("{room: drills}") == Texts{});
  CHECK(
      said("{rooom: dirlls}") ==
      Texts{
          R"(46: gamedays[0].channels.rooom: no channel is called "rooom"; did you mean "room"?)",
          R"(53: gamedays[0].channels.rooom: no channel is called "dirlls"; did you mean "drills"?)"});
  CHECK(said("{room: phones}") ==
        Texts{"52: gamedays[0].channels.room: only channels that need no address; \"phones\" needs "
              "one; choose one that is a room or a log"});
  CHECK(said("[drills]") == Texts{"45: gamedays[0].channels: found a list; wanted a map"});
}

TEST_CASE("copies that may match what production itself sees are refused") {
  CHECK(said_of_copies("[environment=staging]", "{environment: production}") == Texts{});
  CHECK(said_of_copies("[environment!=production]", "{environment: production}") == Texts{});
  CHECK(said_of_copies("['environment=~\"staging|test\"']", "{environment: production}") ==
        Texts{});
  CHECK(said_of_copies("['environment=~\"stag.*\"']", "{environment: production}") == Texts{});
  CHECK(said_of_copies("[team=cdp, region=us]", "{environment: production, region: eu}") ==
        Texts{});
  for (const char* copies :
       {"[team=cdp]", "[environment=production]", "['environment=~\"staging|production\"']",
        "['environment=~\".+\"']", "['environment!=\"staging\"']", "['environment!~\"stag.*\"']"})
    CHECK(said_of_copies(copies, "{environment: production}") == Texts{kOverlap});
  CHECK(said_of_copies("[region=eu]", "{environment: production, region: eu}") == Texts{kOverlap});
  // A secret of the environment is not shown.
  CHECK(said_of_copies("[team=cdp]", "{environment: \"${WORD}\"}") == Texts{kOverlap});
}

TEST_CASE("copies without as are refused and so is what cannot be told apart") {
  CHECK(said_of_copies("[environment=staging]", "") ==
        Texts{"43: gamedays[0].copies: without as nothing tells what is copied from production's "
              "own; write e.g. as: {environment: production}"});
  CHECK(said_of_copies("[]", "{environment: production}") ==
        Texts{"43: gamedays[0].copies: empty; leave it out to drill only what carries the tag"});
  CHECK(said_of_copies("[environment=staging]", "{}") ==
        Texts{"70: gamedays[0].as: empty; write e.g. {environment: production}, or leave it out"});
  CHECK(said_of_copies("[environment=staging]", "{environment: \"\"}") ==
        Texts{"84: gamedays[0].as.environment: empty; write a text"});
  CHECK(said_of_copies("[environment]", "{environment: production}").size() == 1);
  std::string many = "[environment=staging", labels = "{environment: production";
  for (int i = 0; i < 64; ++i) many += ", a=b";
  for (int i = 0; i < 16; ++i) labels += ", l" + std::to_string(i) + ": x";
  CHECK(said_of_copies(many + "]", "{environment: production}") ==
        Texts{"43: gamedays[0].copies: more than 64 matchers; use fewer"});
  CHECK(said_of_copies("[environment=staging]", labels + "}") ==
        Texts{"70: gamedays[0].as: more than 16 labels; use fewer"});
}

TEST_CASE("the tag itself is neither copied nor shown to the rules") {
  CHECK(said_of_copies("[environment=staging, 'gameday=\"s\"']", "{environment: production}") ==
        Texts{"65: gamedays[0].copies[1]: asks for the tag, but what carries it is its set's alone "
              "and never copied; remove it, and list the set under the integration's gamedays"});
  CHECK(said_of_copies("[environment=staging]", "{gameday: s, environment: production}") ==
        Texts{"71: gamedays[0].as.gameday: is the tag itself, which tells drills apart; remove "
              "it"});
}

TEST_CASE("a set whose matcher is unknown for want of a variable copies nothing") {
  const Loaded loaded = load_drills(
      "gamedays: [{name: s, copies: [environment=staging, 'team=\"${NONE}\"'], as: {environment: "
      "production}, page: pilot}]\n",
      "", Unset::note);
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->gamedays.at("s").copies.empty());
  CHECK(loaded.notes.size() == 1);
}

TEST_CASE("an integration may carry the tags of sets that exist and each once") {
  const auto said = [](const std::string& list) {
    return texts(load_drills("gamedays: [{name: s, page: pilot}]\n", ", gamedays: " + list).faults);
  };
  const std::string at = "tocsin.yaml:4:";
  CHECK(said("[s]") == Texts{});
  CHECK(
      said("[s, t]") ==
      Texts{at +
            R"(80: integrations[0].gamedays[1]: no GameDay set is called "t"; did you mean "s"?)"});
  CHECK(said("[s, s]") ==
        Texts{at + "80: integrations[0].gamedays[1]: \"s\" stands here twice; remove one"});
  CHECK(said("s") == Texts{at + "76: integrations[0].gamedays: found text; wanted a list"});
}

TEST_CASE("more GameDay sets than every alert can be held against are refused") {
  std::string many = "gamedays:\n";
  for (int i = 0; i < 1001; ++i) many += "  - {name: s" + std::to_string(i) + ", page: pilot}\n";
  const auto said = texts(load_drills(many).faults);
  CHECK(said ==
        Texts{"teams/cdp.yaml:1006:5: gamedays[1000]: more than 1000 sets in all files, and "
              "every alert is held against each; remove some"});
}
