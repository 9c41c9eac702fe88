// From files to Settings: every file is read, then what they say of each other is checked.
#include <algorithm>

#include "router/core/digest.hpp"
#include "router/settings/sections.hpp"
#include "router/settings/settings.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kServiceFileName = "tocsin.yaml";
constexpr std::string_view kTeamFolder = "teams/";
constexpr std::string_view kTestEnding = "_test.yaml";
constexpr std::size_t kHashCharacters = 16;

enum class FileKind { service, team, test, other };

FileKind kind_of(std::string_view name) {
  if (name == kServiceFileName) return FileKind::service;
  // Test cases of `tocsin test`, wherever they stand.
  if (name.ends_with(kTestEnding)) return FileKind::test;
  const bool team = name.starts_with(kTeamFolder) && name.ends_with(".yaml") &&
                    name.find('/', kTeamFolder.size()) == std::string_view::npos;
  return team ? FileKind::team : FileKind::other;
}

/// A section with nothing in it, its entries all commented out, is as good as none.
std::optional<Value> find_section(const Section& file, std::string_view key) {
  auto value = file.find(key);
  return value && value->node().kind != Node::Kind::null ? value : std::nullopt;
}

void read_service(const Section& file, Draft& draft) {
  if (const auto value = find_section(file, "server")) read_server(*value, draft);
  if (const auto value = find_section(file, "journal")) read_journal(*value, draft);
  if (const auto value = find_section(file, "store")) read_store(*value, draft);
  if (const auto value = find_section(file, "integrations")) read_integrations(*value, draft);
  if (const auto value = find_section(file, "channels")) read_channels(*value, draft);
  if (const auto value = find_section(file, "people")) read_people(*value, draft);
  if (const auto value = file.find("default")) read_default(*value, draft);
}

Team read_team(const Section& file, Draft& draft) {
  Team team;
  const auto value = file.require("team", "say whose file this is, e.g. team: platform");
  if (const auto name = value ? value->name() : std::nullopt) {
    team.name = *name;
    draft.names.define(Noun::team, *name, value->place(), draft.report);
  }
  const auto channel = file.find("channel");
  team.channel_seen = channel.has_value();
  if (const auto word = channel ? channel->word() : std::nullopt) {
    team.channel = *word;
    draft.names.refer(Noun::channel, *word, channel->place());
    draft.channel_uses.push_back({*word, channel->place()});
    draft.settings.team_channels.emplace(team.name, *word);
  }
  return team;
}

/// False if what this file defines is not known to the end.
bool read_file(const File& file, Reading& reading, Draft& draft) {
  const Tree tree = parse_yaml(file.text);
  for (const YamlFault& fault : tree.faults)
    draft.report.fault({file.name, fault.line, fault.column, ""}, fault.what);
  if (!tree.usable) return false;
  const bool service = kind_of(file.name) == FileKind::service;
  const auto top = Section::open(Value(tree.root, "", reading), service ? kServiceFile : kTeamFile);
  if (!top) return false;
  Team team;
  if (service)
    read_service(*top, draft);
  else
    team = read_team(*top, draft);
  if (const auto value = find_section(*top, "rotas")) read_rotas(*value, team.name, draft);
  if (const auto value = find_section(*top, "policies")) read_policies(*value, team.name, draft);
  if (const auto value = find_section(*top, "rules")) read_rules(*value, team, draft);
  if (const auto value = find_section(*top, "hooks")) read_hooks(*value, draft);
  if (const auto value = find_section(*top, "windows")) read_windows(*value, team, draft);
  if (const auto value = find_section(*top, "runbooks")) read_runbooks(*value, draft);
  if (const auto value = find_section(*top, "gamedays")) read_gamedays(*value, team, draft);
  return true;
}

void check_channel_uses(Draft& draft) {
  for (const auto& [name, place, paged] : draft.channel_uses) {
    const auto type = draft.settings.channel_types.find(name);
    if (type == draft.settings.channel_types.end()) continue;
    if (!draft.vocabulary.channels.find(type->second)->second.needs_address) continue;
    const std::string remedy = paged
                                   ? "page a person with a contact on " + shown(name)
                                   : shown(name) + " needs one; choose one that is a room or a log";
    draft.report.fault(place, "only channels that need no address; " + remedy);
  }
}

void fill_in_runbooks(Draft& draft) {
  for (const RunbookUse& use : draft.runbook_uses) {
    const auto found = draft.runbooks.find(use.name);
    if (found != draft.runbooks.end()) draft.settings.rules[use.rule].runbook = found->second;
  }
}

void note_what_is_odd(Draft& draft) {
  note_rules_never_reached(draft);
  note_odd_rotas(draft);
  note_odd_drills(draft);
  if (draft.settings.integrations.empty())
    draft.report.note({std::string(kServiceFileName), 0, 0, "integrations"},
                      "none, so no alert can come in; add one");
}

void check_as_a_whole(Draft& draft, bool has_service) {
  if (!has_service)
    draft.report.fault({std::string(kServiceFileName), 0, 0, ""}, "no such file; write one");
  else if (!draft.default_seen)
    draft.report.fault({std::string(kServiceFileName), 0, 0, "default"},
                       "missing; write default: {page: POLICY} for alerts that no rule claims");
  draft.names.resolve(draft.report);
  check_channel_uses(draft);
  fill_in_runbooks(draft);
  fill_in_hooks(draft);
  check_cluster(draft);
  check_policies(draft);
  check_drills_apart(draft);
  note_what_is_odd(draft);
  for (const auto& [name, type] : draft.settings.channel_types)
    if (!draft.vocabulary.channels.find(type)->second.needs_address)
      draft.settings.directory.channels.insert(name);
}

/// Lengths keep two different sets of files from having the same bytes.
void add_to_hash(const File& file, std::string& bytes) {
  for (const std::string& part : {file.name, file.text})
    bytes += std::to_string(part.size()) + ":" + part;
}

}  // namespace

Loaded load(const std::vector<File>& files, const Vocabulary& vocabulary,
            const Environment& environment, Unset unset) {
  Draft draft{vocabulary};
  draft.now = environment.now;
  bool complete = true, has_service = false;
  std::string hashed;
  for (const File& file : files) {
    if (kind_of(file.name) == FileKind::test) continue;
    if (kind_of(file.name) == FileKind::other) {
      draft.report.note({file.name, 0, 0, ""}, "not read; only tocsin.yaml and teams/*.yaml are");
      continue;
    }
    has_service = has_service || kind_of(file.name) == FileKind::service;
    add_to_hash(file, hashed);
    Reading reading{file.name, environment, unset, draft.report};
    complete = read_file(file, reading, draft) && complete;
  }
  // What an unreadable file defines would be missing everywhere else.
  if (complete) check_as_a_whole(draft, has_service);
  Loaded loaded;
  loaded.faults = draft.report.faults(files);
  loaded.notes = draft.report.notes(files);
  if (!loaded.faults.empty()) return loaded;
  draft.settings.hash = hex(sha256(hashed)).substr(0, kHashCharacters);
  loaded.settings = std::move(draft.settings);
  return loaded;
}

}  // namespace tocsin::settings
