#include "connectors/journals/row.hpp"

#include <algorithm>
#include <optional>

namespace tocsin::journal {
namespace {

/// A record found in a row, or a gap of at least one record that cannot be read.
struct Piece {
  std::optional<Record> record;
  std::string what;
};

constexpr std::size_t kLengthAt = 32;

// Where the damaged record at the front says that it ends: true more often than not, since most of
// a record is its body.
std::size_t claimed_size(std::string_view bytes) {
  if (bytes.size() < kRecordHeaderBytes) return bytes.size();
  std::size_t length = 0;
  for (std::size_t i = 4; i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(bytes[kLengthAt + i]);
  return kRecordHeaderBytes + length;
}

bool record_begins(std::string_view bytes) { return decode_record(bytes).has_value(); }

// How much to skip to come to the next record that can be read, or to the end.
std::size_t distance_to_next(std::string_view bytes) {
  const std::size_t claimed = claimed_size(bytes);
  if (claimed == bytes.size() || (claimed < bytes.size() && record_begins(bytes.substr(claimed))))
    return claimed;
  for (std::size_t at = 1; at + kRecordHeaderBytes <= bytes.size(); ++at)
    if (record_begins(bytes.substr(at))) return at;
  return bytes.size();
}

std::vector<Piece> pieces_of(std::string_view bytes) {
  std::vector<Piece> pieces;
  while (!bytes.empty()) {
    Result<Record> record = decode_record(bytes);
    if (record) {
      pieces.push_back({std::move(*record), ""});
    } else {
      pieces.push_back({std::nullopt, record.error().message});
      bytes.remove_prefix(distance_to_next(bytes));
    }
  }
  return pieces;
}

// A gap may hide several records: what follows the last one is counted from the row's end. Without
// a gap, the end is missing.
void add_missing(std::vector<Piece>& pieces, std::size_t missing) {
  const auto gap = std::find_if(pieces.rbegin(), pieces.rend(),
                                [](const Piece& piece) { return !piece.record; });
  const auto at = gap == pieces.rend() ? pieces.end() : gap.base();
  pieces.insert(at, missing, {std::nullopt, "a record is missing"});
}

// What is left of a damaged record may hold what looks like records, as a part of its body: after
// the first gap, so many are none. Without a gap they are past the row's end.
void drop_surplus(std::vector<Piece>& pieces, std::size_t surplus) {
  const auto gap =
      std::find_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return !piece.record; });
  const auto latest = pieces.end() - static_cast<std::ptrdiff_t>(surplus);
  const auto from = gap == pieces.end() ? latest : std::min(gap + 1, latest);
  pieces.erase(from, from + static_cast<std::ptrdiff_t>(surplus));
}

std::string name_of(const RowPlace& place, Position position) {
  return place.where + ", position " + std::to_string(position);
}

}  // namespace

// FNV-1a over the four numbers, 32 bits.
std::uint32_t seal_of(const Row& row) {
  std::uint32_t hash = 2166136261U;
  for (std::uint64_t number : {std::uint64_t{row.first}, std::uint64_t{row.partition},
                               std::uint64_t{row.count}, std::uint64_t{row.follows}})
    for (int i = 0; i < 8; ++i, number >>= 8)
      hash = (hash ^ static_cast<std::uint32_t>(number & 0xff)) * 16777619U;
  return hash;
}

std::uint32_t count_records(std::string_view records) {
  return static_cast<std::uint32_t>(pieces_of(records).size());
}

Position read_row(const Row& row, const RowPlace& place, const Cursor& cursor, Batch& batch) {
  std::vector<Piece> pieces = pieces_of(row.records);
  if (!row.doubtful && pieces.size() < row.count) add_missing(pieces, row.count - pieces.size());
  const std::size_t most = std::max(row.count, std::uint32_t{1});
  if (!row.doubtful && pieces.size() > most) {
    batch.damaged.push_back({name_of(place, row.first), "more records than its row says"});
    drop_surplus(pieces, pieces.size() - most);
  }
  if (row.doubtful)
    batch.damaged.push_back({name_of(place, row.first), "the row's numbers do not fit its seal"});
  // A record that never was (an emptied row) still has its position.
  if (pieces.empty()) pieces.push_back({std::nullopt, "a record is missing"});
  Position position = row.first - 1;
  for (Piece& piece : pieces) {
    ++position;
    // With the row's own numbers in doubt, the record knows the partition for which it was minted.
    const Partition partition =
        row.doubtful && piece.record ? piece.record->id.partition : row.partition;
    const Position seen = partition < place.partitions ? cursor[partition] : 0;
    if (position <= seen) continue;
    if (piece.record && partition < place.partitions)
      batch.entries.push_back({partition, position, std::move(*piece.record)});
    else
      batch.damaged.push_back({name_of(place, position),
                               piece.record ? "a record of no partition" : std::move(piece.what)});
  }
  return position;
}

}  // namespace tocsin::journal
