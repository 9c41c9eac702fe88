#include "router/engine/heartbeats.hpp"

#include <algorithm>

namespace tocsin::engine {
namespace {

bool fires(const PartitionState& state, const std::string& integration, const std::string& name) {
  const std::string key = alert_key({}, integration, heartbeat_key(name));
  if (state.pending_keys.contains(key)) return true;  // it is about to be decided
  const auto current = state.current.find(key);
  const auto alert =
      current == state.current.end() ? state.alerts.end() : state.alerts.find(current->second);
  return alert != state.alerts.end() && alert->second.alert.status == AlertStatus::firing;
}

Alert missing(const std::string& integration, const Heartbeat& heartbeat, const Instant& heard,
              const Instant& now) {
  Alert alert;
  alert.key = heartbeat_key(heartbeat.name);
  alert.labels = heartbeat_labels(heartbeat.name).with_defaults(heartbeat.labels);
  alert.annotations = Fields(std::vector<Fields::Pair>{
      {"summary", "Nothing was heard of heartbeat " + heartbeat.name + " of " + integration +
                      " for " + format_duration(heartbeat.within) + ", last at " +
                      format_rfc3339(heard.wall)}});
  alert.starts_at = now.wall;
  return alert;
}

}  // namespace

void hear_beats(PartitionState& state, const AlertsBody& body) {
  for (const std::string& name : body.beats) {
    if (state.beats.size() >= kMostBeats && !state.beats.contains({body.integration, name})) break;
    Instant& heard = state.beats[{body.integration, name}];
    if (heard.wall <= body.received.wall) heard = body.received;
  }
}

HeartbeatNews heartbeat_news(const PartitionState& state, const Configuration& configuration,
                             const std::function<bool(const std::string&)>& here,
                             const Instant& now, const Instant& since) {
  HeartbeatNews news{{}, kLookAtHeartbeats};
  for (const auto& [integration, rules] : configuration.integrations) {
    if (rules.heartbeats.empty() || !here(integration)) continue;
    AlertsBody body{integration, now, {}, {}, {}};
    for (const Heartbeat& heartbeat : rules.heartbeats) {
      const auto heard = state.beats.find({integration, heartbeat.name});
      if (heard == state.beats.end()) {  // from now on
        body.beats.push_back(heartbeat.name);
        continue;
      }
      if (fires(state, integration, heartbeat.name)) continue;
      const Duration left =
          heartbeat.within - std::min(elapsed_between(heard->second, now, heartbeat.within),
                                      elapsed_between(since, now, heartbeat.within));
      if (left > Duration::zero())
        news.next = std::min(news.next, left);
      else
        body.alerts.push_back(missing(integration, heartbeat, heard->second, now));
    }
    if (!body.beats.empty() || !body.alerts.empty()) news.bodies.push_back(std::move(body));
  }
  for (const auto& each : state.beats) {
    const auto& [integration, name] = each.first;
    const auto rules = configuration.integrations.find(integration);
    const bool known =
        rules != configuration.integrations.end() &&
        std::any_of(rules->second.heartbeats.begin(), rules->second.heartbeats.end(),
                    [&n = name](const Heartbeat& heartbeat) { return heartbeat.name == n; });
    if (!known && here(integration) && fires(state, integration, name))
      news.bodies.push_back({integration, now, {heartbeat_is_back(name, now.wall)}, {}, {}});
  }
  return news;
}

}  // namespace tocsin::engine
