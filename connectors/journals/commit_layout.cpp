#include "connectors/journals/commit_layout.hpp"

#include <utility>

namespace tocsin::journal {
namespace {

// A reader takes whole rows, and damage is looked for within one: so rows of many requests end
// here.
constexpr std::uint32_t kRecordsOfFullRow = 256;
constexpr std::size_t kBytesOfFullRow = 1u << 20;

bool is_full(const Row& row) {
  return row.count >= kRecordsOfFullRow || row.records.size() >= kBytesOfFullRow;
}

}  // namespace

CommitLayout lay_out(std::vector<AppendRequest>& requests, Partition partitions,
                     CommitPlace place) {
  std::vector<std::vector<std::size_t>> of_partition(partitions);
  for (std::size_t i = 0; i < requests.size(); ++i)
    of_partition[requests[i].partition].push_back(i);
  CommitLayout layout;
  layout.last_of.resize(requests.size());
  for (Partition partition = 0; partition < partitions; ++partition) {
    bool in_row = false;
    for (const std::size_t i : of_partition[partition]) {
      if (!in_row || is_full(layout.rows.back()))
        layout.rows.push_back({place.first, partition, 0, 0, 0, {}});
      in_row = true;
      Row& row = layout.rows.back();
      layout.bytes += requests[i].records.size();
      row.records.empty() ? row.records.swap(requests[i].records)
                          : static_cast<void>(row.records += requests[i].records);
      row.count += requests[i].count;
      place.first += requests[i].count;
      layout.last_of[i] = place.first - 1;
    }
  }
  for (Row& row : layout.rows) {
    row.follows = std::exchange(place.follows, row.first + row.count - 1);
    row.seal = seal_of(row);
  }
  return layout;
}

}  // namespace tocsin::journal
