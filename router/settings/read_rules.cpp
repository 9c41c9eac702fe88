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

void read_matchers(const Section& section, rules::Rule& rule, Draft& draft) {
  const auto value = section.find("matchers");
  const auto matchers = value ? value->list() : std::vector<Value>{};
  const bool everything = !value || value->node().kind == Node::Kind::sequence;
  if (matchers.empty() && everything)
    draft.catch_alls.push_back({draft.rules_seen, section.value().place()});
  for (const Value& matcher : matchers) {
    const auto text = matcher.some_text();
    if (!text || text->placeholder) continue;
    auto parsed = rules::Matcher::parse(text->value);
    if (parsed)
      rule.matchers.push_back(std::move(*parsed));
    else
      refuse(matcher, *text, parsed.error().message);
  }
}

void read_outcome(const Section& section, rules::Rule& rule, Draft& draft) {
  const auto page = section.find("page"), suppress = section.find("suppress");
  if (page && suppress) suppress->fault("page stands in this rule as well; keep one of the two");
  if (page) {
    if (const auto policy = page->word()) {
      rule.page = *policy;
      draft.names.refer(Noun::policy, *policy, page->place());
    }
  }
  if (suppress)
    if (auto why = suppress->some_text()) rule.suppress = std::move(why->value);
}

void read_rule(const Value& value, const std::string& team, Draft& draft) {
  const auto section = Section::open(value, kRule);
  if (!section) return;
  rules::Rule rule;
  rule.team = team;
  if (const auto name = section->require("name", "pages and explanations refer to it")) {
    if (const auto word = name->name()) {
      rule.name = *word;
      draft.names.define(Noun::rule, *word, name->place(), draft.report);
    }
  }
  read_matchers(*section, rule, draft);
  if (const auto severity = section->find("severity")) rule.severity = read_severity(*severity);
  if (const auto impact = section->find("impact"))
    if (auto text = impact->some_text()) rule.impact = std::move(text->value);
  read_outcome(*section, rule, draft);
  draft.settings.rules.push_back(std::move(rule));
}

}  // namespace

void read_rules(const Value& value, const std::string& team, Draft& draft) {
  for (const Value& rule : value.list()) {
    read_rule(rule, team, draft);
    ++draft.rules_seen;
  }
}

}  // namespace tocsin::settings
