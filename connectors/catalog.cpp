// The lists behind all_sources() and all_channels(), read from catalog.def.
#include <algorithm>
#include <array>

#include "connectors/channel.hpp"
#include "connectors/source.hpp"

namespace tocsin::connectors {

#define SOURCE(name) extern const SourceSpec name##_source;
#define CHANNEL(name) extern const ChannelSpec name##_channel;
#include "connectors/catalog.def"
#undef SOURCE
#undef CHANNEL

namespace {

#define SOURCE(name) &name##_source,
#define CHANNEL(name)
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
#undef SOURCE
#undef CHANNEL

template <class Spec>
const Spec* find(std::span<const Spec* const> all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Spec* s) { return s->name == name; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace

std::span<const SourceSpec* const> all_sources() { return kSources; }
std::span<const ChannelSpec* const> all_channels() { return kChannels; }
const SourceSpec* find_source(std::string_view name) { return find(all_sources(), name); }
const ChannelSpec* find_channel(std::string_view name) { return find(all_channels(), name); }

}  // namespace tocsin::connectors
