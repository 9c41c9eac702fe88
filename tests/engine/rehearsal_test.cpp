// Rehearsals: what would be told to whom and when, at the very moments, and within limits.
#include "router/engine/rehearsal.hpp"

#include "router/engine/decide.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{WallTime(1000h), 1, 10h};

std::shared_ptr<Configuration> plain() {
  auto all = std::make_shared<Configuration>();
  all->hash = "c";
  const auto person = [](const char* name) { return Target{Target::Kind::person, name}; };
  all->policies["cdp"] = {
      "cdp", "cdp", {{{person("ada")}, 5min}, {{person("ada"), person("grace")}, 10min}}, 1};
  all->policies["ops"] = {"ops", "ops", {{{person("linus")}, 5min}}, 0};
  all->default_policy = "ops";
  for (const char* name : {"ada", "grace", "linus"})
    all->directory.people[name] = {name, {{"phone", name, 0s}}};
  all->directory.channels = {"room"};
  all->integrations["prom"] = {{"alertname"}, {}, 6h, 0s};
  rules::Rule paging;
  paging.name = "api";
  paging.team = "cdp";
  paging.matchers.push_back(rules::Matcher::parse(R"(service="api")").value());
  paging.page = "cdp";
  paging.runbook = Runbook{"api", "API", "https://books/api"};
  rules::Rule held = paging;
  held.name = "late";
  held.matchers = {rules::Matcher::parse(R"(service="late")").value()};
  held.after = 90s;
  rules::Rule advice;
  advice.name = "advice";
  advice.matchers = {rules::Matcher::parse(R"(service="typo")").value()};
  advice.manual = "https://manual";
  advice.tell = {"room"};
  all->rules = rules::RuleSet({paging, held, advice}, "ops", "ops");
  return all;
}

Alert alert(const std::string& name, const std::string& service,
            AlertStatus status = AlertStatus::firing) {
  Alert made;
  made.key = name + "/" + service;
  made.status = status;
  made.labels = Fields(std::vector<Fields::Pair>{{"alertname", name}, {"service", service}});
  return made;
}

std::vector<std::string> lines(const Rehearsal& rehearsal) {
  std::vector<std::string> all;
  for (const Told& told : rehearsal.told()) {
    CHECK(told.at == kStart.wall + told.after);
    all.push_back(format_duration(told.after) + " " + std::string(to_string(told.kind)) + " " +
                  (told.contact.person.empty() ? told.contact.channel : told.contact.person) +
                  (told.policy.empty() ? "" : " " + told.policy) + ": " + told.why);
  }
  return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("nobody acknowledging is paged through every step and then by the default policy") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.alerts("prom", {alert("Slow", "api")});
  rehearsal.advance(1h);
  CHECK(lines(rehearsal) == Lines{"0s page ada cdp: opened",
                                  "5m page ada cdp: nobody acknowledged for 5m",
                                  "5m page grace cdp: nobody acknowledged for 5m",
                                  "15m page ada cdp: nobody acknowledged for 10m",
                                  "20m page ada cdp: nobody acknowledged for 5m",
                                  "20m page grace cdp: nobody acknowledged for 5m",
                                  "30m page linus ops: nobody acknowledged for 10m",
                                  "45m page linus ops: nobody acknowledged for 15m",
                                  "1h page linus ops: nobody acknowledged for 15m"});
  REQUIRE(rehearsal.decided().size() == 1);
  CHECK(rehearsal.decided()[0].decision.rule == "api");
  REQUIRE(rehearsal.incidents().size() == 1);
  CHECK(rehearsal.incidents()[0].incident.id == rehearsal.decided()[0].incident);
  CHECK(rehearsal.incidents()[0].alerts.size() == 1);
  CHECK((rehearsal.complete() && rehearsal.elapsed() == 1h));
}

TEST_CASE("an acknowledgement ends the pages and the end is told to whoever was paged") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.alerts("prom", {alert("Slow", "api")});
  rehearsal.advance(6min);
  CHECK(rehearsal.acknowledge(rehearsal.incidents()[0].incident.id, "ada"));
  rehearsal.advance(10h);
  const std::size_t before = rehearsal.told().size();
  CHECK(before == 3);
  rehearsal.alerts("prom", {alert("Slow", "api", AlertStatus::resolved)});
  CHECK(lines(rehearsal).back() == "10h6m resolved grace: its alert ended");
  CHECK(rehearsal.told().size() == before + 2);
  CHECK(rehearsal.incidents()[0].incident.state == IncidentState::resolved);
  CHECK_FALSE(rehearsal.acknowledge(rehearsal.incidents()[0].incident.id, "ada"));
  CHECK_FALSE(rehearsal.acknowledge({"NOSUCH"}, "ada"));
}

