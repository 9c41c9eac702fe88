// Whether drills are kept apart from production: nobody is to be woken, and no room filled, by way
// of what production uses, unless a set says that it may.
//
// People whom a set's policy names are meant; who comes by way of a rota or a room of production's
// is not.
#include <set>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kOrSayThatItMay = ", or write may_page_production: true";

/// By name, how production uses it: "paged by rule "api"", the first use that is found.
using Uses = std::map<std::string, std::string>;

struct Production {
  Uses policies, rotas, rooms;
};

Uses policies_of_production(const Settings& settings) {
  Uses uses{{settings.default_policy, "the default policy"}};
  for (const rules::Rule& rule : settings.rules)
    if (!rule.page.empty()) uses.emplace(rule.page, "paged by rule " + shown(rule.name));
  return uses;
}

Production production_of(const Settings& settings) {
  Production all;
  all.policies = policies_of_production(settings);
  for (const auto& [team, channel] : settings.team_channels)
    all.rooms.emplace(channel, "the channel of team " + shown(team));
  for (const rules::Rule& rule : settings.rules)
    for (const std::string& channel : rule.tell)
      all.rooms.emplace(channel, "told by rule " + shown(rule.name));
  for (const auto& use : all.policies) {
    const auto policy = settings.policies.find(use.first);
    if (policy == settings.policies.end()) continue;
    const std::string how = "paged by policy " + shown(use.first);
    for (const Step& step : policy->second.steps)
      for (const Target& target : step.page) {
        if (target.kind == Target::Kind::rota) all.rotas.emplace(target.name, how);
        if (target.kind == Target::Kind::channel) all.rooms.emplace(target.name, how);
      }
  }
  return all;
}

std::string is_productions(const Uses::value_type& use) {
  return shown(use.first) + " is production's own (" + use.second + "); ";
}

/// The policy is production's, or one of its steps goes where production's go; each once.
void check_policy(const DrillUse& drill, const Production& production, Draft& draft) {
  if (drill.policy.empty()) return;
  const auto own = production.policies.find(drill.policy);
  if (own != production.policies.end())
    return draft.report.fault(
        drill.page,
        is_productions(*own) + "give the set a policy of its own" + std::string(kOrSayThatItMay));
  const auto policy = draft.settings.policies.find(drill.policy);
  if (policy == draft.settings.policies.end()) return;
  std::set<const std::string*> told;
  for (const Step& step : policy->second.steps)
    for (const Target& target : step.page) {
      if (target.kind == Target::Kind::person) continue;
      const bool rota = target.kind == Target::Kind::rota;
      const Uses& uses = rota ? production.rotas : production.rooms;
      const auto use = uses.find(target.name);
      if (use == uses.end() || !told.insert(&use->first).second) continue;
      draft.report.fault(drill.page, "policy " + shown(drill.policy) + " pages " +
                                         (rota ? "a rota: " : "a channel: ") +
                                         is_productions(*use) + "page people by name or " +
                                         (rota ? "a rota" : "a room") + " of the drill's own" +
                                         std::string(kOrSayThatItMay));
    }
}

void check_rooms(const DrillUse& drill, const Production& production, Report& report) {
  for (const ChannelUse& room : drill.rooms) {
    const auto use = production.rooms.find(room.name);
    if (use != production.rooms.end())
      report.fault(room.place, is_productions(*use) + "name a room of the drill's own" +
                                   std::string(kOrSayThatItMay));
  }
}

}  // namespace

void check_drills_apart(Draft& draft) {
  if (draft.drills.empty()) return;
  const Production production = production_of(draft.settings);
  for (const DrillUse& drill : draft.drills) {
    if (!drill.apart) continue;
    check_policy(drill, production, draft);
    check_rooms(drill, production, draft.report);
  }
}

void note_odd_drills(Draft& draft) {
  for (const DrillUse& drill : draft.drills)
    if (!drill.set.empty() && !drill.copies && !draft.tags_admitted.contains(drill.set))
      draft.report.note(drill.place,
                        "nothing feeds it: it copies no alerts, and no integration lists it; write "
                        "copies:, or gamedays: [" +
                            drill.set + "] at an integration");
  for (std::size_t i = 0; i < draft.settings.rules.size(); ++i) {
    const auto& matchers = draft.settings.rules[i].matchers;
    for (std::size_t m = 0; m < matchers.size(); ++m)
      if (matchers[m].name() == gameday::kTag)
        draft.report.note(draft.rule_places[i].matchers[m],
                          "rules never see the tag of a drill, which is decided as production's "
                          "alerts are; remove this matcher");
  }
}

}  // namespace tocsin::settings
