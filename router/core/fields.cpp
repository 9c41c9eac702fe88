#include "router/core/fields.hpp"

#include <algorithm>
#include <cstring>

namespace tocsin {
namespace {

struct Lengths {
  std::uint32_t name, value;
};

Lengths lengths_at(const char* at) {
  Lengths lengths;
  std::memcpy(&lengths, at, sizeof lengths);
  return lengths;
}

}  // namespace

Fields::Fields(std::vector<Pair> pairs) {
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.first < b.first; });
  std::size_t bytes = 0;
  for (const auto& [name, value] : pairs) bytes += sizeof(Lengths) + name.size() + value.size();
  std::string buffer;
  buffer.reserve(bytes);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first) continue;
    const auto& [name, value] = pairs[i];
    const Lengths lengths{static_cast<std::uint32_t>(name.size()),
                          static_cast<std::uint32_t>(value.size())};
    buffer.append(reinterpret_cast<const char*>(&lengths), sizeof lengths)
        .append(name)
        .append(value);
  }
  buffer_ = buffer;
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
  for (const auto& [n, v] : *this)
    if (n == name) return v;
  return std::nullopt;
}

std::size_t Fields::size() const { return static_cast<std::size_t>(std::distance(begin(), end())); }

std::vector<Fields::Pair> Fields::pairs() const { return {begin(), end()}; }

Fields Fields::with_defaults(const Fields& others) const {
  if (others.empty()) return *this;
  std::vector<Pair> all = others.pairs();
  const std::vector<Pair> own = pairs();
  all.insert(all.end(), own.begin(), own.end());
  return Fields(std::move(all));
}

Fields::Pair Fields::Iterator::operator*() const {
  const Lengths lengths = lengths_at(at_);
  const char* const name = at_ + sizeof lengths;
  return {{name, lengths.name}, {name + lengths.name, lengths.value}};
}

Fields::Iterator& Fields::Iterator::operator++() {
  const Lengths lengths = lengths_at(at_);
  at_ += sizeof lengths + lengths.name + lengths.value;
  return *this;
}

}  // namespace tocsin
