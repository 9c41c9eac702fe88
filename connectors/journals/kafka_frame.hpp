// What one Kafka message holds: the records of one append, so that they are in the log all or none
// and side by side. A frame before them says how many there are and whose journal they belong to.
//
//   byte 0  'T' 'K'   3  kind: 1 identity, 2 records    8  stamp  u64    16  records, back to back
//        2  version   4  count                   u32
//
// A topic has no id that this version of librdkafka can see, so every message carries a stamp that
// was random when the topic was made: another topic of the same name has another. A message of kind
// `identity` has the stamp alone; readers pass over it.
//
// Positions are counted from the end of a message, so that its last record has a round one:
//
//   position of record i of n in the message at `offset` = (offset + 1) * 1024 - (n - 1 - i)
#pragma once

#include <vector>

#include "router/journal/journal.hpp"

namespace tocsin::journal {

using Stamp = std::uint64_t;
using Offset = std::int64_t;

/// Records in one message.
inline constexpr std::size_t kMostRecordsInMessage = 1024;
/// A request of 16 MiB and room; also what a topic that is made here takes.
inline constexpr std::size_t kMostMessageBytes = 32u << 20;

/// Where a cursor stands once everything before this offset was read; the tail, if it is the end.
constexpr Position position_before(Offset offset) {
  return static_cast<Position>(offset) * kMostRecordsInMessage;
}
/// The position of the last record of a message.
constexpr Position last_position_of(Offset offset) { return position_before(offset + 1); }
/// The message in which the next record after `position` is.
constexpr Offset offset_after(Position position) {
  return static_cast<Offset>(position / kMostRecordsInMessage);
}

struct KafkaMessage {
  Offset offset = 0;
  std::string bytes;
};

struct Frame {
  enum class Kind : std::uint8_t { identity = 1, records = 2 };
  Kind kind = Kind::identity;
  std::uint32_t count = 0;
  Stamp stamp = 0;
  std::string_view records;  // points into the message
};

std::string identity_frame(Stamp stamp);
std::string records_frame(Stamp stamp, const std::vector<Record>& records);
/// Errors: corrupt, this is no frame.
Result<Frame> decode_frame(std::string_view bytes);

/// The stamp that an identity's text stands for.
Stamp stamp_of(std::string_view identity);

/// What unpacking needs to know beside the message.
struct MessagePlace {
  std::string_view topic;
  Partition partition = 0;
  Partition partitions = 1;
  Stamp stamp = 0;
};
/// Adds the message's records after the cursor to the batch, and what is damaged; the cursor is
/// then behind the message.
void unpack(const KafkaMessage& message, const MessagePlace& place, Cursor& cursor, Batch& batch);

}  // namespace tocsin::journal
