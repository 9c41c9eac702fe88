// What a rule says is to be done: page, suppress or advise, and what belongs to a page.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_told(const Value& value, std::vector<std::string>& tell, Draft& draft) {
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; leave it out to tell the team's channel");
  if (entries.size() > kMostTold)
    return value.fault("more than " + std::to_string(kMostTold) + " channels; tell fewer");
  for (const Value& entry : entries) {
    const auto section = Section::open(entry, kTold);
    const auto channel =
        section ? section->require("channel", "write e.g. {channel: NAME}") : std::nullopt;
    const auto word = channel ? channel->word() : std::nullopt;
    if (!word) continue;
    if (std::find(tell.begin(), tell.end(), *word) != tell.end())
      channel->fault(shown(*word) + " stands here twice; remove one");
    draft.names.refer(Noun::channel, *word, channel->place());
    draft.channel_uses.push_back({*word, channel->place()});
    tell.push_back(*word);
  }
}

void read_advise(const Value& value, const Team& team, rules::Rule& rule, Draft& draft) {
  const auto section = Section::open(value, kAdvise);
  if (!section) return;
  if (const auto manual = section->require("manual", "say which page of the manual answers it"))
    if (auto link = read_link(*manual)) rule.manual = std::move(*link);
  if (const auto tell = section->find("tell")) return read_told(*tell, rule.tell, draft);
  if (!team.channel.empty())
    rule.tell = {team.channel};
  else if (!team.channel_seen)
    // For its fault only: advice that nobody hears is silence.
    static_cast<void>(
        section->require("tell", "write e.g. tell: [{channel: NAME}], or give the team a channel"));
}

/// The first of these decides; the others are faults.
void choose_one(const Section& section) {
  std::string_view kept;
  for (const std::string_view key : {"page", "suppress", "advise"}) {
    const auto value = section.find(key);
    if (!value) continue;
    if (!kept.empty())
      value->fault(std::string(kept) + " stands in this rule as well; keep one of the two");
    else
      kept = key;
  }
}

/// Refused where nobody is paged: whoever wrote `after` beside `suppress` expects a page that would
/// never come.
std::optional<Value> find_for_page(const Section& section, std::string_view key) {
  auto value = section.find(key);
  for (const std::string_view other : {"suppress", "advise"})
    if (value && section.find(other)) {
      value->fault("belongs to a page, and " + std::string(other) +
                   " pages nobody; remove one of the two");
      return std::nullopt;
    }
  return value;
}

}  // namespace

void read_outcome(const Section& section, const Team& team, rules::Rule& rule, Draft& draft) {
  choose_one(section);
  const auto page = section.find("page"), suppress = section.find("suppress");
  if (const auto policy = page ? page->word() : std::nullopt) {
    rule.page = *policy;
    draft.names.refer(Noun::policy, *policy, page->place());
  }
  if (auto why = suppress ? suppress->some_text() : std::nullopt)
    rule.suppress = std::move(why->value);
  if (const auto advise = section.find("advise")) read_advise(*advise, team, rule, draft);
  if (const auto after = find_for_page(section, "after"))
    rule.after = after->duration(kLeastAfter, kMostAfter);
  if (const auto remediate = find_for_page(section, "remediate"))
    rule.remedy = read_remediate(*remediate, draft);
  const auto runbook = find_for_page(section, "runbook");
  if (const auto word = runbook ? runbook->word() : std::nullopt) {
    draft.names.refer(Noun::runbook, *word, runbook->place());
    draft.runbook_uses.push_back({draft.settings.rules.size(), *word});
  }
}

}  // namespace tocsin::settings
