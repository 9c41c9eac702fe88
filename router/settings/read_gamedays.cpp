// gamedays: which alerts are drilled, as whom they are decided, and whom alone a drill may reach.
#include <algorithm>
#include <array>

#include "router/core/gameday_run.hpp"
#include "router/settings/sections.hpp"
#include "rules/relation.hpp"

namespace tocsin::settings {
namespace {

/// Words of `tocsin gameday` and of its addresses, where a set's name stands as well.
constexpr std::array<std::string_view, 3> kReservedNames{"off", "lever", "list"};

/// A map's value and where its key stands.
struct Pair {
  std::string key;
  Place key_place;
  Value value;
};
std::vector<Pair> pairs_of(const Value& map) {
  std::vector<Pair> pairs;
  for (auto& [key, value] : map.map()) {
    const Entry& entry = map.node().entries[pairs.size()];
    pairs.push_back(
        {key, {value.place().file, entry.line, entry.column, value.place().key}, value});
  }
  return pairs;
}

void read_name(const Section& section, gameday::Set& set, Draft& draft) {
  const auto value = section.require("name", "the tag and every message of its drills have it");
  const auto word = value ? value->name() : std::nullopt;
  if (!word) return;
  set.name = *word;
  draft.names.define(Noun::gameday, *word, value->place(), draft.report);
  if (std::find(kReservedNames.begin(), kReservedNames.end(), *word) != kReservedNames.end())
    value->fault(shown(*word) + " is a word of `tocsin gameday` itself; choose another name");
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    c == '\n' ? quoted += "\\n" : quoted += c;
  }
  return quoted + "\"";
}

/// The alerts that already are as `as` says. Nothing if one of its labels is wrong, which is told.
std::optional<std::vector<rules::Matcher>> read_as(const Value& value, gameday::Set& set) {
  const auto labels = pairs_of(value);
  if (labels.empty() && value.node().kind == Node::Kind::map)
    value.fault("empty; write e.g. {environment: production}, or leave it out");
  if (labels.size() > kMostSeenAs) {
    value.fault("more than " + std::to_string(kMostSeenAs) + " labels; use fewer");
    return std::nullopt;
  }
  std::vector<rules::Matcher> production;
  for (const Pair& label : labels) {
    if (label.key == gameday::kTag) {
      value.fault_at(label.key_place, "is the tag itself, which tells drills apart; remove it");
      continue;
    }
    const auto text = label.value.some_text();
    if (!text) continue;
    auto matcher = rules::Matcher::parse(in_quotes(label.key) + "=" + in_quotes(text->value));
    if (!matcher) {
      label.value.fault("no label can be like that; mend its name or its value");
      continue;
    }
    production.push_back(std::move(*matcher));
    set.as.emplace_back(label.key, text->value);
  }
  if (production.empty() || production.size() < labels.size()) return std::nullopt;
  return production;
}

/// False if they are not known to the end, or wrong, which is told.
bool read_copies(const Value& value, gameday::Set& set) {
  Matchers matchers = read_matchers(value);
  if (matchers.whole && matchers.all.empty()) {
    value.fault("empty; leave it out to drill only what carries the tag");
    return false;
  }
  if (matchers.all.size() > kMostCopiesMatchers) {
    value.fault("more than " + std::to_string(kMostCopiesMatchers) + " matchers; use fewer");
    return false;
  }
  for (std::size_t i = 0; i < matchers.all.size(); ++i) {
    if (matchers.all[i].name() != gameday::kTag) continue;
    value.fault_at(matchers.places[i],
                   "asks for the tag, but what carries it is its set's alone and never copied; "
                   "remove it, and list the set under the integration's gamedays");
    matchers.whole = false;
  }
  // A matcher that is only unknown, for want of a variable, would leave more to be copied.
  if (matchers.whole) set.copies = std::move(matchers.all);
  return matchers.whole;
}

/// Which alerts, and as whom: a copy of one that is production's own would be no drill.
void read_which(const Section& section, gameday::Set& set) {
  const auto copies = section.find("copies"), as = section.find("as");
  const auto production = as ? read_as(*as, set) : std::nullopt;
  if (!copies || !read_copies(*copies, set)) return;
  if (!as)
    return copies->fault(
        "without as nothing tells what is copied from production's own; write e.g. as: "
        "{environment: production}");
  if (!production || rules::exclude_each_other(set.copies, *production)) return;
  copies->fault(
      "can match alerts that already are as `as` says, production's own; add a matcher that "
      "demands another value of " +
      shown(production->front().name()));
}

void read_rooms(const Value& value, gameday::Set& set, DrillUse& use, Draft& draft) {
  for (const Pair& room : pairs_of(value)) {
    draft.names.refer(Noun::channel, room.key, room.key_place);
    const auto word = room.value.word();
    if (!word) continue;
    draft.names.refer(Noun::channel, *word, room.value.place());
    draft.channel_uses.push_back({*word, room.value.place()});
    use.rooms.push_back({*word, room.value.place()});
    set.channels.emplace(room.key, *word);
  }
}

void read_whom(const Section& section, gameday::Set& set, DrillUse& use, Draft& draft) {
  const auto page = section.require("page", "name the only policy that its drills can page");
  if (const auto policy = page ? page->word() : std::nullopt) {
    draft.names.refer(Noun::policy, *policy, page->place());
    set.page = use.policy = *policy;
    use.page = page->place();
  }
  if (const auto rooms = section.find("channels")) read_rooms(*rooms, set, use, draft);
  if (const auto may = section.find("may_page_production")) {
    const auto read = may->boolean();
    set.may_page_production = read.value_or(false);
    use.apart = !read.value_or(true);  // one that is wrong has its fault
  }
}

void read_end(const Section& section, gameday::Set& set) {
  if (const auto value = section.find("stop_if"))
    if (const auto stop_if = Section::open(*value, kStopIf))
      if (const auto severity = stop_if->require("severity", "write e.g. {severity: critical}"))
        set.stop_if = read_severity(*severity);
  if (const auto longest = section.find("longest"))
    set.longest = longest->duration(kLeastLongest, gameday::kLongestOfAll).value_or(set.longest);
}

void read_gameday(const Value& value, const Team& team, Draft& draft) {
  const auto section = Section::open(value, kGameday);
  if (!section) return;
  gameday::Set set;
  set.team = team.name;
  read_name(*section, set, draft);
  read_which(*section, set);
  DrillUse use;
  use.set = set.name;
  use.place = value.place();
  use.copies = section->find("copies").has_value();
  read_whom(*section, set, use, draft);
  read_end(*section, set);
  draft.drills.push_back(std::move(use));
  draft.settings.gamedays.emplace(set.name, set);
  if (draft.drills.size() == kMostGamedays + 1)
    value.fault("more than " + std::to_string(kMostGamedays) +
                " sets in all files, and every alert is held against each; remove some");
}

}  // namespace

void read_gamedays(const Value& value, const Team& team, Draft& draft) {
  for (const Value& set : value.list()) read_gameday(set, team, draft);
}

}  // namespace tocsin::settings
