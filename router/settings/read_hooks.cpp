// hooks: automated fixes, and how often and how long each may run; and which rule wants which.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

const ConnectorWords kHookWords{Noun::hook,         "hooks", "hook type",    "rules refer to it",
                                "say what runs it", kHook,   kLaterHookTypes};

void read_limit(const Value& value, HookSettings& hook) {
  const auto section = Section::open(value, kHookLimit);
  if (!section) return;
  if (const auto runs = section->require("runs", "write e.g. {runs: 3, per: 1h}"))
    hook.runs = runs->count(1, kMostHookRuns).value_or(hook.runs);
  if (const auto per = section->require("per", "write e.g. {runs: 3, per: 1h}"))
    hook.per = per->duration(kLeastHookPer, kMostHookPer).value_or(hook.per);
}

HookInDrill drill_named(std::string_view word) {
  return word == "run"       ? HookInDrill::run
         : word == "dry-run" ? HookInDrill::dry_run
                             : HookInDrill::never;
}

void read_hook(const Value& value, Draft& draft) {
  ConnectorTypes types;
  for (const auto& [name, type] : draft.vocabulary.hooks) types.emplace(name, &type.fields);
  auto connector = read_connector(value, kHookWords, types, draft);
  if (!connector) return;
  const auto section = Section::peek(value);
  HookSettings hook;
  hook.type = std::move(connector->type);
  if (const auto limit = section->find("limit")) read_limit(*limit, hook);
  if (const auto timeout = section->find("timeout"))
    hook.timeout = timeout->duration(kLeastHookTimeout, kMostHookTimeout).value_or(hook.timeout);
  if (const auto gameday = section->find("gameday"))
    if (const auto word = read_choice(*gameday, "way of drilling", {"never", "dry-run", "run"}))
      hook.gameday = drill_named(*word);
  const std::string name = connector->values.name;
  hook.values = std::move(connector->values);
  draft.settings.hooks.emplace(name, std::move(hook));
}

}  // namespace

void read_hooks(const Value& value, Draft& draft) {
  for (const Value& hook : value.list()) read_hook(hook, draft);
}

std::optional<Remedy> read_remediate(const Value& value, Draft& draft) {
  const auto section = Section::open(value, kRemediate);
  if (!section) return std::nullopt;
  Remedy remedy;
  const auto hook = section->require("hook", "name the hook that mends it");
  if (const auto mode = section->find("mode"))
    if (const auto word = read_choice(*mode, "mode", {"automatic", "approve"}))
      remedy.mode = *word == "approve" ? RemedyMode::approve : RemedyMode::automatic;
  const auto wait = section->find("wait");
  if (wait) remedy.wait = wait->duration(kLeastRemedyWait, kMostRemedyWait).value_or(remedy.wait);
  const auto word = hook ? hook->word() : std::nullopt;
  if (!word) return std::nullopt;
  remedy.hook = *word;
  draft.names.refer(Noun::hook, *word, hook->place());
  draft.remedy_uses.push_back({draft.settings.rules.size(), (wait ? *wait : value).place()});
  return remedy;
}

void fill_in_hooks(Draft& draft) {
  for (const RemedyUse& use : draft.remedy_uses) {
    Remedy& remedy = *draft.settings.rules[use.rule].remedy;
    const auto found = draft.settings.hooks.find(remedy.hook);
    if (found == draft.settings.hooks.end()) continue;
    remedy.runs = found->second.runs;
    remedy.per = found->second.per;
    if (remedy.wait < found->second.timeout)
      draft.report.note(use.place, "the page is held for " + format_duration(remedy.wait) +
                                       ", but the hook may take " +
                                       format_duration(found->second.timeout) +
                                       " to answer; wait longer, or give the hook less time");
  }
}

}  // namespace tocsin::settings
