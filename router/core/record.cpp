#include "router/core/record.hpp"

#include <cstring>

#include "router/core/checksum.hpp"

namespace tocsin {
namespace {

constexpr char kMagic = 'T';
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kCrcAt = 36;

template <class Number>
void put(std::string& out, std::size_t at, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out[at + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

template <class Number>
Number get(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return static_cast<Number>(value);
}

std::uint32_t crc_of(std::string_view whole) {
  return crc32c(whole.substr(kRecordHeaderBytes), crc32c(whole.substr(0, kCrcAt)));
}

}  // namespace

std::string_view to_string(RecordKind kind) {
  switch (kind) {
    case RecordKind::alerts:
      return "alerts";
    case RecordKind::command:
      return "command";
    case RecordKind::result:
      return "result";
    case RecordKind::control:
      return "control";
    case RecordKind::turn:
      return "turn";
    case RecordKind::carried:
      return "carried";
  }
  return "unknown";
}

std::string encode(const Record& record) {
  TOCSIN_CHECK(record.body.size() <= kMostRecordBytes,
               "the front door limits what becomes a record");
  std::string out(kRecordHeaderBytes, '\0');
  out.reserve(kRecordHeaderBytes + record.body.size());
  out[0] = kMagic;
  out[1] = kVersion;
  out[2] = static_cast<char>(record.kind);
  out[3] = static_cast<char>(record.flags);
  put(out, 4, record.id.partition);
  put(out, 8, record.id.boot);
  put(out, 16, record.id.sequence);
  put(out, 24, std::int64_t{record.accepted_at.time_since_epoch().count()});
  put(out, 32, static_cast<std::uint32_t>(record.body.size()));
  out += record.body;
  put(out, kCrcAt, crc_of(out));
  return out;
}

Result<Record> decode_record(std::string_view& bytes) {
  if (bytes.size() < kRecordHeaderBytes) return corrupt("a record is cut off in its header");
  if (bytes[0] != kMagic) return corrupt("no record begins here");
  if (static_cast<std::uint8_t>(bytes[1]) != kVersion)
    return corrupt("a record of version " + std::to_string(static_cast<unsigned char>(bytes[1])) +
                   ": written by a newer tocsin, or damaged");
  const auto length = get<std::uint32_t>(bytes, 32);
  if (length > kMostRecordBytes || bytes.size() - kRecordHeaderBytes < length)
    return corrupt("a record is cut off in its body");
  const std::string_view whole = bytes.substr(0, kRecordHeaderBytes + length);
  if (crc_of(whole) != get<std::uint32_t>(whole, kCrcAt))
    return corrupt("a record's checksum does not fit");
  Record record;
  record.kind = static_cast<RecordKind>(whole[2]);
  record.flags = static_cast<std::uint8_t>(whole[3]);
  record.id = {get<std::uint64_t>(whole, 8), get<std::uint16_t>(whole, 4),
               get<std::uint64_t>(whole, 16)};
  record.accepted_at = WallTime(Duration(get<std::int64_t>(whole, 24)));
  record.body = std::string(whole.substr(kRecordHeaderBytes));
  bytes.remove_prefix(whole.size());
  return record;
}

}  // namespace tocsin
