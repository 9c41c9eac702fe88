// Lays the appends of one commit out in rows, and gives them their positions. Pure.
#pragma once

#include "connectors/journals/append_queue.hpp"
#include "connectors/journals/row.hpp"

namespace tocsin::journal {

struct CommitLayout {
  std::vector<Row> rows;          // in the order of their positions
  std::vector<Position> last_of;  // for each request, the position of its last record
  std::size_t bytes = 0;
};

/// Where a commit begins, and the last position before it that counts.
struct CommitPlace {
  Position first = 1;
  Position follows = 0;
};

/// Requests of one partition share rows and keep their order. Empties the requests' records.
CommitLayout lay_out(std::vector<AppendRequest>& requests, Partition partitions, CommitPlace place);

}  // namespace tocsin::journal
