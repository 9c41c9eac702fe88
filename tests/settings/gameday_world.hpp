// A production with people and rooms of its own, and GameDay sets beside it.
#pragma once

#include <string>

#include "tests/settings/world.hpp"

namespace tocsin::settings {

/// Two people, rooms and phones; the platform is paged by default.
inline std::string drill_service(const std::string& integration_rest = "") {
  return R"(default: {page: platform}
people: [{name: ada, contacts: {phones: "1"}}, {name: linus, contacts: {phones: "2"}}]
channels: [{name: room, type: log}, {name: hall, type: log}, {name: told, type: log}, {name: posted, type: log}, {name: drills, type: log}, {name: phones, type: pager}]
integrations: [{name: prom, source: prometheus, key: "${KEY_A}")" +
         integration_rest + "}]\n";
}

inline constexpr const char* kPlatform = R"(team: platform
channel: hall
policies: [{name: platform, steps: [{page: [{person: ada}]}]}]
)";

/// The team's file, of which these are the last lines; they count from 5.
inline std::string drill_team(const std::string& rest) {
  return R"(team: cdp
channel: room
policies: [{name: cdp, steps: [{page: [{person: ada}]}]}, {name: pilot, steps: [{page: [{person: linus}]}]}]
rules: [{name: api, matchers: [service=api], page: cdp}]
)" + rest;
}

inline Loaded load_drills(const std::string& rest, const std::string& integration_rest = "",
                          Unset unset = Unset::fault) {
  return load_files({{"tocsin.yaml", drill_service(integration_rest)},
                     {"teams/a.yaml", kPlatform},
                     {"teams/cdp.yaml", drill_team(rest)}},
                    unset);
}

/// One set in a line, with something that feeds it.
inline std::string drill_set(const std::string& rest) {
  return "gamedays: [{name: s, copies: [environment=staging], as: {environment: production}, " +
         rest + "}]\n";
}

/// What is said of such a set, from its place on: all of it stands in line 5.
inline std::vector<std::string> said_of_drills(const std::string& gamedays) {
  std::vector<std::string> said;
  const Loaded loaded = load_drills(gamedays);
  CHECK(loaded.settings.has_value() == loaded.faults.empty());
  check_no_secret(loaded);
  for (const std::string& text : texts(loaded.faults)) {
    const std::string line = "teams/cdp.yaml:5:";
    CHECK(text.starts_with(line));
    said.push_back(text.substr(line.size()));
  }
  return said;
}

}  // namespace tocsin::settings
