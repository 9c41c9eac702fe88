#include "router/offline/explain.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "router/core/text.hpp"
#include "router/engine/title.hpp"
#include "router/ingest/reading.hpp"

namespace tocsin::offline {
namespace {

constexpr std::size_t kMostTitleBytes = 120;
/// Between two looks at whether the rest would only repeat.
constexpr Duration kStride = std::chrono::minutes(15);

/// Nothing new will come: it is over, pages nobody, or the default policy began again.
bool only_repeats(const engine::Incident& incident) {
  return incident.state == engine::IncidentState::resolved || incident.policy->steps.empty() ||
         (incident.escalation.fallback && incident.escalation.round > 0 &&
          incident.escalation.queue == Queue::none);
}

void follow(engine::Rehearsal& rehearsal) {
  while (rehearsal.complete() && rehearsal.elapsed() < kLongestRehearsal) {
    const auto incidents = rehearsal.incidents();
    if (std::all_of(incidents.begin(), incidents.end(),
                    [](const auto& view) { return only_repeats(view.incident); }))
      return;
    rehearsal.advance(kStride);
  }
}

/// The places of the alerts that could be used: those of the others are known.
std::vector<std::size_t> places(const connectors::Parsed& parsed) {
  std::vector<bool> taken(parsed.alerts.size() + parsed.rejected.size(), false);
  for (const connectors::Rejected& rejected : parsed.rejected)
    if (rejected.index < taken.size()) taken[rejected.index] = true;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (!taken[i]) left.push_back(i + 1);
  left.resize(parsed.alerts.size());
  return left;
}

void add_incidents(const engine::Rehearsal& rehearsal, Explained& explained) {
  std::unordered_map<IncidentId, std::size_t> at;
  for (const engine::IncidentView& view : rehearsal.incidents()) {
    at.emplace(view.incident.id, explained.incidents.size());
    const engine::Escalation& stands = view.incident.escalation;
    explained.incidents.push_back(
        {view.incident.id,
         view.incident.title,
         {},
         stands.queue == Queue::anybody ? stands.nobody.str() : std::string()});
  }
  for (const engine::Told& told : rehearsal.told())
    if (const auto found = at.find(told.incident); found != at.end())
      explained.incidents[found->second].told.push_back(told);
}

}  // namespace

Result<Explained> explain(const ingest::Integration& integration,
                          std::shared_ptr<const engine::Configuration> configuration,
                          std::string payload, const Instant& at,
                          const std::vector<std::string>& sets_on) {
  HttpRequest request;
  request.method = "POST";
  request.body = std::move(payload);
  request.received = at;
  TOCSIN_TRY(connectors::Parsed parsed, ingest::read_alerts(integration, request));
  Explained explained{integration.name, at.wall, {}, parsed.rejected, {}, {}, true};
  const auto words = configuration->integrations.find(integration.name);
  TOCSIN_CHECK(words != configuration->integrations.end(),
               "the integration and the engine's configuration are of the same settings");
  engine::Rehearsal rehearsal(configuration, at);
  std::vector<Alert> alerts = parsed.alerts;
  // Asked is what happens while it fires, not when its sender would be given up.
  for (Alert& alert : alerts)
    if (alert.status == AlertStatus::firing) alert.ends_at.reset();
  for (const std::string& set : sets_on) rehearsal.gameday(set, true);
  rehearsal.alerts(integration.name, std::move(alerts));
  const std::vector<engine::DecidedAlert> decided = rehearsal.decided();
  follow(rehearsal);
  const std::vector<std::size_t> place = places(parsed);
  std::size_t tried = 0;
  const auto explain_as = [&](const Fields& labels) {
    rules::Explanation why = rules::explain(configuration->rules, labels, words->second.severities);
    if ((tried += why.rules.size()) > kMostTriedInAll) {
      why.not_shown += why.rules.size();
      why.rules.clear();
    }
    return why;
  };
  const auto add = [&](std::size_t at_place, const Alert& alert, const engine::DecidedAlert* says) {
    const bool drill = says && !says->realm.is_production();
    const Fields labels =
        drill ? gameday::seen_as(configuration->gamedays.at(says->realm.gameday), alert.labels)
              : alert.labels;
    rules::Explanation why = explain_as(labels);
    if (says) why.decision = says->decision;  // what drills and tags make of it is in there
    explained.alerts.push_back({at_place, alert, std::move(why),
                                says ? says->incident : IncidentId{},
                                drill ? says->realm.gameday.str() : std::string()});
  };
  std::unordered_map<std::string, std::vector<const engine::DecidedAlert*>> by_key;
  for (const engine::DecidedAlert& each : decided) by_key[each.alert.key].push_back(&each);
  for (std::size_t i = 0; i < parsed.alerts.size(); ++i) {
    const Alert& alert = parsed.alerts[i];
    const engine::DecidedAlert* own = nullptr;
    std::map<std::string, const engine::DecidedAlert*> drills;
    if (alert.status == AlertStatus::firing)
      for (const engine::DecidedAlert* const each : by_key[alert.key])
        (each->realm.is_production() ? own : drills[each->realm.gameday]) = each;
    add(place[i], alert, own);
    for (const auto& [set, drill] : drills) add(place[i], alert, drill);
  }
  add_incidents(rehearsal, explained);
  explained.followed = rehearsal.elapsed();
  explained.complete = rehearsal.complete();
  return explained;
}

std::string title_of(const Alert& alert) { return cut(engine::title_of(alert), kMostTitleBytes); }

std::string summary(const Decision& decision) {
  std::string text(to_string(decision.outcome));
  if (!decision.policy.empty()) text += ": policy " + decision.policy;
  text += (decision.policy.empty() ? ": severity " : ", severity ") +
          std::string(to_string(decision.severity)) + ", team " + decision.team;
  if (decision.after > Duration::zero())
    text += ", once it fired for " + format_duration(decision.after);
  return text;
}

}  // namespace tocsin::offline
