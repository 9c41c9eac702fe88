#include "connectors/journals/kafka_edges.hpp"

#include "connectors/journals/kafka_frame.hpp"

namespace tocsin::journal {
namespace {

constexpr Duration kKnownFor = std::chrono::seconds(1);

Result<Cursor> before(const Result<std::vector<Offset>>& offsets) {
  if (!offsets) return offsets.error();
  Cursor cursor;
  for (const Offset offset : *offsets) cursor.push_back(position_before(offset));
  return cursor;
}

}  // namespace

Result<Cursor> KafkaEdges::beginning() const { return before(follower_.ask_beginnings()); }

Result<Cursor> KafkaEdges::taken_before(WallTime time) const {
  return before(follower_.ask_offsets_at(time));
}

template <class Ask>
std::optional<Position> KafkaEdges::look(Known& known, WallTime time, Partition partition,
                                         const Ask& ask) {
  const std::lock_guard lock(mutex_);
  const Duration now = clock_.now().elapsed;
  if (now >= known.until || known.time != time) {
    const Result<Cursor> asked = ask();
    known = {clock_.now().elapsed + kKnownFor, time, std::nullopt};
    if (asked) known.cursor = *asked;
  }
  return known.cursor ? std::optional((*known.cursor)[partition]) : std::nullopt;
}

std::optional<Position> KafkaEdges::beginning(Partition partition) {
  return look(beginning_, {}, partition, [this] { return beginning(); });
}

std::optional<Position> KafkaEdges::taken_before(WallTime time, Partition partition) {
  return look(taken_, time, partition, [this, time] { return taken_before(time); });
}

}  // namespace tocsin::journal
