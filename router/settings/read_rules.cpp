// rules: which alerts, and what is to be done about them.
#include <charconv>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

/// How Matcher::parse begins its message when it knows the place: "at character 12: ".
constexpr std::string_view kAtCharacter = "at character ";

/// Bytes before the character of this number, from 1.
int bytes_before(std::string_view text, int character) {
  int bytes = 0, seen = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && ++seen == character) break;
    ++bytes;
  }
  return bytes;
}

/// The matcher's own fault, at the byte of the file it speaks of wherever the file shows that byte.
void refuse(const Value& value, const Text& text, std::string message) {
  if (text.filled)
    return value.fault(
        "not a matcher once its variables are filled in; write e.g. 'service=\"api\"'");
  if (!value.node().quoted) message += "; quote the whole matcher: 'service=\"api\"'";
  Place place = value.place();
  const std::size_t colon = message.find(": ");
  if (message.starts_with(kAtCharacter) && colon != std::string::npos &&
      value.node().text_column > 0) {
    int character = 0;
    std::from_chars(message.data() + kAtCharacter.size(), message.data() + colon, character);
    place.column = value.node().text_column + bytes_before(text.value, character);
    message.erase(0, colon + 2);
  }
  value.fault_at(place, std::move(message));
}

void read_matchers(const Section& section, rules::Rule& rule, RulePlace& place) {
  const auto value = section.find("matchers");
  if (!value) return;
  place.whole = value->node().kind == Node::Kind::sequence;
  for (const Value& matcher : value->list()) {
    const auto text = matcher.some_text();
    auto parsed = text && !text->placeholder ? std::optional(rules::Matcher::parse(text->value))
                                             : std::nullopt;
    if (parsed && *parsed) {
      rule.matchers.push_back(std::move(**parsed));
      place.matchers.push_back(matcher.place());
      continue;
    }
    place.whole = false;
    if (parsed) refuse(matcher, *text, parsed->error().message);
  }
}

void read_rule(const Value& value, const Team& team, Draft& draft) {
  const auto section = Section::open(value, kRule);
  if (!section) return;
  rules::Rule rule;
  RulePlace place;
  place.rule = value.place();
  rule.team = team.name;
  rule.team_channel = team.channel;
  if (const auto name = section->require("name", "pages and explanations refer to it")) {
    if (const auto word = name->name()) {
      rule.name = *word;
      draft.names.define(Noun::rule, *word, name->place(), draft.report);
    }
  }
  read_matchers(*section, rule, place);
  if (const auto severity = section->find("severity")) rule.severity = read_severity(*severity);
  if (const auto impact = section->find("impact"))
    if (auto text = impact->some_text()) rule.impact = std::move(text->value);
  read_outcome(*section, team, rule, draft);
  if (const auto go_on = section->find("continue")) rule.go_on = go_on->boolean().value_or(false);
  draft.settings.rules.push_back(std::move(rule));
  draft.rule_places.push_back(std::move(place));
}

}  // namespace

void read_rules(const Value& value, const Team& team, Draft& draft) {
  for (const Value& rule : value.list()) read_rule(rule, team, draft);
}

}  // namespace tocsin::settings
