// Poison by the thousand: what a hostile sender, or a hostile line of a configuration, may do to
// everybody else, which is nothing. TOCSIN_SEED makes other requests.
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "router/engine/decide.hpp"
#include "rules/silence.hpp"
#include "tests/behaviour/hostile.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOCSIN_SANITIZED 1
#endif
#endif

#ifdef TOCSIN_SANITIZED
constexpr int kRequests = 1'000;
#else
constexpr int kRequests = 10'000;
#endif
constexpr int kBetween = 50;  // requests from one ordinary alert to the next

const std::string kSettings = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
people:
  - {name: ada, contacts: {phone: ada}, limit: none}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - {name: crew, steps: [{page: [{person: ada}], wait: 5m}]}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
)";
const std::string kOrdinaryRule =
    "  - {name: ours, matchers: ['alertname=~\"db-.*\"'], severity: critical, page: crew}\n";

/// Patterns that end other programs, and ones at the edge of what is taken.
const std::vector<std::string>& hostile_patterns() {
  static const std::vector<std::string> kPatterns = [] {
    std::vector<std::string> all{"(a+)+$",
                                 "(a|aa)+$",
                                 "(a|a?)+$",
                                 "(.*a){20}",
                                 "(x+x+)+y",
                                 "([a-zA-Z]+)*$",
                                 "(((((a*)*)*)*)*)*",
                                 "^(([a-z])+.)+[A-Z]([a-z])+$",
                                 "(?:a?){500}a{500}",
                                 ".*.*.*.*.*.*.*.*.*.*=.*",
                                 "(?:(?:(?:a?){9}){9}){9}",
                                 "(?i)(?:[a-z]{0,30}x){20}",
                                 "[^b]*[^b]*[^b]*[^b]*b",
                                 "(?:.{0,100}a){9}"};
    std::string many;
    for (int i = 0; i < 500; ++i) many += (i ? "|s" : "s") + std::to_string(i) + ".*";
    all.push_back(many);
    return all;
  }();
  return kPatterns;
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// An ordinary alert has its page, and its word that it is over.
void check_served(World& world, int number) {
  const std::string name = "db-" + std::to_string(number);
  REQUIRE(world.fire(name) == 200);
  world.phone("ada").expects(name);
  REQUIRE(world.resolve(name) == 200);
  world.phone("ada").expects_resolved(name);
  world.phone("ada").silent();
}

}  // namespace

TEST_CASE("ten thousand hostile requests stop only themselves") {
  const char* const given = std::getenv("TOCSIN_SEED");
  Hostile hostile(given ? static_cast<unsigned>(std::atoi(given)) : 1u);
  World world(kSettings + kOrdinaryRule);
  const std::size_t before = resident_bytes();
  std::size_t taken = 0, sent = 0;
  for (int i = 0; i < kRequests; ++i) {
    const std::string body = hostile.body();
    INFO(i << ": " << body.substr(0, 300));
    const int status = world.post(body);
    REQUIRE((status == 200 || status == 400 || status == 413));
    if (status == 200) ++taken;
    sent += body.size();
    if (i % kBetween != 0) continue;
    check_served(world, i);
    world.phone("linus").forget();
    world.advance(1s);
  }
  CHECK(taken > static_cast<std::size_t>(kRequests) / 10);
  CHECK(taken < static_cast<std::size_t>(kRequests) * 9 / 10);
  CHECK(world.state().set_aside().empty());
  CHECK(world.state().counts().pending_inputs == 0);
  // What was refused is not kept, and what was taken costs little more than it was.
  CHECK(resident_bytes() - std::min(before, resident_bytes()) < 20 * sent);

  // It is the same after a start from the journal.
  world.crash();
  CHECK(world.state().set_aside().empty());
  check_served(world, kRequests);
}

TEST_CASE("hostile patterns in rules and silences delay an ordinary page by no second") {
  std::string yaml = kSettings;
  std::size_t rules = 0;
  for (const std::string& pattern : hostile_patterns())
    for (const char* sign : {"=~", "!~"})
      if (rules::Matcher::parse("evil" + std::string(sign) + "\"" + pattern + "\""))
        yaml += "  - {name: r" + std::to_string(rules++) + ", matchers: ['evil" + sign + "\"" +
                pattern + "\"', 'evil=~\".*x\"'], page: crew}\n";
  REQUIRE(rules > 20);
  World world(yaml + kOrdinaryRule);
  for (const std::string& pattern : hostile_patterns())
    if (rules::Matcher::parse("evil=~\"" + pattern + "\""))
      world.silence({"evil=~\"" + pattern + "\"", "evil=~\".*x\""}, 24h);
  const double begin = cpu_seconds();
  for (const std::size_t length : {1u, 30u, 1'000u, 4'096u})
    for (const char* unit : {"a", "ab", "x", "\xc3\xa4"}) {
      std::string value;
      while (value.size() + 2 <= length) value += unit;
      CHECK(world.fire("db-" + std::to_string(length) + unit, {{"evil", value}}) == 200);
    }
  world.phone("ada").forget();
  check_served(world, 1);
  CHECK(cpu_seconds() - begin < 60);  // of seventeen alerts; backtracking would take years
}

TEST_CASE("alerts whose labels read alike are never taken for one another") {
  World world(kSettings + kOrdinaryRule);
  const std::vector<std::string> sets{R"("a":"b","c":"d")", R"("a":"b\",\"c\":\"d")",
                                      R"("a":"b,c=d")",     R"("a":"b\nc=d")",
                                      R"("ab":"c")",        R"("a":"bc")",
                                      R"("abc":"x")",       R"("a":"b\u00ffc\u00ffd")",
                                      R"("a":"b\u0000c")",  R"("a":"b")",
                                      R"("a\u0000":"b")"};
  for (const std::string& set : sets)
    CHECK(world.post(R"([{"labels":{"alertname":"db-twins",)" + set + "}}]") == 200);
  CHECK(world.incident().incident.alerts.size() == sets.size());
  // And each is over by itself.
  for (std::size_t i = 0; i < sets.size(); ++i) {
    CHECK(world.incident().incident.state == engine::IncidentState::open);
    CHECK(world.post(R"([{"labels":{"alertname":"db-twins",)" + sets[i] +
                     R"(},"endsAt":"2026-11-22T01:52:00Z"}])") == 200);
  }
  CHECK(world.incident().incident.state == engine::IncidentState::resolved);
}
