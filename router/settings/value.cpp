#include "router/settings/value.hpp"

#include <algorithm>
#include <charconv>

#include "router/settings/expansion.hpp"

namespace tocsin::settings {

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  // "." and ".." would vanish from the paths that names become part of.
  return !text.empty() && text.size() <= kMostNameBytes &&
         std::all_of(text.begin(), text.end(), fits) &&
         text.find_first_not_of('.') != std::string_view::npos;
}

namespace {

/// In the midst of a text, a shorter name behind a $ is more likely something else.
constexpr std::size_t kLeastVariableBytes = 3;

std::string below(const std::string& key, std::string_view next) {
  const std::string last = is_name(next) ? std::string(next) : shown(next);
  return key.empty() ? last : key + "." + last;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// "$NAME", which other tools fill in: the whole text, or within it a name in capitals, as a
/// regular expression may well have a $ in it.
bool seems_a_variable(std::string_view text) {
  const auto capital = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const std::size_t length = static_cast<std::size_t>(
        std::find_if_not(rest.begin(), rest.end(), is_word) - rest.begin());
    if (length == 0 || (rest[0] >= '0' && rest[0] <= '9')) continue;
    if (length + 1 == text.size()) return true;
    if (length >= kLeastVariableBytes && std::all_of(rest.begin(), rest.begin() + length, capital))
      return true;
  }
  return false;
}

}  // namespace

std::string shown(const Text& text) { return text.filled ? "the value" : shown(text.value); }

std::string Value::found() const {
  switch (node_->kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "text";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::broken:
      break;
  }
  return "something broken";
}

void Value::wrong_kind(std::string_view wanted) const {
  if (node_->kind != Node::Kind::broken)
    fault("found " + found() + "; wanted " + std::string(wanted));
}

std::optional<Text> Value::text() const {
  if (node_->kind != Node::Kind::scalar) {
    wrong_kind("text");
    return std::nullopt;
  }
  // Without the text itself, as it may be a secret that only looks like a name.
  if (seems_a_variable(node_->text))
    note(
        "a $ without braces is no variable, and stays as it is written; did you mean "
        "\"${NAME}\", in quotes?");
  if (!node_->quoted) return Text{node_->text};
  Expansion expansion = expand(node_->text, reading_->environment);
  for (std::string& what : expansion.wrong) fault(std::move(what));
  const bool may_miss = reading_->unset == Unset::note;
  for (std::string& what : expansion.missing)
    may_miss ? note(std::move(what)) : fault(std::move(what));
  if (!expansion.wrong.empty()) return std::nullopt;
  if (expansion.missing.empty()) return Text{std::move(expansion.text), expansion.filled};
  if (may_miss) return Text{node_->text, true, true};
  return std::nullopt;
}

std::optional<Text> Value::some_text() const {
  auto read = text();
  if (!read || !read->value.empty()) return read;
  fault(read->filled ? "empty once its variables are filled in; set them to something"
                     : "empty; write a text");
  return std::nullopt;
}

std::optional<std::string> Value::word() const {
  if (node_->kind == Node::Kind::scalar && node_->text.find("${") != std::string::npos) {
    fault("variables are not filled in here; write the word itself");
    return std::nullopt;
  }
  auto read = some_text();
  if (!read) return std::nullopt;
  return std::move(read->value);
}

std::optional<std::string> Value::name() const {
  auto read = word();
  if (!read || is_name(*read)) return read;
  fault(shown(*read) + " is no name; use " + std::string(kNamePattern));
  return std::nullopt;
}

std::optional<Duration> Value::duration(Duration least, Duration most) const {
  const auto read = some_text();
  if (!read || read->placeholder) return std::nullopt;
  const auto parsed = parse_duration(read->value);
  if (!parsed) {
    fault(shown(*read) + " is " + parsed.error().message + "; write a number and a unit");
    return std::nullopt;
  }
  if (*parsed >= least && *parsed <= most) return *parsed;
  fault(shown(*read) + " is out of range; write " + format_duration(least) + " to " +
        format_duration(most));
  return std::nullopt;
}

