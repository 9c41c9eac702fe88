#include "connectors/sources/alert_fields.hpp"

#include <algorithm>
#include <cstdint>

#include "connectors/sources/limits.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::size_t kShownNameBytes = 80;

std::string shown(std::string_view name) {
  return "label \"" + cut(one_line(name.substr(0, 4 * kShownNameBytes)), kShownNameBytes) + "\"";
}

/// How long a value may be so that all of them fit: short ones stay whole, the longest are cut
/// alike.
std::size_t fair_length(std::vector<std::size_t> lengths, std::size_t room) {
  std::sort(lengths.begin(), lengths.end());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::size_t share = room / (lengths.size() - i);
    if (lengths[i] > share) return share;
    room -= lengths[i];
  }
  return lengths.empty() ? 0 : lengths.back();
}

}  // namespace

void PairCollector::clear() {
  buffer_.clear();
  pairs_.clear();
}

void PairCollector::add(std::string_view name, std::string_view value) {
  pairs_.push_back({buffer_.size(), name.size(), value.size()});
  buffer_.append(name).append(value);
}

std::string_view PairCollector::name(const Pair& pair) const {
  return std::string_view(buffer_).substr(pair.at, pair.name_bytes);
}

std::string_view PairCollector::value(const Pair& pair) const {
  return std::string_view(buffer_).substr(pair.at + pair.name_bytes, pair.value_bytes);
}

std::string PairCollector::label_fault() const {
  std::size_t with_value = 0;
  for (const Pair& pair : pairs_) {
    if (pair.value_bytes == 0) continue;
    ++with_value;
    if (pair.name_bytes == 0) return "a label has an empty name; drop it, or name it";
    if (pair.name_bytes > kMostLabelNameBytes)
      return shown(name(pair)) + ": the name has " + std::to_string(pair.name_bytes) +
             " bytes, more than the " + std::to_string(kMostLabelNameBytes) +
             " allowed; shorten it";
    if (pair.value_bytes > kMostLabelValueBytes)
      return shown(name(pair)) + ": the value has " + std::to_string(pair.value_bytes) +
             " bytes, more than the " + std::to_string(kMostLabelValueBytes) +
             " allowed; put long texts into an annotation";
  }
  if (with_value == 0) return "at least one label pair required";
  if (with_value > kMostLabels)
    return "it has " + std::to_string(with_value) + " labels, more than the " +
           std::to_string(kMostLabels) + " allowed; drop some by relabelling";
  return {};
}

Fields PairCollector::labels() const {
  std::vector<Fields::Pair> pairs;
  pairs.reserve(pairs_.size());
  bool some_empty = false;
  for (const Pair& pair : pairs_) {
    some_empty = some_empty || pair.value_bytes == 0;
    pairs.emplace_back(name(pair), value(pair));
  }
  Fields all(std::move(pairs));
  if (!some_empty) return all;
  // Only now, as the last of equal names wins, and the last may be the empty one.
  pairs = all.pairs();
  std::erase_if(pairs, [](const Fields::Pair& pair) { return pair.second.empty(); });
  return Fields(std::move(pairs));
}

Fields PairCollector::annotations() const {
  const std::size_t count = std::min(pairs_.size(), kMostAnnotations);
  if (buffer_.size() > kMostAnnotationBytes) return cut_annotations(count);
  std::vector<Fields::Pair> pairs;
  pairs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) pairs.emplace_back(name(pairs_[i]), value(pairs_[i]));
  return Fields(std::move(pairs));
}

Fields PairCollector::cut_annotations(std::size_t count) const {
  std::vector<Pair> kept;
  std::vector<std::size_t> lengths;
  std::size_t room = kMostAnnotationBytes;
  for (std::size_t i = 0; i < count; ++i) {
    if (pairs_[i].name_bytes > kMostLabelNameBytes || pairs_[i].name_bytes > room) continue;
    room -= pairs_[i].name_bytes;
    kept.push_back(pairs_[i]);
    lengths.push_back(pairs_[i].value_bytes);
  }
  const std::size_t most = fair_length(std::move(lengths), room);
  std::vector<std::string> values;
  values.reserve(kept.size());  // the views below need them to stay where they are
  std::vector<Fields::Pair> pairs;
  pairs.reserve(kept.size());
  for (const Pair& pair : kept)
    pairs.emplace_back(name(pair), values.emplace_back(cut(value(pair), most)));
  return Fields(std::move(pairs));
}

std::string fingerprint(const Fields& labels) {
  constexpr std::uint64_t kPrime = 1099511628211ULL;
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
    hash = (hash ^ 0xff) * kPrime;
  };
  for (const auto& [name, value] : labels) {
    add(name);
    add(value);
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = kDigits[hash >> (60 - 4 * i) & 15];
  return text;
}

}  // namespace tocsin::connectors::sources
