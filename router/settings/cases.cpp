#include "router/settings/cases.hpp"

#include <algorithm>
#include <set>

#include "router/settings/case_keys.hpp"
#include "router/settings/case_sections.hpp"

namespace tocsin::settings {
namespace {

/// A Monday morning: where a test does not say, the same for ever.
constexpr std::string_view kDefaultStart = "2026-01-05T10:00:00Z";

std::vector<std::string> sorted(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

std::optional<WallTime> read_start(const Section& section) {
  const auto value = section.find("at");
  const auto word = value ? value->word() : std::optional<std::string>(kDefaultStart);
  if (!word) return std::nullopt;
  const auto parsed = parse_rfc3339(*word);
  if (parsed) return *parsed;
  value->fault(shown(*word) + " is no time (" + parsed.error().message + "); write e.g. " +
               std::string(kDefaultStart));
  return std::nullopt;
}

std::optional<std::string> read_integration(const Section& section, const Known& known) {
  if (!section.find("integration") && known.integrations.size() == 1) return known.integrations[0];
  const auto value = section.require("integration", "say as whose sender: one of integrations");
  return value ? read_known(*value, "integration", known.integrations) : std::nullopt;
}

bool read_all_given(const Section& section, const std::string& folder, const Known& known,
                    Case& test) {
  const auto value = section.require("given", "say what happens: a list of alerts and times");
  if (!value) return false;
  bool good = value->node().kind == Node::Kind::sequence;
  for (const Value& each : value->list()) {
    auto given = read_given(each, folder, known);
    if (!given) {
      good = false;
      continue;
    }
    if (!test.given.empty() && given->after < test.given.back().after) {
      each.fault("earlier than the entry before it; write them in the order of time");
      good = false;
    }
    test.given.push_back(std::move(*given));
  }
  return good;
}

bool read_all_expected(const Section& section, const Known& known, Case& test) {
  const auto value = section.require("expect", "a test that expects nothing cannot fail");
  if (!value) return false;
  bool good = value->node().kind == Node::Kind::sequence;
  for (const Value& each : value->list()) {
    auto expected = read_expected(each, known);
    good &= expected.has_value();
    if (expected) test.expect.push_back(std::move(*expected));
  }
  if (good && test.expect.empty()) {
    value->fault("empty; a test that expects nothing cannot fail");
    return false;
  }
  return good;
}

/// For as long as anything is given or expected, and a while after what is open to the end.
bool read_watch(const Section& section, Case& test) {
  Duration needed{}, open_end{};
  for (const Given& given : test.given) open_end = std::max(open_end, given.after);
  for (const Expected& each : test.expect) {
    needed = std::max(
        {needed, each.after.value_or(Duration::zero()), each.before.value_or(Duration::zero())});
    open_end = std::max(open_end, each.from.value_or(Duration::zero()));
  }
  const auto value = section.find("watch");
  if (!value) {
    test.watch = std::max(needed, open_end + kWatchedAfter);
    return true;
  }
  const auto watch = value->duration(Duration::zero(), kLongestCase + kWatchedAfter);
  if (!watch) return false;
  test.watch = *watch;
  if (*watch >= std::max(needed, open_end)) return true;
  value->fault("ends before " + format_duration(std::max(needed, open_end)) +
               ", which the test speaks of; make it longer");
  return false;
}

std::optional<Case> read_case(const Value& value, const std::string& folder, const Known& known) {
  const auto section = Section::open(value, kCase);
  if (!section) return std::nullopt;
  Case test;
  test.place = value.place();
  const auto name = section->require("name", "say in plain words what is promised");
  const auto words = name ? name->word() : std::nullopt;
  const auto at = read_start(*section);
  const auto integration = read_integration(*section, known);
  const bool given = read_all_given(*section, folder, known, test);
  const bool expected = read_all_expected(*section, known, test);
  const bool watch = given && expected && read_watch(*section, test);
  if (!words || !at || !integration || !watch) return std::nullopt;
  test.name = *words;
  test.at = *at;
  test.integration = *integration;
  return test;
}

void read_file(const File& file, const Known& known, Report& report, std::vector<Case>& into) {
  // A test prints what it was given, so nothing is filled in that could be a secret.
  static const Environment kNothing{
      [](const std::string&) { return std::optional<std::string>(); },
      [](const std::string& path) -> Result<std::string> { return not_found(path); }};
  const Tree tree = parse_yaml(file.text);
  for (const YamlFault& fault : tree.faults)
    report.fault({file.name, fault.line, fault.column, ""}, fault.what);
  if (!tree.usable) return;
  Reading reading{file.name, kNothing, Unset::fault, report};
  const auto top = Section::open(Value(tree.root, "", reading), kCaseFile);
  const auto tests = top ? top->require("tests", "write tests: and a list of them") : std::nullopt;
  if (!tests) return;
  const std::string folder = file.name.substr(0, file.name.rfind('/') + 1);
  for (const Value& each : tests->list())
    if (auto test = read_case(each, folder, known)) into.push_back(std::move(*test));
}

}  // namespace

Known known_of(const Settings& settings) {
  Known known;
  std::set<std::string> teams, runbooks;
  for (const Integration& each : settings.integrations) known.integrations.push_back(each.name);
  for (const auto& [name, person] : settings.directory.people) known.people.push_back(name);
  for (const auto& [name, type] : settings.channel_types) known.channels.push_back(name);
  known.rooms.assign(settings.directory.channels.begin(), settings.directory.channels.end());
  for (const rules::Rule& rule : settings.rules) {
    known.rules.push_back(rule.name);
    teams.insert(rule.team);
    if (rule.runbook) runbooks.insert(rule.runbook->name);
  }
  for (const auto& [name, policy] : settings.policies) {
    known.policies.push_back(name);
    teams.insert(policy.team);
  }
  for (const auto& [team, channel] : settings.team_channels) teams.insert(team);
  known.teams = sorted(teams);
  known.runbooks = sorted(runbooks);
  return known;
}

std::optional<std::string> read_known(const Value& value, std::string_view noun,
                                      const std::vector<std::string>& known) {
  auto word = value.word();
  if (!word || std::find(known.begin(), known.end(), *word) != known.end()) return word;
  value.fault("no " + std::string(noun) + " of the configuration is called " + shown(*word) +
              did_you_mean(*word, known, "write the name of one"));
  return std::nullopt;
}

std::optional<Labels> read_labels(const Value& value) {
  Labels labels;
  bool good = value.node().kind == Node::Kind::map;
  for (const auto& [name, text] : value.map()) {
    const auto word = text.word();
    good &= word.has_value();
    labels.emplace_back(name, word.value_or(""));
  }
  if (good && labels.empty()) {
    value.fault("empty; write e.g. {alertname: HighLatency, service: api}");
    return std::nullopt;
  }
  return good ? std::optional(std::move(labels)) : std::nullopt;
}

Cases read_cases(const std::vector<File>& files, const Settings& settings) {
  const Known known = known_of(settings);
  Report report;
  Cases all;
  for (const File& file : files) read_file(file, known, report, all.cases);
  all.faults = report.faults(files);
  if (!all.faults.empty()) all.cases.clear();
  return all;
}

}  // namespace tocsin::settings