std::optional<std::uint32_t> Value::count(std::uint32_t least, std::uint32_t most) const {
  const auto read = some_text();
  if (!read || read->placeholder) return std::nullopt;
  const std::string& text = read->value;
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  // A leading zero is octal to some readers of YAML and decimal to others.
  const bool leading_zero = text.size() > 1 && text[0] == '0';
  if (problem == std::errc() && end == text.data() + text.size() && !leading_zero &&
      number >= least && number <= most)
    return number;
  fault(shown(*read) + " is no such number; write " + std::to_string(least) + " to " +
        std::to_string(most) + " without leading zeros");
  return std::nullopt;
}

std::optional<bool> Value::boolean() const {
  const auto read = word();
  if (!read) return std::nullopt;
  if (!node_->quoted && (*read == "true" || *read == "false")) return *read == "true";
  fault(shown(*read) + " is neither true nor false; write one of the two, without quotes");
  return std::nullopt;
}

Value Value::at(const Entry& entry) const {
  return Value(entry.value, below(key_, entry.key), *reading_);
}

std::vector<Value> Value::list() const {
  std::vector<Value> values;
  if (node_->kind != Node::Kind::sequence) wrong_kind("a list");
  for (std::size_t i = 0; i < node_->items.size(); ++i)
    values.emplace_back(node_->items[i], key_ + "[" + std::to_string(i) + "]", *reading_);
  return values;
}

std::vector<std::pair<std::string, Value>> Value::map() const {
  std::vector<std::pair<std::string, Value>> values;
  if (node_->kind != Node::Kind::map) wrong_kind("a map");
  for (const Entry& entry : node_->entries) values.emplace_back(entry.key, at(entry));
  return values;
}

std::optional<Section> Section::peek(const Value& value) {
  if (value.node().kind == Node::Kind::map) return Section(value);
  value.wrong_kind("a map");
  return std::nullopt;
}

std::optional<Section> Section::open(const Value& value, const Keys& keys,
                                     const std::vector<std::string>& extra) {
  auto section = peek(value);
  if (section) section->check_keys(keys, extra);
  return section;
}

void Section::check_keys(const Keys& keys, const std::vector<std::string>& extra) const {
  const auto has = [](const auto& all, std::string_view key) {
    return std::find(all.begin(), all.end(), key) != all.end();
  };
  const auto values = value_.map();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [key, value] = values[i];
    if (has(keys.known, key) || has(extra, key)) continue;
    // The fault is in the key, so it points there and not at the value.
    const Entry& entry = value_.node().entries[i];
    Place place = value.place();
    place.line = entry.line;
    place.column = entry.column;
    std::string what;
    if (has(keys.later, key)) {
      what = kNotInThisVersion;
    } else if (has(keys.misplaced, key)) {
      what = keys.misplaced_remedy;
    } else if (const auto told =
                   std::find_if(keys.answered.begin(), keys.answered.end(),
                                [&written = key](const auto& each) { return each.key == written; });
               told != keys.answered.end()) {
      what = told->answer;
    } else {
      std::vector<std::string> known(keys.known.begin(), keys.known.end());
      known.insert(known.end(), extra.begin(), extra.end());
      std::string all = "known here:";
      for (const std::string& name : known) all += (all.back() == ':' ? " " : ", ") + name;
      what = "unknown key" + did_you_mean(key, known, all);
    }
    value_.fault_at(place, std::move(what));
  }
}

std::optional<Value> Section::find(std::string_view key) const {
  for (const Entry& entry : value_.node().entries)
    if (entry.key == key) return value_.at(entry);
  return std::nullopt;
}

std::optional<Value> Section::require(std::string_view key, std::string_view remedy) const {
  auto found = find(key);
  if (found) return found;
  Place place = value_.place();
  place.key = below(place.key, key);
  value_.fault_at(place, "missing; " + std::string(remedy));
  return std::nullopt;
}

}  // namespace tocsin::settings
