#include "router/gameday/clone/rule_file.hpp"

#include <algorithm>

#include "router/core/digest.hpp"

namespace tocsin::gameday {
namespace {

using settings::Entry;
using settings::Node;
using settings::Place;

constexpr std::size_t kFingerprintDigits = 16;

class Reader {
 public:
  Reader(const std::string& file, settings::Report& report) : file_(file), report_(report) {}

  std::vector<RuleGroup> read(const Node& root) {
    std::vector<RuleGroup> groups;
    if (!is(root, Node::Kind::map, "", "a map with the key groups")) return groups;
    for (const Entry& entry : root.entries) {
      if (entry.key != "groups") {
        fault({file_, entry.line, entry.column, entry.key},
              entry.key == "spec" || entry.key == "apiVersion"
                  ? "this is an object of Kubernetes; give a file of what stands below its spec"
                  : "a rule file has only the key groups; remove this one");
        continue;
      }
      if (!is(entry.value, Node::Kind::sequence, "groups", "a list of groups")) continue;
      for (std::size_t i = 0; i < entry.value.items.size(); ++i)
        read_group(entry.value.items[i], "groups[" + std::to_string(i) + "]", groups);
    }
    return groups;
  }

 private:
  void fault(const Place& place, std::string what) { report_.fault(place, std::move(what)); }
  Place place(const Node& node, const std::string& key) const {
    return {file_, node.line, node.column, key};
  }

  /// False for nothing at all as well, which is no fault; a broken one is told already.
  bool is(const Node& node, Node::Kind kind, const std::string& key, const char* wanted) {
    if (node.kind == kind) return true;
    if (node.kind != Node::Kind::null && node.kind != Node::Kind::broken)
      fault(place(node, key), std::string("this must be ") + wanted + "; check the indentation");
    return false;
  }

  /// Something that is no text, which was a fault already.
  static bool is_told(const Node& node) {
    return node.kind != Node::Kind::scalar && node.kind != Node::Kind::null;
  }

  std::string text(const Node& node, const std::string& key) {
    return is(node, Node::Kind::scalar, key, "text") ? node.text : std::string();
  }

  Texts texts(const Node& map, const std::string& key) {
    Texts all;
    if (!is(map, Node::Kind::map, key, "a map of texts")) return all;
    for (const Entry& entry : map.entries)
      all.emplace_back(entry.key, text(entry.value, key + "." + entry.key));
    return all;
  }

  void read_group(const Node& node, const std::string& key, std::vector<RuleGroup>& groups) {
    if (node.kind == Node::Kind::null)
      return fault(place(node, key), "an empty group; give it a name and rules, or remove it");
    if (!is(node, Node::Kind::map, key, "a group with its name and rules")) return;
    RuleGroup group;
    bool told = false;
    group.place = place(node, key);
    for (const Entry& entry : node.entries) {
      const std::string at = key + "." + entry.key;
      if (entry.key == "name") {
        group.name = text(entry.value, at);
        told = is_told(entry.value);
      } else if (entry.key == "labels") {
        group.labels = texts(entry.value, at);
      } else if (entry.key != "rules") {
        group.others.push_back(entry);
      } else if (is(entry.value, Node::Kind::sequence, at, "a list of rules")) {
        for (std::size_t i = 0; i < entry.value.items.size(); ++i)
          read_rule(entry.value.items[i], at + "[" + std::to_string(i) + "]", group.rules);
      }
    }
    if (group.name.empty() && !told) fault(group.place, "this group has no name; write name: …");
    groups.push_back(std::move(group));
  }

  void read_rule(const Node& node, const std::string& key, std::vector<MonitorRule>& rules) {
    if (node.kind == Node::Kind::null)
      return fault(place(node, key), "an empty rule; give it alert and expr, or remove it");
    if (!is(node, Node::Kind::map, key, "a rule")) return;
    MonitorRule rule;
    rule.place = rule.expr_place = place(node, key);
    bool alert = false, told = false;
    for (const Entry& entry : node.entries) {
      const std::string at = key + "." + entry.key;
      if (entry.key == "alert" || entry.key == "record") {
        (entry.key == "alert" ? alert : rule.recording) = true;
        rule.name = text(entry.value, at);
        told = told || is_told(entry.value);
      } else if (entry.key == "expr") {
        rule.expr = text(entry.value, at);
        told = told || is_told(entry.value);
        rule.expr_place = place(entry.value, at);
      } else if (entry.key == "labels" || entry.key == "annotations") {
        (entry.key == "labels" ? rule.labels : rule.annotations) = texts(entry.value, at);
      } else {
        rule.others.push_back(entry);
      }
    }
    if (alert == rule.recording)
      return fault(rule.place, alert ? "both alert and record; write two rules of it"
                                     : "neither alert nor record; give the alert its name");
    if (rule.name.empty() && !told)
      fault(rule.place, "this rule has no name; write it behind alert: or record:");
    if (rule.expr.empty() && !told) fault(rule.place, "this rule has no expr; write one");
    rules.push_back(std::move(rule));
  }

  const std::string& file_;
  settings::Report& report_;
};

// Each part says how long it is, so that no two rules have the same bytes.
void add(std::string& bytes, char kind, std::string_view text) {
  bytes += kind + std::to_string(text.size()) + ":";
  bytes += text;
}

void add(std::string& bytes, const std::vector<Entry>& entries);

void add(std::string& bytes, const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
    case Node::Kind::broken:
      bytes += "n";
      return;
    case Node::Kind::scalar:
      return add(bytes, 's', node.text);
    case Node::Kind::sequence:
      bytes += "[" + std::to_string(node.items.size()) + ":";
      for (const Node& item : node.items) add(bytes, item);
      return;
    case Node::Kind::map:
      return add(bytes, node.entries);
  }
}

void add(std::string& bytes, const std::vector<Entry>& entries) {
  std::vector<const Entry*> sorted;
  for (const Entry& entry : entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const Entry* a, const Entry* b) { return a->key < b->key; });
  bytes += "{" + std::to_string(sorted.size()) + ":";
  for (const Entry* const entry : sorted) {
    add(bytes, 'k', entry->key);
    add(bytes, entry->value);
  }
}

void add(std::string& bytes, Texts texts) {
  std::sort(texts.begin(), texts.end());
  bytes += "{" + std::to_string(texts.size()) + ":";
  for (const auto& [name, value] : texts) {
    add(bytes, 'k', name);
    add(bytes, 's', value);
  }
}

}  // namespace

const std::string* find(const Texts& texts, std::string_view name) {
  const auto at = std::find_if(texts.begin(), texts.end(),
                               [&](const auto& each) { return each.first == name; });
  return at == texts.end() ? nullptr : &at->second;
}

std::vector<RuleGroup> read_rule_file(const settings::File& file, settings::Report& report) {
  const settings::Tree tree = settings::parse_yaml(file.text, settings::Whose::others);
  for (const settings::YamlFault& fault : tree.faults)
    report.fault({file.name, fault.line, fault.column, ""}, fault.what);
  return Reader(file.name, report).read(tree.root);
}

std::string fingerprint(const RuleGroup& group, const MonitorRule& rule) {
  std::string bytes;
  add(bytes, 'a', rule.name);
  add(bytes, 'e', rule.expr);
  add(bytes, rule.labels);
  add(bytes, rule.annotations);
  add(bytes, rule.others);
  add(bytes, group.labels);
  add(bytes, group.others);
  return hex(sha256(bytes)).substr(0, kFingerprintDigits);
}

}  // namespace tocsin::gameday
