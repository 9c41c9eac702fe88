// The lists behind all_sources(), all_channels() and all_hooks(), read from catalog.def.
#include <algorithm>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "connectors/source.hpp"

namespace tocsin::connectors {

#define SOURCE(name) extern const SourceSpec name##_source;
#define CHANNEL(name) extern const ChannelSpec name##_channel;
#define HOOK(name) extern const HookSpec name##_hook;
#include "connectors/catalog.def"
#undef SOURCE
#undef CHANNEL
#undef HOOK

namespace {

// Once for each kind, with the lines of the others empty.
#define SOURCE(name) &name##_source,
#define CHANNEL(name)
#define HOOK(name)
constexpr const SourceSpec* kSources[] = {
#include "connectors/catalog.def"
};
#undef SOURCE
#undef CHANNEL
#define SOURCE(name)
#define CHANNEL(name) &name##_channel,
constexpr const ChannelSpec* kChannels[] = {
#include "connectors/catalog.def"
};
#undef CHANNEL
#undef HOOK
#define CHANNEL(name)
#define HOOK(name) &name##_hook,
constexpr const HookSpec* kHooks[] = {
#include "connectors/catalog.def"
};
#undef SOURCE
#undef CHANNEL
#undef HOOK

template <class Spec>
const Spec* find(std::span<const Spec* const> all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Spec* s) { return s->name == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace

std::span<const SourceSpec* const> all_sources() { return kSources; }
std::span<const ChannelSpec* const> all_channels() { return kChannels; }
std::span<const HookSpec* const> all_hooks() { return kHooks; }
const SourceSpec* find_source(std::string_view name) { return find(all_sources(), name); }
const ChannelSpec* find_channel(std::string_view name) { return find(all_channels(), name); }
const HookSpec* find_hook(std::string_view name) { return find(all_hooks(), name); }

}  // namespace tocsin::connectors
