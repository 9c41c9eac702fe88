// The API over a journal, an owner that decides, and a store in memory: for tests of what people
// ask and change. Time moves only when told to.
#pragma once

#include <nlohmann/json.hpp>

#include "connectors/journals/memory_journal.hpp"
#include "connectors/stores/memory_store.hpp"
#include "router/api/api.hpp"
#include "router/core/digest.hpp"
#include "router/engine/configuration_codec.hpp"
#include "router/engine/state_codec.hpp"
#include "tests/catch.hpp"

namespace tocsin::tests {

using json = nlohmann::json;

class MovedClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void advance(Duration by) {
    now_.wall += by;
    now_.elapsed += by;
  }

 private:
  Instant now_{WallTime(std::chrono::seconds(1'795'312'363)), 1, std::chrono::hours(5)};
};

struct LivedInHouse {
  /// Sends nothing, and knows what it was to send.
  struct Outbox final : engine::Outbox {
    void start(const engine::AttemptRef& attempt) override { started.push_back(attempt); }
    std::vector<engine::AttemptRef> started;
  };

  MovedClock clock;
  journal::MemoryJournal journal{4, "memory"};
  Mint mint{7, 4};
  engine::NodeState state{4};
  store::MemoryStore store;
  Outbox outbox;
  engine::OwnerEvents events;
  engine::Owner owner{journal, clock, mint, state, configuration(), outbox, events};
  Result<std::string> reloaded = std::string();
  std::vector<engine::Membership::Seen> members;
  std::optional<gameday::Lever> lever;
  bool on_island = false;
  api::Api api{
      owner,
      clock,
      {[] { return api::Readiness{}; }, [] { return std::string(); }, &store,
       [this] { return reloaded; }, [this] { return owner.configuration(); },
       [this] { return members; }, [this] { return lever; }, [this] { return on_island; }}};

  LivedInHouse() {
    TOCSIN_CHECK(owner.replay().has_value(), "memory can be read");
    api.replace(std::make_shared<std::vector<api::Token>>(
                    std::vector<api::Token>{{"looker", api::Access::view, "viewer"},
                                            {"fixer", api::Access::respond, "responder"},
                                            {"boss", api::Access::administer, "admin"}}),
                "secret");
  }

  static std::shared_ptr<const engine::Configuration> configuration() {
    auto made = std::make_shared<engine::Configuration>();
    rules::Rule mended, other;
    other.name = "disks";
    other.team = "crew";
    other.matchers.push_back(*rules::Matcher::parse("alertname=\"Disk\""));
    mended.name = "restartable";
    mended.team = "crew";
    mended.matchers.push_back(*rules::Matcher::parse("service=\"api\""));
    mended.remedy = Remedy{"restart-api", RemedyMode::approve, std::chrono::minutes(3), 3,
                           std::chrono::hours(1)};
    made->rules = rules::RuleSet({other, mended}, "crew", "crew");
    made->integrations["prometheus"].group_by = {"alertname"};
    made->policies["crew"] = {
        "crew", "crew", {{{{Target::Kind::person, "ada"}}, std::chrono::hours(1)}}, 0};
    made->default_policy = "crew";
    made->hash = engine::hash_of(*made);
    return made;
  }

  void settle() {
    for (int i = 0; i < 100; ++i) {
      owner.run();
      api.step();
    }
  }
  void fire(const std::string& name, const std::string& service = "api",
            AlertStatus status = AlertStatus::firing) {
    Alert alert;
    alert.key = name;
    alert.status = status;
    alert.labels = Fields(std::vector<Fields::Pair>{{"alertname", name}, {"service", service}});
    alert.starts_at = clock.now().wall;
    journal.append(1,
                   {mint.record(1, RecordKind::alerts, clock.now().wall,
                                encode(AlertsBody{"prometheus", clock.now(), {alert}}))},
                   [](const journal::Appended&) {});
    settle();
  }
  /// The id of the only incident with this title.
  std::string id_of(const std::string& title) {
    for (const auto& view : state.list({}).incidents)
      if (view.incident.title == title) return view.incident.id.text;
    FAIL("there is no incident " << title);
    return {};
  }
  /// As the store would have it after a while: closed, and gone from memory.
  store::History history(const std::string& id, WallTime opened) const {
    engine::Incident incident;
    incident.id = {id};
    incident.title = "kept " + id;
    incident.state = engine::IncidentState::resolved;
    incident.opened_at = opened;
    incident.resolved_at = opened + std::chrono::minutes(1);
    engine::AlertState alert;
    alert.id = {"alert" + id};
    alert.alert.labels = Fields(std::vector<Fields::Pair>{{"service", "api"}});
    alert.integration = "prometheus";
    alert.incident = incident.id;
    const auto by = configuration();
    alert.decision = std::make_shared<Decision>(by->rules.decide(alert.alert.labels, {}));
    alert.configuration = std::make_shared<std::string>(by->hash);
    incident.alerts = {alert.id};
    return {incident.id,
            1,
            "resolved",
            "crew",
            Severity::error,
            "",
            opened,
            *incident.resolved_at,
            {alert.id},
            {by->hash},
            engine::encode_closed(incident, {alert})};
  }

  using Answer = std::shared_ptr<std::optional<HttpResponse>>;
  /// Asks, and gives what will have the answer some day.
  Answer begin(const std::string& method, const std::string& pattern,
               std::vector<std::string> matches = {}, const std::string& body = {},
               const std::string& token = "responder",
               std::multimap<std::string, std::string> query = {}) {
    HttpRequest request;
    request.method = method;
    request.matches = std::move(matches);
    request.body = body;
    request.query = std::move(query);
    request.headers = {{"authorization", "Bearer " + token}};
    for (const HttpRoute& route : api.routes()) {
      if (route.pattern != pattern || route.method != method) continue;
      auto answer = std::make_shared<std::optional<HttpResponse>>();
      route.handler(request, [answer](HttpResponse said) { *answer = std::move(said); });
      return answer;
    }
    FAIL("there is no route " << method << " " << pattern);
    return {};
  }
  HttpResponse ask(const std::string& method, const std::string& pattern,
                   std::vector<std::string> matches = {}, const std::string& body = {},
                   const std::string& token = "responder",
                   std::multimap<std::string, std::string> query = {}) {
    const Answer answer = begin(method, pattern, std::move(matches), body, token, std::move(query));
    if (!*answer) settle();
    REQUIRE(*answer);
    return **answer;
  }
  HttpResponse change(const std::string& id, const std::string& what, const std::string& body = {},
                      const std::string& token = "responder") {
    return ask("POST", "/api/v1/incidents/([^/]+)/" + what, {id}, body, token);
  }
  HttpResponse judge(const std::string& id, const std::string& hook, const std::string& what) {
    return ask("POST", "/api/v1/incidents/([^/]+)/remediations/([^/]+)/" + what, {id, hook});
  }
};

inline std::string detail_of(const HttpResponse& answer, int status) {
  INFO(answer.body);
  CHECK(answer.status == status);
  CHECK(answer.content_type == "application/problem+json");
  return json::parse(answer.body).value("detail", "");
}
inline json json_of(const HttpResponse& answer, int status = 200) {
  INFO(answer.body);
  REQUIRE(answer.status == status);
  return json::parse(answer.body);
}

}  // namespace tocsin::tests
