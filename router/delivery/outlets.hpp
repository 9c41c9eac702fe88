// Where messages can go at all: the channels and hooks of the configuration, by name. Each set is
// swapped whole at a reload.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::delivery {

using Channels = std::map<std::string, std::unique_ptr<connectors::Channel>, std::less<>>;

/// A hook, and how long one call of it may take.
struct HookOutlet {
  std::unique_ptr<connectors::Hook> hook;
  Duration timeout = std::chrono::seconds(10);
  gameday::HookInDrill in_drill = gameday::HookInDrill::never;
};
using Hooks = std::map<std::string, HookOutlet, std::less<>>;

struct Outlets {
  std::shared_ptr<const Channels> channels = std::make_shared<const Channels>();
  std::shared_ptr<const Hooks> hooks = std::make_shared<const Hooks>();
};

/// The longest that one attempt may take; far less than the minute after which an attempt counts as
/// lost.
inline constexpr Duration kAttemptBudget = std::chrono::seconds(10);

}  // namespace tocsin::delivery
