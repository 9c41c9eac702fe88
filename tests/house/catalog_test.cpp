// Nothing joins tocsin halfway: each connector has its line, its file, its test, its row and its
// example.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "connectors/source.hpp"
#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace fs = std::filesystem;
using namespace tocsin::connectors;

namespace {

const fs::path kRoot = tocsin::tests::source_dir();

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The names that catalog.def gives with this macro, in its order.
std::vector<std::string> catalogued(const std::string& macro) {
  const std::string text = text_of(kRoot / "connectors/catalog.def");
  const std::regex line("(?:^|\n)" + macro + R"(\((\w+)\))");
  std::vector<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    names.push_back((*at)[1]);
  return names;
}

/// As the configuration has it: uptime_kuma is the source uptime-kuma.
std::string configured(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

/// The rows of the README's section, by the name in their first cell.
std::string row_of(const std::string& section, const std::string& name) {
  const std::string readme = text_of(kRoot / "connectors/README.md");
  const std::size_t from = readme.find("\n## " + section + "\n");
  if (from == std::string::npos) return {};
  const std::size_t until = std::min(readme.find("\n## ", from + 1), readme.size());
  const std::size_t row = readme.find("\n| `" + name + "` |", from);
  return row < until ? readme.substr(row + 1, readme.find('\n', row + 1) - row - 1) : std::string();
}

/// The test of a hook, or of a channel whose source has the name, is a file of its own.
bool has_test(const std::string& folder, const std::string& name) {
  const auto exists = [&](const std::string& end) {
    return fs::exists(kRoot / "tests/connectors" / (name + end));
  };
  if (folder == "hooks") return exists("_hook_test.cpp");
  const std::vector<std::string> sources = catalogued("SOURCE");
  const bool source = std::find(sources.begin(), sources.end(), name) != sources.end();
  return exists(folder == "channels" && source ? "_channel_test.cpp" : "_test.cpp");
}

void check_joined(const std::string& folder, const std::string& section, const std::string& name,
                  std::string_view example) {
  INFO(folder << "/" << name);
  CHECK(fs::exists(kRoot / "connectors" / folder / (name + ".cpp")));
  CHECK(has_test(folder, name));
  CHECK_FALSE(row_of(section, configured(name)).empty());
  // On a page of its own, or beside the table.
  CHECK((text_of(kRoot / "connectors" / folder / (name + ".md")) +
         text_of(kRoot / "connectors/README.md"))
            .find(example) != std::string::npos);
}

}  // namespace

TEST_CASE(
    "every connector of the catalogue has its file and its test and its row and its example") {
  REQUIRE_FALSE(catalogued("SOURCE").empty());
  REQUIRE_FALSE(catalogued("CHANNEL").empty());
  REQUIRE_FALSE(catalogued("HOOK").empty());
  for (const std::string& name : catalogued("SOURCE")) {
    const SourceSpec* const spec = find_source(configured(name));
    REQUIRE(spec != nullptr);
    check_joined("sources", "Sources", name, spec->example);
    const std::string row = row_of("Sources", configured(name));
    for (const SourceRoute& route : spec->routes)
      CHECK(row.find("`" + std::string(route.path.empty() ? "/" : route.path)) !=
            std::string::npos);
    for (const Field& field : spec->fields)
      CHECK(row.find("`" + std::string(field.key) + "`") != std::string::npos);
    for (const std::string_view label : spec->group_by)
      CHECK(row.find("`" + std::string(label) + "`") != std::string::npos);
  }
  for (const std::string& name : catalogued("CHANNEL")) {
    const ChannelSpec* const spec = find_channel(configured(name));
    REQUIRE(spec != nullptr);
    check_joined("channels", "Channels", name, spec->example);
    for (const Field& field : spec->fields)
      CHECK(row_of("Channels", configured(name)).find("`" + std::string(field.key) + "`") !=
            std::string::npos);
  }
  for (const std::string& name : catalogued("HOOK")) {
    const HookSpec* const spec = find_hook(configured(name));
    REQUIRE(spec != nullptr);
    check_joined("hooks", "Hooks", name, spec->example);
    for (const Field& field : spec->fields)
      CHECK(row_of("Hooks", configured(name)).find("`" + std::string(field.key) + "`") !=
            std::string::npos);
  }
}

TEST_CASE("every file of a connector has its line or is explained as a shared part") {
  for (const auto& [folder, macro] :
       {std::pair("sources", "SOURCE"), std::pair("channels", "CHANNEL"),
        std::pair("hooks", "HOOK")}) {
    const std::vector<std::string> names = catalogued(macro);
    std::set<std::string> stems;
    for (const auto& entry : fs::directory_iterator(kRoot / "connectors" / folder))
      if (entry.path().extension() == ".cpp") stems.insert(entry.path().stem());
    CHECK_FALSE(stems.empty());
    for (const std::string& stem : stems) {
      INFO(folder << "/" << stem << ".cpp");
      const bool shared = !row_of("Shared parts", std::string(folder) + "/" + stem).empty();
      CHECK((std::find(names.begin(), names.end(), stem) != names.end()) != shared);
    }
  }
}

TEST_CASE("the catalogue is alphabetical and lists everything once") {
  for (const char* macro : {"SOURCE", "CHANNEL", "HOOK"}) {
    const std::vector<std::string> names = catalogued(macro);
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
  CHECK(catalogued("SOURCE").size() == all_sources().size());
  CHECK(catalogued("CHANNEL").size() == all_channels().size());
  CHECK(catalogued("HOOK").size() == all_hooks().size());
}
