#include "router/oncall/coverage.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "router/oncall/answer.hpp"
#include "router/oncall/reached.hpp"

namespace tocsin::oncall {
namespace {

using Why = Gap::Why;

constexpr std::array kSeverities{Severity::info, Severity::warning, Severity::error,
                                 Severity::critical};

/// How far a policy comes at which moments; each is part of the one before.
struct Levels {
  Spans taken;  // a step that pages somebody
  Reached reached;
};

/// Without `people`, one stretch of a gap of one severity.
struct Stretch {
  Span span;
  Why why = Why::nobody;
  bool caught = false;
  std::vector<std::string> people;

  auto operator<=>(const Stretch&) const = default;
};

/// What pages the same is looked at once: places in `pagings` by what they page.
using Classes = std::map<std::pair<std::string, std::optional<Severity>>, std::vector<std::size_t>>;

/// The order of the answer: what is gravest, then by time.
struct Place {
  int rank = 0;
  Span span;
  std::vector<std::pair<Target::Kind, std::string>> targets;
  Why why = Why::nobody;
  std::vector<Severity> severities;
  std::vector<std::string> people;

  auto operator<=>(const Place&) const = default;
};

constexpr int kDefaultPolicyRank = 0;
constexpr int kUncaughtRank = 1;
constexpr int kCaughtRank = 2;

struct Fallen {
  std::vector<std::string> policies;
  std::vector<std::size_t> rules;  // places in `pagings`
};

bool pages_people(const Target& target) { return target.kind != Target::Kind::channel; }

bool is_for(const Step& step, Severity severity) {
  const auto& only = step.only.severities;
  return (only.empty() || std::find(only.begin(), only.end(), severity) != only.end()) &&
         std::any_of(step.page.begin(), step.page.end(), pages_people);
}

void add_new(std::vector<std::string>& list, const std::string& name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

class Search {
 public:
  Search(const Policies& policies, const std::string& default_policy, Reach& reach)
      : policies_(policies), default_policy_(default_policy), reach_(reach) {
    for (const Severity severity : kSeverities)
      if (const Policy* policy = find(default_policy))
        caught_[severity] = levels(*policy, severity).reached.at_once;
  }

  void look(const std::string& policy, std::optional<Severity> only,
            const std::vector<std::size_t>& rules);
  Coverage result(const std::vector<Paging>& pagings) &&;

 private:
  const Policy* find(const std::string& name) const {
    const auto found = policies_.find(name);
    return found == policies_.end() ? nullptr : &found->second;
  }
  Levels levels(const Policy& policy, Severity severity);
  std::vector<Stretch> stretches(const std::string& policy, Severity severity);
  std::vector<std::string> people_of(const Policy& policy, Severity severity, const Span& span);
  std::vector<std::pair<Target::Kind, std::string>> targets_of(const std::string& policy) const;

  const Policies& policies_;
  const std::string& default_policy_;
  Reach& reach_;
  std::map<Severity, Spans> caught_;  // by the default policy
  std::map<Place, Fallen> found_;
};

Levels Search::levels(const Policy& policy, Severity severity) {
  Levels all;
  for (const Step& step : policy.steps) {
    if (!is_for(step, severity)) continue;
    const Spans& hours = reach_.within_hours(step.only.hours);
    const auto add = [&](Spans& to, const Spans& more) { to = either(to, both(more, hours)); };
    all.taken = either(all.taken, hours);
    for (const Target& target : step.page) {
      const Reached& reached = reach_.of(target, severity);
      add(all.reached.somebody, reached.somebody);
      add(all.reached.contact, reached.contact);
      add(all.reached.at_once, reached.at_once);
    }
  }
  return all;
}

std::vector<std::string> Search::people_of(const Policy& policy, Severity severity,
                                           const Span& span) {
  std::vector<std::string> people;
  for (const Step& step : policy.steps) {
    if (!is_for(step, severity)) continue;
    for (const Span& taken : both({span}, reach_.within_hours(step.only.hours)))
      for (const Target& target : step.page) reach_.add_people(target, taken, people);
  }
  return people;
}

std::vector<Stretch> Search::stretches(const std::string& name, Severity severity) {
  std::vector<Stretch> found;
  const Policy* policy = find(name);
  const auto add = [&](const Spans& spans, Why why) {
    for (const Span& span : spans) {
      std::vector<std::string> people;
      if (why == Why::no_contact || why == Why::quiet_hours)
        people = people_of(*policy, severity, span);
      const Spans caught = name == default_policy_ ? Spans{} : both({span}, caught_[severity]);
      for (const Span& each : caught) found.push_back({each, why, true, people});
      for (const Span& each : without({span}, caught)) found.push_back({each, why, false, people});
    }
  };
  const Spans whole{reach_.time()};
  if (!policy) {
    add(whole, Why::no_policy);
    return found;
  }
  const Levels all = levels(*policy, severity);
  add(without(whole, all.taken), Why::no_step);
  add(without(all.taken, all.reached.somebody), Why::nobody);
  add(without(all.reached.somebody, all.reached.contact), Why::no_contact);
  add(without(all.reached.contact, all.reached.at_once), Why::quiet_hours);
  return found;
}

/// Its rotas; if it has none, its people; and its channels if it has neither.
std::vector<std::pair<Target::Kind, std::string>> Search::targets_of(
    const std::string& name) const {
  std::vector<std::pair<Target::Kind, std::string>> found;
  const Policy* policy = find(name);
  if (!policy) return found;
  for (const auto kind : {Target::Kind::rota, Target::Kind::person, Target::Kind::channel}) {
    for (const Step& step : policy->steps)
      for (const Target& target : step.page) {
        const auto each = std::make_pair(target.kind, target.name);
        if (target.kind == kind && std::find(found.begin(), found.end(), each) == found.end())
          found.push_back(each);
      }
    if (!found.empty()) break;
  }
  return found;
}

void Search::look(const std::string& policy, std::optional<Severity> only,
                  const std::vector<std::size_t>& rules) {
  std::map<Stretch, std::vector<Severity>> all;
  for (const Severity severity : kSeverities)
    if (!only || *only == severity)
      for (Stretch& each : stretches(policy, severity)) all[std::move(each)].push_back(severity);
  const auto targets = targets_of(policy);
  for (const auto& [stretch, severities] : all) {
    Place place;
    place.rank = policy == default_policy_ ? kDefaultPolicyRank
                 : stretch.caught          ? kCaughtRank
                                           : kUncaughtRank;
    place.span = stretch.span;
    place.targets = targets;
    place.why = stretch.why;
    if (!only && severities.size() < kSeverities.size()) place.severities = severities;
    place.people = stretch.people;
    Fallen& fallen = found_[std::move(place)];
    add_new(fallen.policies, policy);
    fallen.rules.insert(fallen.rules.end(), rules.begin(), rules.end());
  }
}

Coverage Search::result(const std::vector<Paging>& pagings) && {
  Coverage coverage;
  coverage.from = reach_.time().from;
  coverage.until = reach_.time().until;
  for (auto& [place, fallen] : found_) {
    if (coverage.gaps.size() == kMostGaps) {
      coverage.left_out = found_.size() - kMostGaps;
      break;
    }
    Gap gap;
    gap.from = place.span.from;
    gap.until = place.span.until;
    gap.policies = std::move(fallen.policies);
    gap.default_policy = place.rank == kDefaultPolicyRank;
    for (const auto& target : place.targets) gap.targets.push_back({target.first, target.second});
    gap.severities = place.severities;
    std::sort(fallen.rules.begin(), fallen.rules.end());
    for (const std::size_t rule : fallen.rules) gap.rules.push_back(pagings[rule].rule);
    gap.people = place.people;
    gap.why = place.why;
    gap.caught = place.rank == kCaughtRank;
    coverage.gaps.push_back(std::move(gap));
  }
  return coverage;
}

}  // namespace

std::string_view to_string(Gap::Why why) {
  switch (why) {
    case Why::no_policy:
      return "no_policy";
    case Why::no_step:
      return "no_step";
    case Why::nobody:
      return "nobody";
    case Why::no_contact:
      return "no_contact";
    case Why::quiet_hours:
      return "quiet_hours";
  }
  return "nobody";
}

Coverage cover(const std::vector<Paging>& pagings, const Policies& policies,
               const std::string& default_policy, const Roster& roster, const Works& works,
               WallTime from, WallTime until) {
  Classes classes;
  classes[{default_policy, std::nullopt}];
  for (std::size_t i = 0; i < pagings.size(); ++i) {
    const Paging& paging = pagings[i];
    const std::string& policy = paging.policy.empty() ? default_policy : paging.policy;
    std::vector<std::size_t>& rules = classes[{policy, paging.severity}];
    if (!paging.rule.empty()) rules.push_back(i);
  }
  if (from >= until) return {from, from, {}, 0};
  Reach reach(roster, works, {from, std::min(until, later(from, kLongestCoverage))});
  Search search(policies, default_policy, reach);
  for (const auto& [what, rules] : classes) search.look(what.first, what.second, rules);
  return std::move(search).result(pagings);
}

}  // namespace tocsin::oncall
