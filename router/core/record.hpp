// The journal's records: one envelope for all kinds, as bytes that any later version can read.
//
//   byte 0  'T'            4  partition   u16      16  sequence     u64     32  length of the body
//   u32
//        1  version  = 1   6  (zero)      u16      24  accepted_at  i64     36  CRC-32C u32 2  kind
//        8  boot        u64          microseconds UTC     40  body (CBOR) 3  flags
//
// Numbers are little-endian. The CRC covers everything but itself: SQLite serves a flipped bit as
// data and calls itself sound. Golden copies of every kind are in tests/journal/golden;
// router/journal/README.md has the picture.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin {

enum class RecordKind : std::uint8_t {
  alerts = 1,  // input: all alerts of one request for one integration
  command = 2,  // input: acknowledge, resolve, … with an id of its own, so that a retry is harmless
  result = 3,   // input: the fate of an attempt
  control = 4,  // a fact for all nodes, on partition 0
  turn = 5,     // decision: "inputs up to here are decided, and this follows"
  carried = 6,  // state written again before retention would drop it
};

std::string_view to_string(RecordKind kind);

// The flags of a record.

/// control: written again by retention. A silence that is known stays as it is: it may have been
/// ended since.
inline constexpr std::uint8_t kCarriedFact = 1;
/// alerts: an island decided them; they only say that their sender was heard.
inline constexpr std::uint8_t kDecidedElsewhere = 2;
/// carried: what an island made of it.
inline constexpr std::uint8_t kFromIsland = 4;

struct Record {
  RecordKind kind = RecordKind::alerts;
  RecordId id;
  WallTime accepted_at{};
  std::uint8_t flags = 0;
  std::string body;

  bool operator==(const Record&) const = default;
};

inline constexpr std::size_t kRecordHeaderBytes = 40;
/// A request of 16 MiB makes a record of about as much; anything larger in a journal is damage.
inline constexpr std::size_t kMostRecordBytes = 64u << 20;

std::string encode(const Record& record);

/// The record at the front of `bytes`, which is moved past it. Errors: corrupt, saying what is
/// wrong, with `bytes` unmoved.
Result<Record> decode_record(std::string_view& bytes);

}  // namespace tocsin
