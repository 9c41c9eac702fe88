// What deciding needs of the configuration, as one immutable value: swapped whole at a reload.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "router/core/policy.hpp"
#include "router/gameday/set.hpp"
#include "router/oncall/directory.hpp"
#include "router/oncall/rota.hpp"
#include "rules/rule.hpp"
#include "rules/window.hpp"

namespace tocsin::engine {

/// A sign of life that an integration gives again and again.
struct Heartbeat {
  std::string name;
  Duration within{};  // silence for longer is an alert …
  Fields labels;      // … with these, beside its name

  bool operator==(const Heartbeat&) const = default;
};

struct IntegrationRules {
  std::vector<std::string> group_by;
  rules::SeverityWords severities;
  Duration resolve_after = std::chrono::hours(6);  // stale for so long: resolved
  Duration reopen_within{};                        // fires again so soon: the same incident
  std::vector<std::string> gamedays = {};          // the sets whose tag its alerts may carry
  std::vector<Heartbeat> heartbeats = {};
};

struct Configuration {
  std::string hash;  // names it in every turn
  rules::RuleSet rules;
  std::map<std::string, IntegrationRules, std::less<>> integrations;
  std::map<std::string, Policy, std::less<>> policies;
  std::string default_policy;  // names one of them
  oncall::Directory directory;
  oncall::Rotas rotas;
  std::map<std::string, std::string, std::less<>> team_channels;  // where teams are told things
  gameday::Sets gamedays;
  gameday::HooksInDrill hooks_in_drill;  // those that take part; any other never runs in a drill
  std::vector<rules::Window> windows;    // maintenance: silences with a schedule
  Duration retention{};                  // of the journal; zero: for ever. Decides nothing
};

}  // namespace tocsin::engine
