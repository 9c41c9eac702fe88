// Lays the appends of one commit out in rows, and gives them their positions. Pure.
#pragma once

#include "connectors/journals/append_queue.hpp"
#include "connectors/journals/row.hpp"

namespace tocsin::journal {

struct CommitLayout {
  std::vector<Row> rows;              // in the order of their positions
  std::vector<Position> last_of;      // for each request, the position of its last record
  std::vector<std::size_t> bytes_of;  // for each request
};

/// Requests of one partition share rows and keep their order. Empties the requests' records.
CommitLayout lay_out(std::vector<AppendRequest>& requests, Partition partitions, Position first);

}  // namespace tocsin::journal
