#include "router/engine/seen_ids.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace tocsin::engine {

bool SeenIds::insert(const RecordId& id) {
  auto& ranges = ranges_[id.boot];
  const std::uint64_t n = id.sequence;
  const auto after = ranges.upper_bound(n);
  const auto before = after == ranges.begin() ? ranges.end() : std::prev(after);
  if (before != ranges.end() && n <= before->second) return false;
  const bool joins_before = before != ranges.end() && before->second + 1 == n;
  const bool joins_after = after != ranges.end() && after->first == n + 1;
  const std::uint64_t last = joins_after ? after->second : n;
  if (joins_after) ranges.erase(after);
  if (joins_before)
    before->second = last;
  else
    ranges.emplace(n, last);
  return true;
}

std::vector<SeenIds::Range> SeenIds::ranges() const {
  std::vector<Range> all;
  for (const auto& [boot, ranges] : ranges_)
    for (const auto& [first, last] : ranges) all.push_back({boot, first, last});
  std::sort(all.begin(), all.end(), [](const Range& a, const Range& b) {
    return std::tie(a.boot, a.first) < std::tie(b.boot, b.first);
  });
  return all;
}

SeenIds SeenIds::of(const std::vector<Range>& ranges) {
  SeenIds seen;
  for (const Range& range : ranges) seen.ranges_[range.boot].emplace(range.first, range.last);
  return seen;
}

}  // namespace tocsin::engine
