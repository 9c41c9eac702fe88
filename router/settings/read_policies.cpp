// policies: whom to page, in which order, how long to wait.
#include <algorithm>
#include <tuple>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

std::optional<Target> read_target(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kTarget);
  if (!section) return std::nullopt;
  if (section->value().node().entries.size() != 1) {
    value.fault(
        "not one target; write {person: NAME}, {rota: NAME} or {channel: NAME}, each an entry of "
        "its own");
    return std::nullopt;
  }
  using Kind = Target::Kind;
  for (const auto& [key, kind, noun] : {std::tuple("person", Kind::person, Noun::person),
                                        std::tuple("rota", Kind::rota, Noun::rota),
                                        std::tuple("channel", Kind::channel, Noun::channel)}) {
    const auto chosen = section->find(key);
    const auto word = chosen ? chosen->word() : std::nullopt;
    if (!word) continue;
    draft.names.refer(noun, *word, chosen->place());
    if (kind == Kind::channel) draft.channel_uses.push_back({*word, chosen->place(), true});
    if (kind == Kind::rota) draft.rotas_paged.insert(*word);
    return Target{kind, *word};
  }
  return std::nullopt;
}

/// When the step is taken; days and hours need a zone, which has no other meaning.
StepOnly read_step_only(const Value& value) {
  StepOnly only;
  const auto section = Section::open(value, kStepOnly);
  if (!section) return only;
  const auto severity = section->find("severity"), days = section->find("days"),
             hours = section->find("hours"), time_zone = section->find("time_zone");
  if (severity)
    if (auto read = read_severities(*severity)) only.severities = std::move(*read);
  if (!days && !hours) {
    if (time_zone)
      time_zone->fault("of which days and hours? write them as well, or remove it");
    else if (!severity)
      value.fault("says nothing; write severity, days or hours, or remove it");
    return only;
  }
  Schedule schedule;
  if (const auto zone = section->require(
          "time_zone", "days and hours are in it; write e.g. time_zone: Europe/Dublin"))
    if (auto read = read_zone(*zone)) schedule.zone = std::move(*read);
  if (read_days_and_hours(*section, schedule)) only.hours = {schedule};
  return only;
}

bool is_channel(const Target& target) { return target.kind == Target::Kind::channel; }

/// How the targets of a step share its page.
void read_sharing(const Section& section, std::size_t targets, Step& step) {
  if (const auto value = section.find("round_robin")) {
    step.round_robin = value->boolean().value_or(false);
    if (step.round_robin && targets == 1)
      value->note("with one target nobody takes turns; add targets, or remove it");
  }
  if (const auto value = section.find("acknowledge")) {
    const auto word = read_choice(*value, "way to acknowledge", {"anyone", "everyone"});
    step.everyone = word == "everyone";
    if (step.everyone && targets == step.page.size() && targets > 0 &&
        std::all_of(step.page.begin(), step.page.end(), is_channel))
      value->fault("nobody acknowledges for a channel; page a person or a rota here, or remove it");
  }
}

Step read_step(const Value& value, Draft& draft) {
  Step step;
  const auto section = Section::open(value, kStep);
  if (!section) return step;
  std::size_t written = 0;
  if (const auto page = section->require("page", "say whom, e.g. page: [{person: ada}]")) {
    const auto targets = page->list();
    if (targets.empty() && page->node().kind == Node::Kind::sequence)
      page->fault("empty; say whom, e.g. [{person: ada}]");
    written = targets.size();
    if (written > kMostTargets) {
      page->fault("more than " + std::to_string(kMostTargets) + " targets; use fewer");
      return step;
    }
    for (const Value& value_of_target : targets)
      if (auto target = read_target(value_of_target, draft))
        step.page.push_back(std::move(*target));
  }
  if (const auto wait = section->find("wait"))
    step.wait = wait->duration(kLeastStepWait, kMostStepWait).value_or(step.wait);
  if (const auto only = section->find("only")) step.only = read_step_only(*only);
  read_sharing(*section, written, step);
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
    if (list.size() > kMostSteps)
      steps->fault("more than " + std::to_string(kMostSteps) + " steps; use fewer");
    else
      for (const Value& step : list) policy.steps.push_back(read_step(step, draft));
  }
  if (const auto repeat = section->find("repeat"))
    policy.repeat = repeat->count(0, kMostRepeats).value_or(0);
  if (const auto timeout = section->find("acknowledgement_timeout"))
    policy.acknowledgement_timeout =
        timeout->duration(kLeastAcknowledgementTimeout, kMostAcknowledgementTimeout)
            .value_or(Duration::zero());
  if (draft.settings.policies.emplace(policy.name, policy).second)
    draft.policy_places.emplace(policy.name, value.place());
}

}  // namespace

void read_policies(const Value& value, const std::string& team, Draft& draft) {
  for (const Value& policy : value.list()) read_policy(policy, team, draft);
}

}  // namespace tocsin::settings
