#include "connectors/sources/mapping.hpp"

#include <algorithm>
#include <array>

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kLabels = "labels.", kAnnotations = "annotations.";
constexpr std::string_view kPrefix = "map.", kResolvedWhen = "resolved_when";
constexpr std::array<std::string_view, 7> kParts{"alerts",   "key", "title",    "status",
                                                 "severity", "url", "starts_at"};

/// RFC 6901: after "~" there is a 0 or a 1.
bool is_pointer(std::string_view text) {
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1))
    if (const std::string_view next = text.substr(at + 1, 1); next != "0" && next != "1")
      return false;
  return true;
}

/// What is wrong with it; empty: nothing is.
std::string fault_of(std::string_view part, const std::string& value) {
  if (part == kResolvedWhen) return {};
  const bool nested = part.starts_with(kLabels) || part.starts_with(kAnnotations);
  if (part == "labels" || part == "annotations")
    return "found text; write a map, e.g. {service: /host}";
  if (std::find(kParts.begin(), kParts.end(), part.substr(0, part.find('.'))) != kParts.end()) {
    if (part.find('.') != std::string_view::npos) return "found a map; write one JSON pointer";
  } else if (!nested) {
    return "no part of an alert; known here: alerts, key, title, status, resolved_when, severity, "
           "url, starts_at, labels, annotations";
  }
  return is_pointer(value) ? ""
                           : "no JSON pointer: after ~ there is 0 or 1; write e.g. /check/name";
}

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

std::vector<std::string> check_map(const Values& settings) {
  std::vector<std::string> faults;
  for (const auto& each : settings.values) {
    if (!each.first.starts_with(kPrefix)) continue;
    std::string fault = fault_of(std::string_view(each.first).substr(kPrefix.size()), each.second);
    if (!fault.empty()) faults.push_back(each.first + ": " + fault);
  }
  return faults;
}

Mapping::Mapping(const Values& settings) : integration_(settings.name) {
  for (const auto& [name, value] : settings.values) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string part = name.substr(kPrefix.size());
    if (part == kResolvedWhen) {
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
  const Fields labels = draft.labels.labels();
  std::vector<Fields::Pair> pairs = labels.pairs();
  std::erase_if(pairs, [](const Fields::Pair& pair) { return pair.first == "severity"; });
  return fingerprint(Fields(std::move(pairs)));
}

}  // namespace tocsin::connectors::sources