TEST_CASE("what is held begins at the very moment and what ends before is never told") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.alerts("prom", {alert("Slow", "late"), alert("Short", "late")});
  rehearsal.advance(89s);
  rehearsal.alerts("prom", {alert("Short", "late", AlertStatus::resolved)});
  CHECK(rehearsal.told().empty());
  rehearsal.advance(1min);
  CHECK(lines(rehearsal) == Lines{"1m30s page ada cdp: still firing after 1m30s"});
}

TEST_CASE("advice and an end that nobody waited for are told apart") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.alerts("prom",
                   {alert("Config", "typo"), alert("Unknown", "api", AlertStatus::resolved)});
  CHECK(lines(rehearsal) == Lines{"0s advice room: the manual answers it, and nobody is woken"});
  REQUIRE(rehearsal.ignored().size() == 1);
  CHECK(rehearsal.ignored()[0].alert.key == "Unknown/api");
  CHECK(rehearsal.ignored()[0].why == "it ended, and was not known to fire");
}

TEST_CASE("a provider that answers otherwise is asked again as it would be in earnest") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.answers([](const Told& told) {
    if (told.contact.person == "ada") return Attempt::rejected("no such phone");
    return told.attempt < 3 ? Attempt::retry_later("busy") : Attempt::accepted("taken");
  });
  rehearsal.alerts("prom", {alert("Slow", "api")});
  rehearsal.advance(1min);
  std::vector<std::pair<std::string, std::uint32_t>> tries;
  for (const Told& told : rehearsal.told()) tries.emplace_back(told.contact.person, told.attempt);
  CHECK(tries == std::vector<std::pair<std::string, std::uint32_t>>{
                     {"ada", 1}, {"ada", 1}, {"grace", 1}, {"grace", 2}, {"grace", 3}});
  CHECK(rehearsal.told()[1].why == "no contact of the step works");
}

TEST_CASE("an alert of which nothing is heard again ends when its integration says so") {
  auto configuration = plain();
  configuration->integrations["prom"].resolve_after = 10min;
  Rehearsal rehearsal(configuration, kStart);
  Alert ends = alert("Slow", "api");
  ends.ends_at = kStart.wall + 4min;
  rehearsal.alerts("prom", {ends});
  rehearsal.advance(14min - 1s);
  CHECK(rehearsal.incidents()[0].incident.state == IncidentState::open);
  rehearsal.advance(1s);
  CHECK(rehearsal.incidents()[0].incident.state == IncidentState::resolved);
}

TEST_CASE("the same rehearsal gives the same whether the time passes at once or bit by bit") {
  const auto configuration = plain();
  Rehearsal once(configuration, kStart), bits(configuration, kStart);
  for (Rehearsal* rehearsal : {&once, &bits})
    rehearsal->alerts("prom", {alert("Slow", "api"), alert("Late", "late"), alert("Down", "web")});
  once.advance(3h);
  for (int i = 0; i < 180 * 4; ++i) bits.advance(15s);
  CHECK(once.told() == bits.told());
  CHECK(once.decided() == bits.decided());
  CHECK(once.told().size() > 30);
}

TEST_CASE("a rehearsal of too much stands still and says so") {
  Rehearsal rehearsal(plain(), kStart);
  rehearsal.alerts("prom", {alert("Slow", "api")});
  rehearsal.advance(std::chrono::hours(24 * 7));
  CHECK(rehearsal.complete());
  rehearsal.advance(std::chrono::hours(24 * 365 * 10));
  CHECK_FALSE(rehearsal.complete());
  CHECK(rehearsal.told().size() <= kMostRehearsedTurns);
  CHECK(rehearsal.elapsed() == std::chrono::hours(24 * (7 + 365 * 10)));
}

TEST_CASE("a storm of alerts is rehearsed turn by turn and every one is decided") {
  Rehearsal rehearsal(plain(), kStart);
  std::vector<Alert> many;
  for (std::size_t i = 0; i < 3 * kMostAlertsPerTurn; ++i)
    many.push_back(alert("Slow" + std::to_string(i), "api"));
  rehearsal.alerts("prom", many);
  rehearsal.advance(5min);
  CHECK((rehearsal.complete() && rehearsal.decided().size() == many.size()));
  CHECK(rehearsal.told().size() == 3 * many.size());
}
