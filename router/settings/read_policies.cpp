// policies: whom to page, in which order, how long to wait.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

std::optional<Target> read_target(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kTarget);
  if (!section) return std::nullopt;
  if (section->value().node().entries.size() != 1) {
    value.fault(
        "not one target; write {person: NAME} or {channel: NAME}, each an entry of its own");
    return std::nullopt;
  }
  const auto person = section->find("person"), channel = section->find("channel");
  const auto& chosen = person ? person : channel;
  const auto word = chosen ? chosen->word() : std::nullopt;
  if (!word) return std::nullopt;
  draft.names.refer(person ? Noun::person : Noun::channel, *word, chosen->place());
  if (channel) draft.channel_uses.push_back({*word, channel->place(), true});
  return Target{person ? Target::Kind::person : Target::Kind::channel, *word};
}

Step read_step(const Value& value, Draft& draft) {
  Step step;
  const auto section = Section::open(value, kStep);
  if (!section) return step;
  if (const auto page = section->require("page", "say whom, e.g. page: [{person: ada}]")) {
    const auto targets = page->list();
    if (targets.empty() && page->node().kind == Node::Kind::sequence)
      page->fault("empty; say whom, e.g. [{person: ada}]");
    for (const Value& value_of_target : targets)
      if (auto target = read_target(value_of_target, draft))
        step.page.push_back(std::move(*target));
  }
  if (const auto wait = section->find("wait"))
    step.wait = wait->duration(kLeastStepWait, kMostStepWait).value_or(step.wait);
  return step;
}

void read_policy(const Value& value, const std::string& team, Draft& draft) {
  const auto section = Section::open(value, kPolicy);
  if (!section) return;
  Policy policy;
  policy.team = team;
  if (const auto name = section->require("name", "rules refer to it")) {
    if (const auto word = name->name()) {
      policy.name = *word;
      draft.names.define(Noun::policy, *word, name->place(), draft.report);
    }
  }
  if (const auto steps = section->require("steps", "write e.g. steps: [{page: [{person: ada}]}]")) {
    const auto list = steps->list();
    if (list.empty() && steps->node().kind == Node::Kind::sequence)
      steps->fault("empty; write e.g. [{page: [{person: ada}]}]");
    for (const Value& step : list) policy.steps.push_back(read_step(step, draft));
  }
  if (const auto repeat = section->find("repeat"))
    policy.repeat = repeat->count(0, kMostRepeats).value_or(0);
  draft.settings.policies.emplace(policy.name, policy);
}

}  // namespace

void read_policies(const Value& value, const std::string& team, Draft& draft) {
  for (const Value& policy : value.list()) read_policy(policy, team, draft);
}

}  // namespace tocsin::settings
