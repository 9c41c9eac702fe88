#include "router/gameday/set.hpp"

#include <algorithm>

namespace tocsin::gameday {
namespace {

std::string channel_for(std::string_view channel, const Set& set) {
  const auto own = set.channels.find(channel);
  return own == set.channels.end() ? std::string() : own->second;
}

std::string in_words(const Set& set) {
  std::string text;
  for (const auto& [name, value] : set.as)
    text += (text.empty() ? "" : ", ") + name + "=\"" + value + "\"";
  return text;
}

void replace_channels(Decision& decision, const Set& set) {
  const auto replace = [&](const std::string& channel) {
    std::string own = channel_for(channel, set);
    decision.reasons.push_back({ReasonKind::gameday_channel, channel, own});
    return own;
  };
  if (!decision.team_channel.empty()) decision.team_channel = replace(decision.team_channel);
  std::vector<std::string> told;
  for (const std::string& channel : decision.tell)
    if (std::string own = replace(channel); !own.empty()) told.push_back(std::move(own));
  decision.tell = std::move(told);
}

void look_at_hook(Decision& decision, const HooksInDrill& hooks) {
  if (!decision.remedy) return;
  const auto allowed = hooks.find(decision.remedy->hook);
  if (allowed != hooks.end() && allowed->second != HookInDrill::never) {
    decision.reasons.push_back(
        {ReasonKind::gameday_hook, decision.remedy->hook,
         allowed->second == HookInDrill::dry_run ? "is called as a dry run" : "runs in the drill"});
    return;
  }
  decision.reasons.push_back({ReasonKind::gameday_hook, decision.remedy->hook,
                              "is left out: it does not allow drills (gameday: never)"});
  decision.remedy.reset();
  if (decision.outcome == Outcome::remediate) decision.outcome = Outcome::page;
}

}  // namespace

Tag tag_of(const Fields& labels, const std::vector<std::string>& may_feed, const Sets& sets) {
  const auto tag = labels.find(kTag);
  if (!tag || tag->empty()) return {};
  const auto set = sets.find(*tag);
  if (set == sets.end()) return {nullptr, "there is no GameDay set of that name"};
  if (std::find(may_feed.begin(), may_feed.end(), *tag) == may_feed.end())
    return {nullptr, "its integration may not feed that GameDay set (integrations[].gamedays)"};
  return {&set->second, {}};
}

bool copies(const Set& set, const Fields& labels) {
  return !set.copies.empty() && rules::all_match(set.copies, labels);
}

Fields seen_as(const Set& set, const Fields& labels) {
  std::vector<Fields::Pair> pairs;
  for (const auto& [name, value] : labels)
    if (name != kTag) pairs.emplace_back(name, value);
  for (const auto& [name, value] : set.as) pairs.emplace_back(name, value);  // the last wins
  return Fields(std::move(pairs));
}

Decision muted(const Set& set) {
  Decision decision;
  decision.outcome = Outcome::muted;
  decision.team = set.team;
  decision.severity = Severity::info;
  decision.reasons = {{ReasonKind::gameday_alone, set.name, ""}};
  return decision;
}

Decision for_drill(Decision decision, const Set& set, const HooksInDrill& hooks) {
  decision.reasons.insert(decision.reasons.begin(),
                          {ReasonKind::gameday_copy, set.name, in_words(set)});
  look_at_hook(decision, hooks);
  if (pages(decision.outcome)) {
    decision.policy = set.page;
    decision.reasons.push_back({ReasonKind::gameday_policy, set.name, set.page});
  } else {
    decision.policy.clear();
  }
  replace_channels(decision, set);
  return decision;
}

std::string mark(std::string_view set) { return "[GAMEDAY " + std::string(set) + "]"; }

}  // namespace tocsin::gameday
