// From validated settings to what each room needs of them: the one place that knows both sides.
#pragma once

#include <memory>
#include <vector>

#include "router/api/api.hpp"
#include "router/delivery/delivery.hpp"
#include "router/engine/configuration.hpp"
#include "router/ingest/ingest.hpp"
#include "router/settings/settings.hpp"

namespace tocsin {

/// What the connectors of this build are called and take, for the settings loader.
settings::Vocabulary vocabulary();

std::shared_ptr<const engine::Configuration> make_configuration(const settings::Settings& settings);
std::shared_ptr<const ingest::Integrations> make_integrations(const settings::Settings& settings);
std::shared_ptr<const std::vector<api::Token>> make_tokens(const settings::Settings& settings);
/// The channels by which answers come back.
std::shared_ptr<const api::HeardChannels> make_heard(const settings::Settings& settings);
/// What channels and hooks find wrong with values that only they understand: all of it, each at its
/// place.
std::vector<settings::Fault> connector_faults(const settings::Settings& settings);
/// Errors: invalid, as the first of connector_faults() in words.
Result<std::shared_ptr<const delivery::Channels>> make_channels(
    const settings::Settings& settings, const connectors::ChannelDeps& deps);

/// Errors: the same.
Result<std::shared_ptr<const delivery::Hooks>> make_hooks(const settings::Settings& settings);

}  // namespace tocsin
