#include "router/journal/journal.hpp"

namespace tocsin::journal {

Partition partition_of(std::string_view integration, Partition partitions) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : integration) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return static_cast<Partition>(hash % partitions);
}

}  // namespace tocsin::journal
