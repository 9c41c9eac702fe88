// Mints record ids: the boot's number, and a count for each partition. One for each process, shared
// by all who append.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "router/core/record.hpp"

namespace tocsin {

class Mint {
 public:
  /// `boot` is random and belongs to this start of the process alone.
  Mint(std::uint64_t boot, Partition partitions)
      : boot_(boot),
        counts_(std::make_unique<std::atomic<std::uint64_t>[]>(partitions)),
        partitions_(partitions) {}

  std::uint64_t boot() const { return boot_; }
  Partition partitions() const { return partitions_; }

  /// Any thread may call.
  RecordId next(Partition partition) {
    TOCSIN_CHECK(partition < partitions_, "partitions are computed modulo their count");
    return {boot_, partition, counts_[partition].fetch_add(1) + 1};
  }
  Record record(Partition partition, RecordKind kind, WallTime accepted_at, std::string body) {
    return {kind, next(partition), accepted_at, 0, std::move(body)};
  }

 private:
  const std::uint64_t boot_;
  const std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  const Partition partitions_;
};

}  // namespace tocsin
