// A world in which storms come, for the tests of bundles.
#pragma once

#include "router/engine/decide.hpp"
#include "tests/behaviour/gameday.hpp"
#include "tests/catch.hpp"

namespace tocsin::tests {

using namespace std::chrono_literals;

inline const char* const kStormSettings = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
people:
  - {name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, {after: 2m, channel: mail}]}
  - {name: bob, contacts: {phone: bob}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1h}
      - {page: [{person: bob}], wait: 1h}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
  - {name: grave, matchers: ['level="critical"'], severity: critical, page: crew}
  - {name: mild, matchers: ['level="info"'], severity: info, page: crew}
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: error, page: crew}
)";

inline constexpr std::size_t kLimit = oncall::kBuiltInLimit.pages;
inline constexpr Duration kPer = oncall::kBuiltInLimit.per;

inline std::string many(std::size_t first, std::size_t end, WallTime ends_at) {
  std::string body;
  for (std::size_t i = first; i < end; ++i)
    body += (i > first ? "," : "") + (R"({"labels":{"alertname":"db-)" + std::to_string(i)) +
            R"("},"endsAt":")" + format_rfc3339(ends_at) + "\"}";
  return "[" + body + "]";
}

struct StormWorld : World {
  StormWorld() : World(kStormSettings) {}

  /// Incidents db-0 to db-(count - 1), at once.
  void storm(std::size_t count, std::size_t first = 0) {
    REQUIRE(post(many(first, first + count, clock.now().wall + 24h)) == 200);
  }
  void calm(std::size_t count) { REQUIRE(post(many(0, count, clock.now().wall - 1s)) == 200); }
  /// Takes the pages from the phone and says how many there were.
  std::size_t pages(const std::string& who) {
    std::size_t count = 0;
    for (; phone(who).waiting() > 0; ++count) phone(who).expects("db-");
    return count;
  }
  std::vector<engine::IncidentView> all() {
    engine::IncidentQuery query;
    query.limit = 1'000;
    std::vector<engine::IncidentView> found;
    do {
      auto page = state().list(query);
      found.insert(found.end(), page.incidents.begin(), page.incidents.end());
      query.cursor = page.next;
    } while (!query.cursor.empty());
    return found;
  }
  /// Takes everything up to the next bundle, and that.
  connectors::Notification bundle(const std::string& who) {
    connectors::Notification taken;
    for (;;) {
      REQUIRE(phone(who).waiting() > 0);
      taken = phone(who).next();
      if (is_bundle(taken.kind)) return taken;
    }
  }
  /// How many incidents have a page to this contact in this state.
  std::size_t count(const std::string& address, engine::MessageStatus status,
                    MessageKind kind = MessageKind::page) {
    std::size_t found = 0;
    for (const auto& view : all())
      found +=
          std::any_of(view.incident.messages.begin(), view.incident.messages.end(),
                      [&](const engine::MessageState& m) {
                        return m.contact.address == address && m.status == status && m.kind == kind;
                      });
    return found;
  }
};

inline bool says(const engine::Incident& incident, const std::string& text) {
  return std::any_of(incident.timeline.begin(), incident.timeline.end(),
                     [&](const auto& entry) { return entry.text.find(text) != std::string::npos; });
}

}  // namespace tocsin::tests
