// The settings loader on whole files, with the catalogue's own vocabulary. It sees neither the
// machine's environment nor its files.
//
//   tocsin.yaml, then after each line "%%" the next of teams/a.yaml and tocsin_test.yaml
#include "router/settings/settings.hpp"

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "connectors/source.hpp"
#include "router/core/text.hpp"
#include "router/gameday/clone/rule_file.hpp"
#include "router/gameday/clone/selectors.hpp"
#include "router/settings/cases.hpp"
#include "router/settings/yaml_tree.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace settings;

constexpr std::string_view kNextFile = "\n%%\n";
constexpr std::size_t kMostFaultBytes = 4u << 10;
const std::string kSecret = "s3cret-0123456789-abcdef";

Vocabulary vocabulary() {
  Vocabulary all;
  for (const connectors::SourceSpec* source : connectors::all_sources())
    all.sources[std::string(source->name)] = {{source->group_by.begin(), source->group_by.end()},
                                              {source->fields.begin(), source->fields.end()}};
  for (const connectors::ChannelSpec* channel : connectors::all_channels())
    all.channels[std::string(channel->name)] = {{channel->fields.begin(), channel->fields.end()},
                                                channel->needs_address};
  for (const connectors::HookSpec* hook : connectors::all_hooks())
    all.hooks[std::string(hook->name)] = {{hook->fields.begin(), hook->fields.end()}};
  return all;
}

Environment environment() {
  Environment all;
  all.variable = [](const std::string& name) {
    return name.size() < 3 ? std::nullopt : std::optional(kSecret + name);
  };
  all.file = [](const std::string& path) -> Result<std::string> {
    if (path.ends_with("key")) return kSecret + "\n";
    return invalid(path + ": no such file; create it, or mend the path");
  };
  return all;
}

std::vector<File> files_of(std::string_view input) {
  std::vector<File> files;
  for (const char* name : {"tocsin.yaml", "teams/a.yaml", "tocsin_test.yaml"}) {
    const std::size_t end = std::min(input.find(kNextFile), input.size());
    files.push_back({name, std::string(input.substr(0, end))});
    input.remove_prefix(std::min(end + kNextFile.size(), input.size()));
    if (input.empty()) break;
  }
  return files;
}

void check_faults(const std::vector<Fault>& faults, const std::vector<File>& files) {
  PROMISE(faults.size() <= kMostFaults + 1, std::to_string(faults.size()));
  // A fuzzer that compares finds the secret, and writes it where it is none.
  const bool written = std::any_of(files.begin(), files.end(), [](const File& file) {
    return file.text.find(kSecret) != std::string::npos;
  });
  for (const Fault& fault : faults) {
    const std::string text = fault.text();
    PROMISE(!fault.what.empty(), text);
    PROMISE(text.size() <= kMostFaultBytes, text);
    PROMISE(is_utf8(text) && !has_control(text), text);
    PROMISE(written || text.find(kSecret) == std::string::npos, text);
    PROMISE(fault.line >= 0 && fault.column >= 0, text);
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const File& each) { return each.name == fault.file; });
    if (file == files.end()) continue;
    const auto lines = std::count(file->text.begin(), file->text.end(), '\n') + 1;
    PROMISE(fault.line <= lines, text);
  }
}

void check_tree(const Node& node, std::size_t depth) {
  PROMISE(depth <= kMostDepth + 1, std::to_string(depth));
  PROMISE(is_utf8(node.text), node.text);
  for (const Node& item : node.items) check_tree(item, depth + 1);
  for (const Entry& entry : node.entries) check_tree(entry.value, depth + 1);
}

