#include "rules/index.hpp"

#include <algorithm>

#include "rules/literals.hpp"
#include "rules/rule.hpp"

namespace tocsin::rules {
namespace {

bool later(const std::span<const Index::Number>& a, const std::span<const Index::Number>& b) {
  return a.front() > b.front();
}

}  // namespace

struct Index::Wanted {
  std::string_view name;
  std::vector<std::string> values;  // one of them; never the empty one, which a missing label has
};

struct Index::Counts {
  Table<Table<std::size_t>> rules;

  void add(const Wanted& wanted) {
    for (const std::string& value : wanted.values) ++rules[std::string(wanted.name)][value];
  }
  std::size_t of(const Wanted& wanted) const {
    const auto& values = rules.find(wanted.name)->second;
    std::size_t sum = 0;
    for (const std::string& value : wanted.values) sum += values.find(value)->second;
    return sum;
  }
};

std::vector<Index::Wanted> Index::wanted_by(const Rule& rule) {
  std::vector<Wanted> all;
  for (const Matcher& matcher : rule.matchers) {
    std::optional<std::vector<std::string>> values;
    if (matcher.kind() == MatchKind::equal) values = {{matcher.value()}};
    if (matcher.kind() == MatchKind::regex) values = literal_values(matcher.value());
    if (!values || std::find(values->begin(), values->end(), "") != values->end()) continue;
    all.push_back({matcher.name(), std::move(*values)});
  }
  return all;
}

void Index::file(Number number, const Rule& rule, const Counts& counts) {
  const auto wanted = wanted_by(rule);
  const auto rarest = std::min_element(
      wanted.begin(), wanted.end(),
      [&](const Wanted& a, const Wanted& b) { return counts.of(a) < counts.of(b); });
  if (rarest != wanted.end()) {
    Label& label = labels_[std::string(rarest->name)];
    for (const std::string& value : rarest->values) label.equal[value].push_back(number);
    return;
  }
  const Matcher* needy = nullptr;
  for (const Matcher& matcher : rule.matchers) {
    if (matcher.matches({})) continue;
    if (auto range = matcher.range()) {
      labels_[matcher.name()].ranged.push_back({std::move(*range), number});
      return;
    }
    needy = &matcher;
  }
  if (needy != nullptr)
    labels_[needy->name()].present.push_back(number);
  else
    always_.push_back(number);
}

Index::Index(const std::vector<Rule>& rules) {
  Counts counts;
  for (const Rule& rule : rules)
    for (const Wanted& wanted : wanted_by(rule)) counts.add(wanted);
  for (std::size_t i = 0; i < rules.size(); ++i) file(static_cast<Number>(i), rules[i], counts);
}

Index::Candidates Index::candidates(const Fields& labels) const {
  Candidates found;
  found.add(always_);
  for (const auto& [name, value] : labels) {
    // An empty label is a missing one.
    const auto label = value.empty() ? labels_.end() : labels_.find(name);
    if (label == labels_.end()) continue;
    found.add(label->second.present);
    for (const Ranged& ranged : label->second.ranged)
      if (ranged.range.holds(value)) found.add({&ranged.rule, 1});
    const auto filed = label->second.equal.find(value);
    if (filed != label->second.equal.end()) found.add(filed->second);
  }
  std::make_heap(found.heap_.begin(), found.heap_.end(), later);
  return found;
}

void Index::Candidates::add(std::span<const Number> filed) {
  if (!filed.empty()) heap_.push_back(filed);
}

std::optional<Index::Number> Index::Candidates::next() {
  if (heap_.empty()) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Number number = heap_.back().front();
  heap_.back() = heap_.back().subspan(1);
  if (heap_.back().empty())
    heap_.pop_back();
  else
    std::push_heap(heap_.begin(), heap_.end(), later);
  return number;
}

}  // namespace tocsin::rules
