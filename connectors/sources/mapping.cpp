#include "connectors/sources/mapping.hpp"

#include <algorithm>

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kLabels = "labels.", kAnnotations = "annotations.";

/// Whether a list with commas has the word, any case.
bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (lower(first_line(list.substr(0, end))) == lower(word)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

Mapping::Mapping(const Values& settings) : integration_(settings.name) {
  constexpr std::string_view kPrefix = "map.";
  for (const auto& [name, value] : settings.values) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string part = name.substr(kPrefix.size());
    if (part == "resolved_when") {
      resolved_when_ = value;
      continue;
    }
    const bool whole = value.empty() || value.front() == '/';
    pointers_.emplace_back(part, whole ? value : "/" + value);
  }
}

Json Mapping::at(const Json& alert, const std::string& part) const {
  for (const auto& [name, pointer] : pointers_)
    if (name == part) return alert.at_pointer(pointer);
  return {};
}

std::vector<Json> Mapping::alerts_in(const Json& body) const {
  const bool mapped = std::any_of(pointers_.begin(), pointers_.end(),
                                  [](const auto& each) { return each.first == "alerts"; });
  const Json list = mapped ? at(body, "alerts") : body;
  if (list.is_array()) return list.items();
  return list.is_null() ? std::vector<Json>{} : std::vector<Json>{list};
}

State Mapping::state_in(const Json& alert) const {
  const std::string word = at(alert, "status").text();
  if (!resolved_when_.empty() && has_word(resolved_when_, word)) return State::resolved;
  const State state = state_of(word);
  if (state == State::acknowledged) return state;
  if (!resolved_when_.empty()) return State::firing;
  if (word == "false" || word == "0") return State::resolved;
  return state == State::unknown ? State::firing : state;
}

State Mapping::apply(const Json& alert, Draft& draft) const {
  for (const auto& [part, pointer] : pointers_) {
    const Json value = alert.at_pointer(pointer);
    if (part.starts_with(kLabels))
      draft.label_cut(part.substr(kLabels.size()), value.text());
    else if (part.starts_with(kAnnotations))
      draft.annotation(part.substr(kAnnotations.size()), value.text());
  }
  const std::string title = at(alert, "title").text();
  draft.label_cut("alertname", title.empty() ? integration_ : title);
  draft.label_cut("severity", at(alert, "severity").text());
  draft.key = at(alert, "key").text();
  draft.generator_url = at(alert, "url").text();
  draft.starts_at = time_of(at(alert, "starts_at"));
  return state_in(alert);
}

std::string key_of_labels(const Draft& draft) {
  std::vector<Fields::Pair> pairs = draft.labels.labels().pairs();
  std::erase_if(pairs, [](const Fields::Pair& pair) { return pair.first == "severity"; });
  return fingerprint(Fields(std::move(pairs)));
}

}  // namespace tocsin::connectors::sources
