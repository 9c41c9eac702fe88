#include "router/engine/drill.hpp"

#include <algorithm>
#include <tuple>

#include "router/engine/judgement.hpp"

namespace tocsin::engine {
namespace {

bool has_copy(const PartitionState& state, const AlertState& original, const Realm& realm) {
  const auto current =
      state.current.find(alert_key(realm, original.integration, original.alert.key));
  if (current == state.current.end()) return false;
  const auto copy = state.alerts.find(current->second);
  return copy != state.alerts.end() && copy->second.original == original.id &&
         copy->second.alert.labels == original.alert.labels;
}

// A policy that a rule pages, or the default one, pages it.
bool is_productions(const std::string& rota, const Configuration& configuration) {
  const auto pages = [&](const std::string& name) {
    const auto policy = configuration.policies.find(name);
    if (policy == configuration.policies.end()) return false;
    for (const Step& step : policy->second.steps)
      for (const Target& target : step.page)
        if (target.kind == Target::Kind::rota && target.name == rota) return true;
    return false;
  };
  const auto& rules = configuration.rules.rules();
  return pages(configuration.default_policy) ||
         std::any_of(rules.begin(), rules.end(), [&](const rules::Rule& rule) {
           return !rule.page.empty() && pages(rule.page);
         });
}

}  // namespace

bool feeds(const gameday::Set& set, const AlertState& original,
           const Configuration& configuration) {
  const gameday::Tag tag =
      gameday::tag_of(original.alert.labels, rules_of(original.integration, configuration).gamedays,
                      configuration.gamedays);
  if (tag.alone) return tag.alone->name == set.name;
  return gameday::copies(set, original.alert.labels);
}

std::vector<CopyDue> copies_due(const PartitionState& state, const Facts& facts,
                                const Configuration& configuration, const Instant& now,
                                std::size_t most) {
  std::vector<CopyDue> due;
  for (const auto& [name, set] : configuration.gamedays) {
    const gameday::Run* const run = facts.find_on(name, now);
    if (!run) continue;
    const Realm realm{name, run->number};
    for (const auto& [id, alert] : state.alerts)
      if (!alert.is_copy() && alert.alert.status == AlertStatus::firing &&
          feeds(set, alert, configuration) && !has_copy(state, alert, realm))
        due.push_back({id, name});
  }
  std::sort(due.begin(), due.end(), [](const CopyDue& a, const CopyDue& b) {
    return std::tie(a.set, a.original) < std::tie(b.set, b.original);
  });
  if (due.size() > most) due.resize(most);
  return due;
}

std::string why_run_over(const Realm& realm, const Facts& facts, const Configuration& configuration,
                         const Instant& now) {
  if (realm.is_production()) return {};
  if (!configuration.gamedays.contains(realm.gameday))
    return "GameDay set " + realm.gameday + " is not configured any more";
  const gameday::Run* const run = facts.find_run(realm.gameday, realm.run);
  if (!run) return "nothing is known of this run of GameDay set " + realm.gameday;
  // One that has not begun, by a clock that was stepped, is silent at the gate and not over.
  return gameday::is_over(*run, now) ? gameday::why_over(realm.gameday, *run) : std::string();
}

std::string why_not_by_rota(const Realm& realm, const std::string& rota,
                            const Configuration& configuration) {
  if (realm.is_production()) return {};
  const auto set = configuration.gamedays.find(realm.gameday);
  if (set == configuration.gamedays.end())
    return "GameDay set " + realm.gameday + " is not configured any more";
  if (set->second.may_page_production || !is_productions(rota, configuration)) return {};
  return "rota " + rota + " is production's own, and GameDay set " + realm.gameday +
         " may not page by way of it";
}

std::vector<Contact> everybody_of(const gameday::Set& set, const Configuration& configuration,
                                  const oncall::Overrides& overrides) {
  std::vector<Contact> contacts;
  const auto add = [&](Contact contact) {
    if (std::find(contacts.begin(), contacts.end(), contact) == contacts.end())
      contacts.push_back(std::move(contact));
  };
  const auto add_person = [&](const std::string& name) {
    for (oncall::Due& due : oncall::contacts_of(name, configuration.directory))
      add(std::move(due.contact));
  };
  const auto add_target = [&](const Target& target) {
    if (target.kind == Target::Kind::person) add_person(target.name);
    if (target.kind == Target::Kind::channel &&
        configuration.directory.channels.contains(target.name))
      add({"", target.name, ""});
    const auto rota = configuration.rotas.find(target.name);
    if (target.kind != Target::Kind::rota || rota == configuration.rotas.end() ||
        !why_not_by_rota({set.name, 0}, target.name, configuration).empty())
      return;
    for (const oncall::Layer& layer : rota->second.layers)
      for (const std::string& name : layer.people) add_person(name);
    for (const oncall::Override& each : rota->second.overrides) add_person(each.person);
    if (const auto made = overrides.find(target.name); made != overrides.end())
      for (const oncall::Override& each : made->second) add_person(each.person);
  };
  const auto policy = configuration.policies.find(set.page);
  if (policy != configuration.policies.end())
    for (const Step& step : policy->second.steps)
      for (const Target& target : step.page) add_target(target);
  for (const auto& each : set.channels) add({"", each.second, ""});
  return contacts;
}

bool may_reach(const gameday::Set& set, const Configuration& configuration, const Facts& facts,
               const Contact& contact) {
  const std::vector<Contact> reach = everybody_of(set, configuration, facts.overrides);
  return std::find(reach.begin(), reach.end(), contact) != reach.end();
}

std::string why_silent(const Incident& incident, const MessageState& message, const Facts& facts,
                       const Configuration& configuration, const Instant& now) {
  const Realm& realm = incident.realm;
  if (realm.is_production()) return {};
  const gameday::Run* const run = facts.find_run(realm.gameday, realm.run);
  const bool of_pause = message.kind == MessageKind::drill_paused && run && run->ending &&
                        run->ending->kind == gameday::EndKind::paused;
  if (!of_pause)
    if (std::string over = why_run_over(realm, facts, configuration, now); !over.empty())
      return over;
  if (!of_pause && !gameday::is_on(*run, now))
    return "GameDay set " + realm.gameday + " has not begun";
  const auto set = configuration.gamedays.find(realm.gameday);
  if (set == configuration.gamedays.end())
    return "GameDay set " + realm.gameday + " is not configured any more";
  if (message.kind == MessageKind::hook) {
    const auto& remedy = incident.decision->remedy;
    return remedy && configuration.hooks_in_drill.contains(remedy->hook)
               ? ""
               : "the hook does not allow drills";
  }
  return may_reach(set->second, configuration, facts, message.contact)
             ? ""
             : "GameDay set " + realm.gameday + " may not reach " +
                   (message.contact.person.empty() ? "channel " + message.contact.channel
                                                   : message.contact.person.str());
}

std::vector<std::string> drills_beside(const Incident& incident, const Contact& contact,
                                       const Facts& facts, const Instant& now) {
  std::vector<std::string> sets;
  if (!incident.realm.is_production()) return sets;
  // One that paused for this very incident was on a moment ago, and its people are still at it.
  constexpr Duration kStillAtIt = std::chrono::hours(1);
  for (const auto& [name, runs] : facts.gamedays) {
    if (runs.empty()) continue;
    const gameday::Run& run = runs.back().run;
    const bool just_paused = run.ending && run.ending->kind == gameday::EndKind::paused &&
                             now.wall < run.ending->at + kStillAtIt;
    if (!gameday::is_on(run, now) && !just_paused) continue;
    const bool takes_part =
        std::find(run.people.begin(), run.people.end(), contact.person) != run.people.end();
    if (takes_part || run.team == incident.decision->team) sets.push_back(name);
  }
  return sets;
}

std::vector<Paused> paused_by(const Incident& incident, const Facts& facts,
                              const Configuration& configuration, const Instant& now, bool begins) {
  std::vector<Paused> paused;
  const Decision& decision = incident.decision;
  if (!incident.realm.is_production() || !pages(decision.outcome) ||
      incident.state == IncidentState::resolved)
    return paused;
  for (const auto& each : facts.gamedays) {
    const std::string& name = each.first;
    const gameday::Run* const run = facts.find_on(name, now);
    const auto configured = configuration.gamedays.find(name);
    if (!run || configured == configuration.gamedays.end()) continue;
    if (!begins && incident.opened_at < run->starts_at) continue;
    const gameday::Set& set = configured->second;
    const bool own = decision.team == set.team;
    const bool grave = set.stop_if && decision.severity >= *set.stop_if;
    if (own || grave)
      paused.push_back(
          {name, run->number,
           "a real incident opened" +
               (own ? " for team " + set.team : ", " + std::string(to_string(decision.severity))) +
               ": " + incident.title + " (" + incident.id.text + ")"});
  }
  return paused;
}

}  // namespace tocsin::engine
