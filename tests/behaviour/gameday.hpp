// A team with a GameDay set: production's alerts page ada and then the default policy, linus; a
// drill pages pia, the pilot, and may tell the drill room.
#pragma once

#include "tests/behaviour/world.hpp"

namespace tocsin::tests {

inline const char* const kGamedayService = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, labels: {environment: production}, group_by: [alertname]}
  - {name: staging, source: prometheus, key: staging-key-0123456789, labels: {environment: staging}, group_by: [alertname], gamedays: [drill]}
channels:
  - {name: phone, type: log}
  - {name: room, type: log}
  - {name: drill-room, type: log}
people:
  - {name: ada, contacts: {phone: ada}}
  - {name: linus, contacts: {phone: linus}}
  - {name: pia, contacts: {phone: pia}}
default: {page: fallback}
policies:
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
)";
inline const char* const kGamedayTeam = R"(
team: cdp
channel: room
policies:
  - {name: escalating, steps: [{page: [{person: ada}], wait: 5m}]}
  - {name: pilot, steps: [{page: [{person: pia}], wait: 5m}]}
hooks:
  - {name: restart, type: webhook, url: "http://127.0.0.1:9/restart", limit: {runs: 2, per: 1h}, gameday: dry-run}
  - {name: wipe, type: webhook, url: "http://127.0.0.1:9/wipe", limit: {runs: 2, per: 1h}}
rules:
  - {name: mended, matchers: ['environment="production"', 'alertname="mendable"'], remediate: {hook: restart, mode: automatic, wait: 1m}, page: escalating}
  - {name: wiped, matchers: ['environment="production"', 'alertname="wipeable"'], remediate: {hook: wipe, mode: automatic, wait: 1m}, page: escalating}
  - {name: known, matchers: ['environment="production"', 'alertname="known"'], advise: {manual: "https://m.example.com", tell: [{channel: room}]}}
  - {name: ours, matchers: ['environment="production"'], severity: critical, impact: Nobody can log in, page: escalating}
  - {name: not-ours, matchers: ['environment="staging"'], suppress: staging wakes nobody}
gamedays:
  - {name: drill, as: {environment: production}, page: pilot, channels: {room: drill-room}, longest: 3h}
  - {name: copying, copies: ['environment="staging"', 'copied="yes"'], as: {environment: production}, page: pilot, longest: 3h}
)";
inline std::vector<settings::File> gameday_files(const std::string& team = kGamedayTeam) {
  return {{"tocsin.yaml", kGamedayService}, {"teams/cdp.yaml", team}};
}

/// A world whose sender is staging's: what it fires with the tag is the drill's alone.
class GamedayWorld : public World {
 public:
  explicit GamedayWorld(const std::string& team = kGamedayTeam) : World(gameday_files(team)) {
    as_staging();
  }

  void as_staging() { sender_key = "staging-key-0123456789"; }
  void as_production() { sender_key = "prometheus-key-0123456789"; }
  void fire_tagged(const std::string& name, Labels labels = {}) {
    labels["gameday"] = "drill";
    fire(name, std::move(labels));
  }
  void resolve_tagged(const std::string& name) { resolve(name, {{"gameday", "drill"}}); }
  void nobody_in_production_heard() {
    for (const char* who : {"ada", "linus", "room"}) phone(who).silent();
  }
  /// Of the set's realm, newest first.
  std::vector<engine::IncidentView> drills() const {
    auto all = incidents();
    std::erase_if(all, [](const auto& view) { return view.incident.realm.is_production(); });
    return all;
  }
  engine::Incident drill() const { return drills().at(0).incident; }
};

}  // namespace tocsin::tests
