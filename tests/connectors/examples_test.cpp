// The example of every connector is a configuration that loads, with the real vocabulary of this
// build.
#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "connectors/source.hpp"
#include "router/settings/settings.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::connectors;

namespace {

settings::Vocabulary vocabulary() {
  settings::Vocabulary words;
  for (const SourceSpec* spec : all_sources())
    words.sources[std::string(spec->name)] = {{spec->group_by.begin(), spec->group_by.end()},
                                              {spec->fields.begin(), spec->fields.end()}};
  for (const ChannelSpec* spec : all_channels())
    words.channels[std::string(spec->name)] = {{spec->fields.begin(), spec->fields.end()},
                                               spec->needs_address};
  for (const HookSpec* spec : all_hooks())
    words.hooks[std::string(spec->name)] = {{spec->fields.begin(), spec->fields.end()}};
  return words;
}

/// A valid value for whatever an example takes from the environment.
settings::Environment environment() {
  settings::Environment all;
  all.variable = [](const std::string& name) -> std::optional<std::string> {
    if (name.ends_with("WEBHOOK") || name.ends_with("WORKFLOW"))
      return "https://hooks.example.com/services/T0/B0/X0";
    return "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";
  };
  all.file = [](const std::string&) -> Result<std::string> { return invalid("no file"); };
  return all;
}

settings::Settings load(const std::string& integrations, const std::string& channels,
                        const std::string& rest = "") {
  const std::string text = "integrations:\n" + integrations + "channels:\n" + channels + R"(
  - {name: last-resort, type: log}
people: [{name: ada, contacts: {last-resort: ada}}]
policies: [{name: everything, steps: [{page: [{person: ada}]}]}]
default: {page: everything}
)" + rest;
  const auto loaded =
      settings::load({{"tocsin.yaml", text}}, vocabulary(), environment(), settings::Unset::fault);
  for (const settings::Fault& fault : loaded.faults) FAIL_CHECK(fault.text() << "\n" << text);
  REQUIRE(loaded.settings);
  return *loaded.settings;
}

constexpr const char* kAnyIntegration = "  - {name: any, source: prometheus, key: \"${KEY}\"}\n";

}  // namespace

TEST_CASE("the example of every source loads", "[contract]") {
  for (const SourceSpec* spec : all_sources()) {
    INFO(spec->name);
    const auto loaded = load(std::string(spec->example), "");
    REQUIRE(loaded.integrations.size() == 1);
    CHECK(loaded.integrations[0].source == spec->name);
  }
}

TEST_CASE("the example of every channel loads and makes a channel", "[contract]") {
  for (const ChannelSpec* spec : all_channels()) {
    INFO(spec->name);
    const auto loaded = load(kAnyIntegration, std::string(spec->example));
    std::size_t made = 0;
    for (const auto& [name, type] : loaded.channel_types) {
      if (type != spec->name || name == "last-resort") continue;
      const auto channel =
          spec->make(loaded.channels.at(name), {[](const std::string&) { return true; }});
      if (!channel) FAIL_CHECK(channel.error().message);
      ++made;
    }
    CHECK(made == 1);
  }
}

TEST_CASE("a channel all of whose settings are variables is checked where none is set",
          "[contract]") {
  settings::Environment nothing = environment();
  nothing.variable = [](const std::string&) { return std::optional<std::string>(); };
  for (const ChannelSpec* spec : all_channels()) {
    std::string text =
        "integrations: [{name: any, source: prometheus, key: \"${KEY}\"}]\n"
        "channels:\n  - {name: last-resort, type: log}\n  - name: all\n    type: " +
        std::string(spec->name) + "\n";
    for (const Field& field : spec->fields)
      text += "    " + std::string(field.key) + ": \"${UNSET}\"\n";
    text +=
        "people: [{name: ada, contacts: {last-resort: ada}}]\n"
        "policies: [{name: everything, steps: [{page: [{person: ada}]}]}]\n"
        "default: {page: everything}\n";
    INFO(text);
    const auto loaded =
        settings::load({{"tocsin.yaml", text}}, vocabulary(), nothing, settings::Unset::note);
    for (const settings::Fault& fault : loaded.faults) FAIL_CHECK(fault.text());
    REQUIRE(loaded.settings);
    const auto channel =
        spec->make(loaded.settings->channels.at("all"), {[](const std::string&) { return true; }});
    if (!channel) FAIL_CHECK(channel.error().message);
  }
}

TEST_CASE("the example of every hook loads and makes a hook", "[contract]") {
  for (const HookSpec* spec : all_hooks()) {
    INFO(spec->name);
    const auto loaded = load(kAnyIntegration, "", "hooks:\n" + std::string(spec->example));
    REQUIRE(loaded.hooks.size() == 1);
    const settings::HookSettings& hook = loaded.hooks.begin()->second;
    CHECK(hook.type == spec->name);
    const auto made = spec->make(hook.values);
    if (!made) FAIL_CHECK(made.error().message);
  }
}
