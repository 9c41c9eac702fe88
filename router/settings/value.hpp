// Typed reading of the tree: a value knows its place and its key, tells what is wrong with it, and
// goes on.
//
// Every reader returns nothing when the value is wrong, after exactly one fault; callers do not add
// a second one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/core/time.hpp"
#include "router/settings/keys.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"
#include "router/settings/yaml_tree.hpp"

namespace tocsin::settings {

/// What reading a file takes beside its nodes.
struct Reading {
  std::string file;
  const Environment& environment;
  Unset unset;
  Report& report;
};

/// A text with its variables filled in.
struct Text {
  std::string value;
  bool filled = false;  // may hold a secret: not to be shown
  bool placeholder =
      false;  // a variable is unset and that is only noted: `value` is the text as written
};

/// As a fault may show it: not at all if it came from outside.
std::string shown(const Text& text);

class Value {
 public:
  /// Both must outlive the value.
  Value(const Node& node, std::string key, Reading& reading)
      : node_(&node), key_(std::move(key)), reading_(&reading) {}

  const Node& node() const { return *node_; }
  Place place() const { return {reading_->file, node_->line, node_->column, key_}; }
  void fault(std::string what) const { reading_->report.fault(place(), std::move(what)); }
  void fault_at(const Place& place, std::string what) const {
    reading_->report.fault(place, std::move(what));
  }
  void note(std::string what) const { reading_->report.note(place(), std::move(what)); }
  /// "found a list; wanted text", unless the fault of a broken value is told already.
  void wrong_kind(std::string_view wanted) const;

  /// Any scalar as written, variables filled in. May be empty.
  std::optional<Text> text() const;
  /// The same, not empty.
  std::optional<Text> some_text() const;
  /// A word of the configuration's own (a name, a reference, a choice): written out, without
  /// variables, not empty.
  std::optional<std::string> word() const;
  /// A word fit to name something: kNamePattern.
  std::optional<std::string> name() const;
  std::optional<Duration> duration(Duration least, Duration most) const;
  std::optional<std::uint32_t> count(std::uint32_t least, std::uint32_t most) const;
  /// true or false; the other words of YAML for the two are text.
  std::optional<bool> boolean() const;

  /// The value of one of this map's entries.
  Value at(const Entry& entry) const;
  std::vector<Value> list() const;
  /// A map with keys of the user's own.
  std::vector<std::pair<std::string, Value>> map() const;

 private:
  std::string found() const;

  const Node* node_;
  std::string key_;
  Reading* reading_;
};

/// A map whose keys are known. Unknown ones, and those of a later version, are faults as soon as it
/// is opened.
class Section {
 public:
  /// With `extra` keys beside the known ones.
  static std::optional<Section> open(const Value& value, const Keys& keys,
                                     const std::vector<std::string>& extra = {});
  /// Without looking at the keys, to find the one that says which keys there are.
  static std::optional<Section> peek(const Value& value);

  const Value& value() const { return value_; }
  std::optional<Value> find(std::string_view key) const;
  /// A missing key is a fault that ends in `remedy`.
  std::optional<Value> require(std::string_view key, std::string_view remedy) const;

 private:
  explicit Section(Value value) : value_(std::move(value)) {}
  void check_keys(const Keys& keys, const std::vector<std::string>& extra) const;

  Value value_;
};

inline constexpr std::string_view kNamePattern = "1 to 64 letters, digits and _ . -";
inline constexpr std::size_t kMostNameBytes = 64;
/// Fit to name something, as kNamePattern says.
bool is_name(std::string_view text);

}  // namespace tocsin::settings