std::vector<std::string> settings_seeds() {
  std::string readme = file_of("router/settings/README.md");
  std::vector<std::string> all{file_of("config/tocsin.yaml") + std::string(kNextFile) +
                                   file_of("config/teams/cdp.yaml") + std::string(kNextFile) +
                                   file_of("config/teams/cdp_test.yaml"),
                               file_of("config/cluster/tocsin.yaml"),
                               "a: [1, {b: c}]\nd: |\n  e\nf: \"g\\n\"\n", "a: &x b\nc: *x\n"};
  const std::string base =
      "integrations: [{name: p, source: prometheus, key: \"${KEY}\"}]\n"
      "channels: [{name: terminal, type: log}]\n"
      "people: [{name: ada, contacts: {terminal: ada}}]\n"
      "policies: [{name: base, steps: [{page: [{person: ada}]}]}]\ndefault: {page: base}\n";
  all.push_back(base);
  // Every example of the documentation, as a team's file.
  constexpr std::string_view kOpens = "```yaml\n", kCloses = "```";
  for (std::size_t at = 0; (at = readme.find(kOpens, at)) != std::string::npos;) {
    at += kOpens.size();
    all.push_back(base + std::string(kNextFile) + readme.substr(at, readme.find(kCloses, at) - at));
  }
  return all;
}

std::vector<std::string> rule_file_seeds() {
  return {
      "groups:\n  - name: a\n    interval: 30s\n    labels: {x: y}\n    rules:\n"
      "      - {alert: Up, expr: 'up{job=\"api\"} == 0', for: 5m, labels: {severity: page}}\n"
      "      - {record: a:b, expr: sum(rate(x[5m])) by (le)}\n",
      "groups: []\n",
      "groups:\n- name: b\n  rules:\n  - alert: C\n    expr: |\n      a{b=~\"c.*\"} > 1 and d\n"};
}

}  // namespace

TOCSIN_FUZZ_TARGET(settings, settings_seeds) {
  static const Vocabulary kWords = vocabulary();
  std::vector<File> files = files_of(input);
  for (const File& file : files) {
    const Tree tree = parse_yaml(file.text);
    check_tree(tree.root, 0);
    PROMISE(tree.usable || !tree.faults.empty(), "not usable, and no word why");
  }
  std::vector<File> tests;
  if (files.size() > 2) {
    tests.push_back(files.back());
    files.pop_back();
  }
  const Loaded loaded = load(files, kWords, environment(), Unset::fault);
  PROMISE(loaded.settings.has_value() == loaded.faults.empty(), "settings beside faults");
  check_faults(loaded.faults, files);
  check_faults(loaded.notes, files);
  const Loaded lenient = load(files, kWords, environment(), Unset::note);
  PROMISE(lenient.settings || !loaded.settings, "stricter where it should be lenient");
  if (!loaded.settings) return;
  PROMISE(!loaded.settings->hash.empty() && loaded.settings->hash == lenient.settings->hash,
          "another name for the same files");
  PROMISE(loaded.settings->policies.contains(loaded.settings->default_policy), "no default policy");
  if (tests.empty()) return;
  const Cases cases = read_cases(tests, *loaded.settings);
  check_faults(cases.faults, tests);
  PROMISE(cases.faults.empty() || cases.cases.empty(), "tests beside faults");
}

// A rule file of Prometheus, and its expressions.
TOCSIN_FUZZ_TARGET(rule_file, rule_file_seeds) {
  const File file{"rules.yaml", std::string(input)};
  Report report;
  for (const gameday::RuleGroup& group : gameday::read_rule_file(file, report))
    for (const gameday::MonitorRule& rule : group.rules) {
      PROMISE(gameday::fingerprint(group, rule).size() == 16, rule.name);
      for (const std::string& selector : gameday::selectors(rule.expr))
        PROMISE(!selector.empty() && rule.expr.find(selector) != std::string::npos, selector);
    }
  check_faults(report.faults({file}), {file});
  const auto found = gameday::selectors(input);
  for (std::size_t i = 0; i < found.size(); ++i)
    PROMISE(std::find(found.begin() + static_cast<std::ptrdiff_t>(i) + 1, found.end(), found[i]) ==
                found.end(),
            found[i]);
}

}  // namespace tocsin::fuzz
