// Which rules can match an alert at all, found by its labels and not by trying every rule.
//
// A rule is filed once: under the label and values that one of its matchers asks for, the rarest
// there is; else under a label that it needs to be there, with the range of values that its pattern
// can match; else among those that are always tried.
// So an alert meets each rule at most once, and a rule that it does not meet cannot match it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "router/core/fields.hpp"
#include "rules/matcher.hpp"

namespace tocsin::rules {

struct Rule;

class Index {
 public:
  using Number = std::uint32_t;  // of a rule, in the order of files and lines

  Index() = default;
  explicit Index(const std::vector<Rule>& rules);

  /// The rules that may match, in their order, one at a time: whoever has found what they want
  /// stops. Valid as long as the index.
  class Candidates {
   public:
    std::optional<Number> next();

   private:
    friend class Index;
    void add(std::span<const Number> filed);

    std::vector<std::span<const Number>> heap_;  // by their first number, the least on top
  };
  Candidates candidates(const Fields& labels) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <typename T>
  using Table = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  struct Ranged {
    Matcher::Range range;
    Number rule;
  };
  struct Label {
    Table<std::vector<Number>> equal;  // by value
    std::vector<Ranged> ranged;        // by rule
    std::vector<Number> present;       // whatever the value
  };
  struct Wanted;  // what one matcher asks of a label
  struct Counts;  // how many rules ask for the same

  static std::vector<Wanted> wanted_by(const Rule& rule);
  void file(Number number, const Rule& rule, const Counts& counts);

  Table<Label> labels_;
  std::vector<Number> always_;
};

}  // namespace tocsin::rules
