// The record ids that a partition has folded: a record that arrives a second time (a retried
// append, a forwarded spool) is skipped.
//
// Ids are counted for each boot and partition, so they are kept as ranges: a few dozen bytes a boot
// however many records there were.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "router/core/ids.hpp"

namespace tocsin::engine {

class SeenIds {
 public:
  /// False if it was there already.
  bool insert(const RecordId& id);

  struct Range {
    std::uint64_t boot = 0, first = 0, last = 0;
    bool operator==(const Range&) const = default;
  };
  /// All of it, in order; and back.
  std::vector<Range> ranges() const;
  static SeenIds of(const std::vector<Range>& ranges);

 private:
  std::unordered_map<std::uint64_t, std::map<std::uint64_t, std::uint64_t>>
      ranges_;  // boot → first → last
};

}  // namespace tocsin::engine
