// A team with rotas: the primary is ada's this week and bob's from Monday 10:00 on, the office's is
// grace's on working days, and the night's is nobody's. linus is the default policy. The world
// begins on Sunday 2026-11-22, 01:52:43 UTC.
#pragma once

#include <algorithm>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

namespace tocsin::tests {

/// The part of the configuration that tests change: policy `escalating`, and what belongs to it.
struct OnCall {
  std::string steps = "[{page: [{rota: primary}], wait: 5m}]";
  std::string more = "";  // of the policy: ", repeat: 1"
  std::string primary =
      "people: [ada, bob], rotation: {every: 1w, handover: \"Monday 10:00\", start: 2026-11-16}";
  std::string office =
      "people: [grace], only: {days: [Mon, Tue, Wed, Thu, Fri], hours: \"09:00-17:00\"}";
  std::string fallback = "[{page: [{person: linus}], wait: 5m}]";
  std::string people = "";   // more of them, a line each
  std::string service = "";  // more of tocsin.yaml
  std::string team = "";     // more of teams/cdp.yaml
  std::string staging = "";  // more of the integration of that name

  std::vector<settings::File> files() const {
    const std::string yaml = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, labels: {environment: production}, group_by: [alertname], resolve_after: 7d, reopen_within: 5m}
  - {name: staging, source: prometheus, key: staging-key-0123456789, labels: {environment: staging}, group_by: [alertname], resolve_after: 7d)" + staging + R"(}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
  - {name: room, type: log}
people:
  - {name: ada, contacts: {phone: ada}, notices: false}
  - {name: bob, contacts: {phone: bob}, notices: false}
  - {name: grace, contacts: {phone: grace}, notices: false}
  - {name: linus, contacts: {phone: linus}, notices: false}
)" + people + R"(
default: {page: fallback}
policies:
  - {name: fallback, steps: )" +
                             fallback + "}\n" + service;
    const std::string own = R"(
team: cdp
rotas:
  - {name: primary, time_zone: UTC, )" +
                            primary + R"(}
  - {name: office, time_zone: UTC, )" +
                            office + R"(}
policies:
  - {name: escalating, steps: )" +
                            steps + more + R"(}
rules:
  - {name: minor, matchers: ['alertname=~"disk-.*"'], severity: warning, page: escalating}
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: critical, page: escalating}
)" + team;
    return {{"tocsin.yaml", yaml}, {"teams/cdp.yaml", own}};
  }
};

class OnCallWorld : public World {
 public:
  explicit OnCallWorld(const OnCall& says = {}) : World(says.files()) {}

  void reload(const OnCall& says) { World::reload(says.files()); }
  /// To this time of this week's Monday, or of so many days later.
  void advance_to(int days_after_monday, Duration time_of_day) {
    const WallTime monday{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};
    advance(monday + std::chrono::hours(24 * days_after_monday) + time_of_day - clock.now().wall);
  }
  const engine::Incident one() const { return incident().incident; }
  void silent_but(const std::vector<std::string>& heard) {
    for (const char* who : {"ada", "bob", "grace", "linus", "room"})
      if (std::find(heard.begin(), heard.end(), who) == heard.end()) phone(who).silent();
  }
  void forget_all() {
    for (const char* who : {"ada", "bob", "grace", "linus", "room"}) phone(who).forget();
  }
  /// How many entries of the only incident's timeline have this text.
  std::size_t told(const std::string& text) const {
    std::size_t count = 0;
    for (const auto& entry : incident().incident.timeline)
      count += entry.text.find(text) != std::string::npos;
    return count;
  }
};

}  // namespace tocsin::tests
