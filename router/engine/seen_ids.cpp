#include "router/engine/seen_ids.hpp"

#include <iterator>

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

}  // namespace tocsin::engine
