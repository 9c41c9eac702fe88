// How many decisions a second the rules make, for more and more of them.
//
//   rules_bench [SECONDS]    a figure takes so long
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "rules/rule.hpp"

namespace {

using namespace tocsin;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kRulesAService = 10;
constexpr std::size_t kMostPatterns = 20;  // rules that only a regular expression can try
constexpr std::size_t kAlerts = 4096;      // different ones, decided again and again
constexpr std::size_t kBatch = 64;         // decisions between two looks at the clock

std::string numbered(const char* word, std::size_t number) { return word + std::to_string(number); }

/// Of a hundred rules, 80 are a service's own, 10 name two alerts, 5 are patterns alone (but never
/// more than kMostPatterns in all), and the others are a team's.
rules::Rule some_rule(std::size_t i, std::size_t& patterns) {
  rules::Rule rule;
  rule.name = numbered("rule-", i);
  rule.team = numbered("team-", i / 100);
  rule.page = rule.team;
  rule.severity = Severity::critical;
  const auto match = [&](const std::string& text) {
    rule.matchers.push_back(rules::Matcher::parse(text).value());
  };
  const std::size_t kind = i % 100 * 7 % 100;  // spread over the hundred
  if (kind < 80) {
    match("service=" + numbered("s", i / kRulesAService));
    match(i % 3 == 0 ? "severity!=info"
                     : "alertname=~\"" + numbered("Slow", i % kRulesAService) + ".*\"");
  } else if (kind < 90) {
    match("alertname=~\"" + numbered("Down", i) + "|" + numbered("Lost", i) + "\"");
  } else if (kind < 95 && patterns < kMostPatterns) {
    match("alertname=~\"" + numbered("Disk", ++patterns) + ".*Full\"");
  } else {
    match("namespace=" + numbered("n", i));
    match("environment!=staging");
  }
  return rule;
}

/// Of ten alerts, seven are a service's, one is named, one meets a pattern, and one meets no rule.
std::vector<Fields> some_alerts(std::size_t count, std::size_t patterns) {
  std::mt19937 dice(42);
  std::vector<Fields> alerts;
  for (std::size_t i = 0; i < kAlerts; ++i) {
    const std::size_t rule = dice() % count;
    std::string service = "unheard", name = "Unheard";
    if (i % 10 < 7) {
      service = numbered("s", rule / kRulesAService);
      name = numbered("Slow", rule % kRulesAService) + "Requests";
    } else if (i % 10 == 7) {
      name = numbered("Down", rule);
    } else if (i % 10 == 8) {
      name = numbered("Disk", 1 + rule % patterns) + "AlmostFull";
    }
    alerts.emplace_back(std::vector<Fields::Pair>{{"alertname", name},
                                                  {"cluster", "eu-west-1a"},
                                                  {"environment", "production"},
                                                  {"instance", "10.20.30.40:9100"},
                                                  {"job", "node-exporter"},
                                                  {"pod", "api-7d9c5b7f6-x2x4z"},
                                                  {"service", service},
                                                  {"severity", "error"}});
  }
  return alerts;
}

double decisions_a_second(std::size_t count, double seconds) {
  std::vector<rules::Rule> rules;
  std::size_t patterns = 0;
  for (std::size_t i = 0; i < count; ++i) rules.push_back(some_rule(i, patterns));
  const rules::RuleSet set(std::move(rules), "default", "ops");
  const std::vector<Fields> alerts = some_alerts(count, patterns);
  std::size_t decided = 0, claimed = 0;
  // Once round without the clock, so that what is measured is not the first look at every page.
  for (const Fields& alert : alerts) claimed += set.decide(alert, {}).rule.empty() ? 0 : 1;
  if (claimed < kAlerts / 2) std::abort();
  const auto begin = Steady::now();
  std::chrono::duration<double> took{};
  while (took.count() < seconds) {
    for (std::size_t i = 0; i < kBatch; ++i)
      if (set.decide(alerts[decided++ % kAlerts], {}).reasons.empty()) std::abort();
    took = Steady::now() - begin;
  }
  return static_cast<double>(decided) / took.count();
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  double first = 0;
  for (const std::size_t count : {100U, 1'000U, 10'000U, 100'000U}) {
    const double speed = decisions_a_second(count, seconds);
    if (first == 0) first = speed;
    std::printf("%7zu rules %10.0f decisions/s   a decision costs x%.2f\n", count, speed,
                first / speed);
  }
  return 0;
}
