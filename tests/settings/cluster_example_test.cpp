// config/cluster is a complete configuration, and deploy/compose.yaml gives its nodes all that it
// asks of the environment.
#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "router/settings/yaml_tree.hpp"
#include "tests/settings/world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

using Names = std::set<std::string>;

const std::string kRoot = tocsin::tests::source_dir();

struct Asking {
  Loaded loaded;
  Names asked;  // of the environment
};

Asking load_example() {
  const auto asked = std::make_shared<Names>();
  Environment all;
  all.variable = [asked](const std::string& name) -> std::optional<std::string> {
    asked->insert(name);
    if (name.ends_with("REDIS_URL")) return "redis://127.0.0.1:6379/0";
    if (name.ends_with("_URL")) return "http://127.0.0.1:8321";
    if (name.ends_with("_BROKER")) return "127.0.0.1:9092";
    return name + "-0123456789abcdef";
  };
  all.file = [](const std::string& path) -> Result<std::string> {
    return invalid(path + " asked for");
  };
  const auto files = read_directory(kRoot + "/config/cluster");
  REQUIRE(files);
  Loaded loaded = load(*files, vocabulary(), all, Unset::fault);
  return {std::move(loaded), *asked};
}

const Node* find(const Node& map, const std::string& key) {
  for (const Entry& entry : map.entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

const Node& get(const Node& map, const std::string& key) {
  const Node* const found = find(map, key);
  INFO(key);
  REQUIRE(found != nullptr);
  return *found;
}

Node compose() {
  std::ifstream file(kRoot + "/deploy/compose.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  const Tree tree = parse_yaml(text.str());
  for (const YamlFault& fault : tree.faults) FAIL_CHECK(fault.line << ": " << fault.what);
  REQUIRE(tree.usable);
  return tree.root;
}

std::vector<const Node*> nodes_of(const Node& root) {
  std::vector<const Node*> nodes;
  for (const Entry& service : get(root, "services").entries)
    if (service.key.starts_with("tocsin-")) nodes.push_back(&service.value);
  return nodes;
}

}  // namespace

TEST_CASE("the example of a cluster is a complete configuration") {
  const Loaded loaded = load_example().loaded;
  for (const Fault& fault : loaded.faults) FAIL_CHECK(fault.text());
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->journal.type == "kafka");
  CHECK(loaded.settings->journal.kafka.partitions == 12);
  CHECK_FALSE(loaded.settings->server.secret.empty());
  CHECK_FALSE(loaded.settings->server.node_url.empty());
  CHECK(loaded.settings->integrations.size() == 2);
}

TEST_CASE("the containers are given what the example of a cluster asks for and nothing else") {
  Names asked = load_example().asked;
  asked.insert("TOCSIN_REDIS_URL");
  const Node root = compose();
  const auto nodes = nodes_of(root);
  REQUIRE(nodes.size() == 2);
  Names urls;
  for (const Node* node : nodes) {
    Names given;
    for (const Entry& variable : get(*node, "environment").entries) {
      given.insert(variable.key);
      const bool secret = variable.key.ends_with("_KEY") || variable.key.ends_with("_SECRET") ||
                          variable.key.ends_with("_TOKEN");
      if (secret) CHECK(variable.value.text.starts_with("${" + variable.key + ":?"));
    }
    CHECK(given == asked);
    urls.insert(get(get(*node, "environment"), "TOCSIN_NODE_URL").text);
    CHECK(get(*node, "volumes").items.at(0).text == "../config/cluster:/etc/tocsin:ro");
  }
  CHECK(urls.size() == nodes.size());
}

TEST_CASE("every service of the containers keeps its data and comes back by itself") {
  const Node root = compose();
  const Node& volumes = get(root, "volumes");
  for (const Entry& service : get(root, "services").entries) {
    INFO(service.key);
    CHECK(get(service.value, "restart").text == "unless-stopped");
    const std::string last = get(service.value, "volumes").items.back().text;
    CHECK(find(volumes, last.substr(0, last.find(':'))) != nullptr);
    if (const Node* const needs = find(service.value, "depends_on"))
      for (const Node& other : needs->items)
        CHECK(find(get(root, "services"), other.text) != nullptr);
  }
}
