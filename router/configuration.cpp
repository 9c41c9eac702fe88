#include "router/configuration.hpp"

#include <algorithm>
#include <tuple>

#include "connectors/hook.hpp"
#include "connectors/journals/kafka_journal.hpp"
#include "router/engine/configuration_codec.hpp"

namespace tocsin {

namespace {

Fields labels_of(const settings::Integration& integration) {
  return Fields(std::vector<Fields::Pair>(integration.labels.begin(), integration.labels.end()));
}

}  // namespace

settings::Vocabulary vocabulary() {
  settings::Vocabulary all;
  for (const connectors::SourceSpec* source : connectors::all_sources())
    all.sources[std::string(source->name)] = {{source->group_by.begin(), source->group_by.end()},
                                              {source->fields.begin(), source->fields.end()}};
  for (const connectors::ChannelSpec* channel : connectors::all_channels())
    all.channels[std::string(channel->name)] = {{channel->fields.begin(), channel->fields.end()},
                                                channel->needs_address};
  all.kafka_property = [](const std::string& name, const std::optional<std::string>& value) {
    const auto judged = journal::examine_kafka_property(name, value);
    return settings::Vocabulary::Property{judged.wrong, judged.secret};
  };
  for (const connectors::HookSpec* hook : connectors::all_hooks())
    all.hooks[std::string(hook->name)] = {{hook->fields.begin(), hook->fields.end()}};
  return all;
}

std::shared_ptr<const engine::Configuration> make_configuration(
    const settings::Settings& settings) {
  auto configuration = std::make_shared<engine::Configuration>();
  configuration->policies = settings.policies;
  configuration->default_policy = settings.default_policy;
  configuration->directory = settings.directory;
  configuration->rotas = settings.rotas;
  configuration->team_channels = settings.team_channels;
  for (const settings::Integration& integration : settings.integrations) {
    const connectors::SourceSpec* const source = connectors::find_source(integration.source);
    TOCSIN_CHECK(source, "settings are validated: the source exists");
    rules::SeverityWords severities = integration.severities;
    for (const auto& [word, severity] : source->severities)
      severities.emplace(std::string(word), severity);
    configuration->integrations[integration.name] = {
        integration.group_by,
        std::move(severities),
        integration.resolve_after.value_or(source->resolve_after),
        integration.reopen_within.value_or(Duration::zero()),
        integration.gamedays,
        {}};
    for (const settings::Integration::Heartbeat& heartbeat : integration.heartbeats) {
      const std::vector<Fields::Pair> severity{{"severity", to_string(heartbeat.severity)}};
      configuration->integrations[integration.name].heartbeats.push_back(
          {heartbeat.name, heartbeat.within,
           Fields(severity).with_defaults(labels_of(integration))});
    }
  }
  const auto fallback = settings.policies.find(settings.default_policy);
  TOCSIN_CHECK(fallback != settings.policies.end(),
               "settings are validated: the default policy exists");
  const std::string& team = fallback->second.team;
  const auto channel = settings.team_channels.find(team);
  configuration->rules =
      rules::RuleSet(settings.rules, settings.default_policy, team,
                     channel != settings.team_channels.end() ? channel->second : "");
  configuration->windows = settings.windows;
  configuration->gamedays = settings.gamedays;
  for (const auto& [name, hook] : settings.hooks)
    if (hook.gameday != gameday::HookInDrill::never)
      configuration->hooks_in_drill[name] = hook.gameday;
  // Kafka drops by its own clock, and by itself: what is open must stand further on before that.
  configuration->retention = settings.journal.type == "kafka" ? settings.journal.retention / 5 * 4
                                                              : settings.journal.retention;
  configuration->hash = engine::hash_of(*configuration);
  return configuration;
}

std::shared_ptr<const ingest::Integrations> make_integrations(const settings::Settings& settings) {
  auto integrations = std::make_shared<ingest::Integrations>();
  for (const settings::Integration& integration : settings.integrations) {
    const connectors::SourceSpec* const source = connectors::find_source(integration.source);
    TOCSIN_CHECK(source, "settings are validated: the source exists");
    (*integrations)[integration.name] = {
        integration.name, source, integration.keys, labels_of(integration), integration.values, {}};
    for (const settings::Integration::Heartbeat& heartbeat : integration.heartbeats)
      (*integrations)[integration.name].heartbeats.push_back({heartbeat.name, heartbeat.matchers});
    (*integrations)[integration.name].limit = integration.limit;
  }
  return integrations;
}

std::shared_ptr<const std::vector<api::Token>> make_tokens(const settings::Settings& settings) {
  auto tokens = std::make_shared<std::vector<api::Token>>();
  for (const settings::Token& token : settings.server.tokens) {
    const api::Access access = token.role == settings::Role::admin       ? api::Access::administer
                               : token.role == settings::Role::responder ? api::Access::respond
                                                                         : api::Access::view;
    tokens->push_back({token.name, access, token.token});
  }
  return tokens;
}

std::shared_ptr<const api::HeardChannels> make_heard(const settings::Settings& settings) {
  auto heard = std::make_shared<api::HeardChannels>();
  for (const auto& [name, values] : settings.channels) {
    const std::string& type = settings.channel_types.at(name);
    const connectors::ChannelSpec* const spec = connectors::find_channel(type);
    TOCSIN_CHECK(spec, "settings are validated: the type of channel exists");
    if (spec->ear) heard->emplace(name, api::Heard{type, values, spec->ear});
  }
  return heard;
}

Result<std::shared_ptr<const delivery::Channels>> make_channels(
    const settings::Settings& settings, const connectors::ChannelDeps& deps) {
  auto channels = std::make_shared<delivery::Channels>();
  for (const auto& [name, values] : settings.channels) {
    const connectors::ChannelSpec* const spec =
        connectors::find_channel(settings.channel_types.at(name));
    TOCSIN_CHECK(spec, "settings are validated: the type of channel exists");
    auto made = spec->make(values, deps);
    if (!made) return invalid(settings::connector_fault(settings, made.error().message).text());
    channels->emplace(name, std::move(*made));
  }
  return std::shared_ptr<const delivery::Channels>(std::move(channels));
}

std::vector<settings::Fault> connector_faults(const settings::Settings& settings) {
  std::vector<settings::Fault> faults;
  const auto find_fault = [&](const auto& made) {
    if (!made) faults.push_back(settings::connector_fault(settings, made.error().message));
  };
  for (const auto& [name, values] : settings.channels)
    find_fault(connectors::find_channel(settings.channel_types.at(name))
                   ->make(values, {[](const std::string&) { return true; }}));
  for (const auto& [name, hook] : settings.hooks)
    find_fault(connectors::find_hook(hook.type)->make(hook.values));
  for (const settings::Integration& integration : settings.integrations) {
    const connectors::SourceSpec* const source = connectors::find_source(integration.source);
    if (!source || !source->check) continue;
    for (const std::string& fault : source->check(integration.values))
      faults.push_back(
          settings::connector_fault(settings, "integrations." + integration.name + "." + fault));
  }
  std::stable_sort(faults.begin(), faults.end(), [](const auto& one, const auto& other) {
    return std::tuple(one.file, one.line, one.column) <
           std::tuple(other.file, other.line, other.column);
  });
  return faults;
}

Result<std::shared_ptr<const delivery::Hooks>> make_hooks(const settings::Settings& settings) {
  auto hooks = std::make_shared<delivery::Hooks>();
  for (const auto& [name, hook] : settings.hooks) {
    const connectors::HookSpec* const spec = connectors::find_hook(hook.type);
    TOCSIN_CHECK(spec, "settings are validated: the type of hook exists");
    auto made = spec->make(hook.values);
    if (!made) return invalid(settings::connector_fault(settings, made.error().message).text());
    hooks->emplace(name, delivery::HookOutlet{std::move(*made), hook.timeout, hook.gameday});
  }
  return std::shared_ptr<const delivery::Hooks>(std::move(hooks));
}

}  // namespace tocsin
