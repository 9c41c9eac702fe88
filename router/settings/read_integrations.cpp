// integrations: who sends, in which wire format, with which key.
#include <algorithm>

#include "router/core/manual.hpp"
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_key(const Value& value, Integration& integration, Draft& draft) {
  const auto key = read_secret(value);
  if (!key) return;
  const auto [owner, is_new] = draft.key_owners.emplace(key->value, integration.name);
  if (!is_new)
    value.fault("the same key as integration " + shown(owner->second) +
                "; a key alone says who sends, so give each its own");
  integration.keys.push_back(key->value);
}

void read_keys(const Section& section, Integration& integration, Draft& draft) {
  const auto one = section.find("key"), several = section.find("keys");
  if (one && several) return several->fault("key stands here as well; keep one of the two");
  if (one) return read_key(*one, integration, draft);
  if (!several) {
    // For its fault only.
    static_cast<void>(
        section.require("key", "write e.g. key: \"${MY_KEY}\", made with openssl rand -hex 24"));
    return;
  }
  const auto keys = several->list();
  if (keys.empty() && several->node().kind == Node::Kind::sequence)
    several->fault("empty; nobody could send: add a key made with openssl rand -hex 24");
  for (const Value& key : keys) read_key(key, integration, draft);
}

void read_source(const Section& section, Integration& integration, const Draft& draft) {
  const auto source = section.require("source", "say in which wire format it sends");
  if (!source) return;
  std::vector<std::string> known;
  for (const auto& [name, entry] : draft.vocabulary.sources) known.push_back(name);
  const auto word = read_choice(*source, "source", known, kLaterSources);
  if (!word) return;
  integration.source = *word;
  integration.group_by = draft.vocabulary.sources.find(*word)->second.group_by;
}

void read_group_by(const Value& value, Integration& integration) {
  integration.group_by.clear();
  const auto labels = value.list();
  if (labels.size() > kMostGroupBy)
    return value.fault("more than " + std::to_string(kMostGroupBy) + " labels; group by fewer");
  for (const Value& label : labels) {
    const auto word = label.word();
    if (!word) continue;
    const auto& all = integration.group_by;
    if (std::find(all.begin(), all.end(), *word) != all.end())
      label.fault(shown(*word) + " stands here twice; remove one");
    integration.group_by.push_back(*word);
  }
}

void read_severities(const Value& value, Integration& integration) {
  for (const auto& [word, meaning] : value.map()) {
    const auto severity = read_severity(meaning);
    if (!severity) continue;
    if (severity_named(word))
      meaning.fault(shown(word) + " stands for itself; leave it out, or set severity in a rule");
    integration.severities.emplace(word, *severity);
  }
}

std::optional<Rate> read_rate(const Value& value) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return std::nullopt;
  const auto rate = parse_rate(text->value);
  if (rate) return *rate;
  value.fault(shown(*text) + " is " + rate.error().message +
              "; write how many alerts a second or a minute");
  return std::nullopt;
}

void read_tags(const Value& value, Integration& integration, Draft& draft) {
  const auto sets = value.list();
  if (sets.size() > kMostGamedays)
    return value.fault("more than " + std::to_string(kMostGamedays) + " sets; list fewer");
  for (const Value& set : sets) {
    const auto word = set.word();
    if (!word) continue;
    const auto& all = integration.gamedays;
    if (std::find(all.begin(), all.end(), *word) != all.end())
      set.fault(shown(*word) + " stands here twice; remove one");
    draft.names.refer(Noun::gameday, *word, set.place());
    draft.tags_admitted.insert(*word);
    integration.gamedays.push_back(*word);
  }
}

void read_heartbeat(const Value& value, Integration& integration) {
  const auto section = Section::open(value, kHeartbeat);
  if (!section) return;
  Integration::Heartbeat heartbeat;
  if (const auto name = section->require("name", "its sender pings it by this name")) {
    if (const auto word = name->name()) heartbeat.name = *word;
    for (const Integration::Heartbeat& other : integration.heartbeats)
      if (other.name == heartbeat.name)
        name->fault(shown(heartbeat.name) + " stands here twice; remove one");
  }
  if (const auto within = section->require("within", "silence for longer is an alert, e.g. 10m"))
    heartbeat.within = within->duration(kLeastHeartbeat, kMostHeartbeat).value_or(kLeastHeartbeat);
  if (const auto severity = section->find("severity"))
    heartbeat.severity = read_severity(*severity).value_or(heartbeat.severity);
  if (const auto matchers = section->find("matchers")) {
    heartbeat.matchers = read_matchers(*matchers).all;
    if (rules::all_match(heartbeat.matchers, Fields()))
      matchers->fault("they match every alert; say which one is a sign of life and no trouble");
  }
  integration.heartbeats.push_back(std::move(heartbeat));
}

void read_integration(const Value& value, Draft& draft) {
  // The source says which other keys there are.
  const auto section = Section::peek(value);
  if (!section) return;
  Integration integration;
  if (const auto name = section->require("name", "alerts come in at /in/NAME")) {
    if (const auto word = name->name()) {
      integration.name = *word;
      draft.names.define(Noun::integration, *word, name->place(), draft.report);
      if (*word == kManualIntegration)
        name->fault("\"manual\" is kept for what people report; choose another name");
    }
  }
  read_source(*section, integration, draft);
  const auto source = draft.vocabulary.sources.find(integration.source);
  const ConnectorFields fields =
      source != draft.vocabulary.sources.end() ? source->second.fields : ConnectorFields();
  std::vector<std::string> own;
  for (const connectors::Field& field : fields) own.emplace_back(field.key);
  if (!Section::open(value, kIntegration, own)) return;
  integration.values.name = integration.name;
  read_source_fields(*section, fields, integration.values, draft);
  read_keys(*section, integration, draft);
  if (const auto labels = section->find("labels"))
    for (const auto& [label, text] : labels->map())
      if (auto read = text.some_text())
        integration.labels.emplace_back(label, std::move(read->value));
  if (const auto group_by = section->find("group_by")) read_group_by(*group_by, integration);
  if (const auto severities = section->find("severities"))
    read_severities(*severities, integration);
  if (const auto after = section->find("resolve_after"))
    integration.resolve_after = after->duration(kLeastResolveAfter, kMostResolveAfter);
  if (const auto within = section->find("reopen_within"))
    integration.reopen_within = within->duration(Duration::zero(), kMostReopenWithin);
  if (const auto limit = section->find("limit")) integration.limit = read_rate(*limit);
  if (const auto sets = section->find("gamedays")) read_tags(*sets, integration, draft);
  if (const auto heartbeats = section->find("heartbeats")) {
    const auto all = heartbeats->list();
    if (all.size() > kMostHeartbeats)
      heartbeats->fault("more than " + std::to_string(kMostHeartbeats) + " heartbeats; list fewer");
    else
      for (const Value& each : all) read_heartbeat(each, integration);
  }
  draft.settings.integrations.push_back(std::move(integration));
}

}  // namespace

void read_integrations(const Value& value, Draft& draft) {
  for (const Value& integration : value.list()) read_integration(integration, draft);
}

}  // namespace tocsin::settings
