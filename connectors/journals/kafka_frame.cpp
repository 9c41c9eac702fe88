#include "connectors/journals/kafka_frame.hpp"

#include "connectors/journals/row.hpp"

namespace tocsin::journal {
namespace {

constexpr std::size_t kFrameBytes = 16;
constexpr char kVersion = 1;

void put(std::string& out, std::uint64_t number, int bytes) {
  for (; bytes > 0; --bytes, number >>= 8) out.push_back(static_cast<char>(number & 0xff));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, int count) {
  std::uint64_t number = 0;
  while (count-- > 0)
    number = number << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(count)]);
  return number;
}

std::string frame(Frame::Kind kind, std::size_t count, Stamp stamp) {
  std::string bytes = "TK";
  bytes.push_back(kVersion);
  bytes.push_back(static_cast<char>(kind));
  put(bytes, count, 4);
  put(bytes, stamp, 8);
  return bytes;
}

}  // namespace

std::string identity_frame(Stamp stamp) { return frame(Frame::Kind::identity, 0, stamp); }

std::string records_frame(Stamp stamp, const std::vector<Record>& records) {
  std::string bytes = frame(Frame::Kind::records, records.size(), stamp);
  for (const Record& record : records) bytes += encode(record);
  return bytes;
}

Result<Frame> decode_frame(std::string_view bytes) {
  if (bytes.size() < kFrameBytes || !bytes.starts_with("TK"))
    return corrupt("a message that tocsin did not write");
  if (bytes[2] != kVersion)
    return corrupt("a message of version " + std::to_string(static_cast<unsigned char>(bytes[2])) +
                   ", which this tocsin does not know");
  Frame found;
  found.kind = static_cast<Frame::Kind>(bytes[3]);
  found.count = static_cast<std::uint32_t>(number_at(bytes, 4, 4));
  found.stamp = number_at(bytes, 8, 8);
  found.records = bytes.substr(kFrameBytes);
  if (found.kind == Frame::Kind::identity) return found;
  if (found.kind != Frame::Kind::records || found.count == 0 || found.count > kMostRecordsInMessage)
    return corrupt("a message whose head makes no sense");
  return found;
}

Stamp stamp_of(std::string_view identity) {
  Stamp hash = 14695981039346656037ULL;
  for (const char c : identity) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

void unpack(const KafkaMessage& message, const MessagePlace& place, Cursor& cursor, Batch& batch) {
  const Position last = last_position_of(message.offset);
  const std::string where =
      "topic " + std::string(place.topic) + ", partition " + std::to_string(place.partition);
  const auto damaged = [&](std::string what) {
    batch.damaged.push_back(
        {where + ", offset " + std::to_string(message.offset), std::move(what)});
  };
  const Result<Frame> frame = decode_frame(message.bytes);
  if (!frame) {
    damaged(frame.error().message);
  } else if (frame->kind == Frame::Kind::records && frame->stamp != place.stamp) {
    damaged("the message belongs to another journal");
  } else if (frame->kind == Frame::Kind::records) {
    Row row;
    row.first = last - frame->count + 1;
    row.partition = place.partition;
    row.count = frame->count;
    row.records = std::string(frame->records);
    read_row(row, {place.partitions, where}, cursor, batch);
  }
  cursor[place.partition] = last;
}

}  // namespace tocsin::journal
