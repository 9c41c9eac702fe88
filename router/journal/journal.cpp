#include "router/journal/journal.hpp"

#include <algorithm>

namespace tocsin::journal {

Partition partition_of(std::string_view integration, Partition partitions) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : integration) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return static_cast<Partition>(hash % partitions);
}

std::uint64_t Journal::behind(const Cursor& cursor) const {
  std::uint64_t most = 0;  // positions are one sequence for all partitions
  for (Partition p = 0; p < partitions() && p < cursor.size(); ++p) {
    const Position end = tail(p);
    most = std::max<std::uint64_t>(most, end - std::min(end, cursor[p]));
  }
  return most;
}

}  // namespace tocsin::journal
