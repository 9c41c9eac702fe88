// The journal's framing: envelopes, rows of SQLite's segments, messages of Kafka, and a segment
// file as a whole. Damage is named and passed over, and what is whole beside it is kept.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "connectors/journals/kafka_frame.hpp"
#include "connectors/journals/row.hpp"
#include "connectors/journals/segment.hpp"
#include "connectors/journals/segment_scan.hpp"
#include "router/core/record.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace journal;
namespace fs = std::filesystem;

constexpr Partition kPartitions = 4;
constexpr Stamp kStamp = 77;

std::string envelopes() {
  std::string all;
  for (const std::string& name : goldens("envelope-")) all += golden(name);
  return all;
}

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const std::string& name : goldens("envelope-"))
    all.push_back(std::string(3, '\0') + golden(name));
  all.push_back(std::string(3, '\0') + envelopes());
  all.push_back("\1\1\0" + identity_frame(kStamp));
  std::vector<Record> records;
  for (std::uint64_t i = 1; i < 4; ++i)
    records.push_back({RecordKind::alerts, {7, 1, i}, WallTime(std::chrono::hours(i)), 0, "body"});
  all.push_back("\1\1\3" + records_frame(kStamp, records));
  return all;
}

/// At most one for each byte, and one for each record that a row or a message may say it has.
void check_damage(const Batch& batch, std::string_view input) {
  PROMISE(batch.damaged.size() <= input.size() + kMostRecordsInMessage + 1,
          std::to_string(batch.damaged.size()));
  for (const Damage& damage : batch.damaged) {
    check_error_text(damage.what);
    check_error_text(damage.where);
  }
}

void check_records(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const auto record = decode_record(rest);
    if (!record) {
      PROMISE(rest == before, "moved past what it cannot read");
      return check_error_text(record.error().message);
    }
    PROMISE(rest.size() < before.size(), "stays where it is");
    PROMISE(record->body.size() <= before.size(), "larger than its bytes");
    std::string written = encode(*record);
    std::string_view view = written;
    const auto again = decode_record(view);
    PROMISE(again && *again == *record && view.empty(), "not as it was written");
    // No bit of it can turn without being noticed.
    const std::size_t bit = bytes.size() * 7 % (written.size() * 8);
    written[bit / 8] = static_cast<char>(written[bit / 8] ^ (1 << bit % 8));
    view = written;
    PROMISE(!decode_record(view), "a bit turned unseen: " + std::to_string(bit));
  }
}

/// Goes with the process; in memory, where there is such a place.
struct Folder {
  Folder() {
    std::string name = (fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                       "tocsin-fuzz-XXXXXX";
    if (!::mkdtemp(name.data())) std::abort();
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code none;
    fs::remove_all(path, none);
  }
  fs::path path;
};

const fs::path& folder() {
  static const Folder kFolder;
  return kFolder.path;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> segment_seeds() {
  const auto made = make_segment(folder(), {"journal-1", kPartitions, 1, 0, {}}, {});
  if (!made) std::abort();
  const std::string empty = read_file(made->path);
  auto database = sqlite::Database::open(made->path, sqlite::Database::Mode::write, {});
  if (!database) std::abort();
  Position first = 1;
  for (const std::string& name : goldens("envelope-")) {
    Row row{first, 1, 1, first - 1, 0, golden(name), false};
    row.seal = seal_of(row);
    const std::string sql =
        "INSERT INTO batches VALUES (" + std::to_string(row.first) + "," +
        std::to_string(row.partition) + "," + std::to_string(row.count) + "," +
        std::to_string(row.follows) + "," + std::to_string(row.seal) + ",x'" +
        [&] {
          std::string hex;
          for (const char c : row.records) {
            char two[3];
            std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
            hex += two;
          }
          return hex;
        }() +
        "')";
    if (const Status done = database->run(sql.c_str()); !done) {
      std::fprintf(stderr, "%s\n", done.error().message.c_str());
      std::abort();
    }
    ++first;
  }
  *database = {};
  const std::string filled = read_file(made->path);
  fs::remove(made->path);
  return {empty, filled};
}

}  // namespace

// Byte 0: what the rest is; bytes 1 and 2: a partition and a number of records.
TOCSIN_FUZZ_TARGET(journal, seeds) {
  Input in(input);
  const std::uint8_t what = in.byte(), partition = in.byte(), count = in.byte();
  const std::string_view bytes = in.rest();
  Batch batch;
  Cursor cursor(kPartitions);
  if (what % 2 == 0) {
    check_records(bytes);
    Row row{10, partition, count, 9, 0, std::string(bytes), what >= 128};
    row.seal = seal_of(row);
    const Position last = read_row(row, {kPartitions, "a segment"}, cursor, batch);
    PROMISE(last >= row.first, std::to_string(last));
    PROMISE(row.doubtful || last == row.first + (count > 0 ? row.count - 1u : 0u),
            std::to_string(last));
    Position before = 0;
    for (const Entry& entry : batch.entries) {
      PROMISE(entry.position > before && entry.position <= last, std::to_string(entry.position));
      before = entry.position;
    }
    PROMISE(count_records(bytes) <= bytes.size(), "more records than bytes");
    return check_damage(batch, bytes);
  }
  const auto frame = decode_frame(bytes);
  if (!frame) check_error_text(frame.error().message);
  const Offset offset = count;
  unpack({offset, std::string(bytes)}, {"tocsin", 1, kPartitions, kStamp}, cursor, batch);
  PROMISE(cursor[1] == last_position_of(offset), std::to_string(cursor[1]));
  Position before = position_before(offset);
  for (const Entry& entry : batch.entries) {
    PROMISE(entry.position > before && entry.position <= cursor[1], std::to_string(entry.position));
    before = entry.position;
  }
  check_damage(batch, bytes);
}

// A whole segment file, in a folder of its own.
TOCSIN_FUZZ_TARGET(segment, segment_seeds) {
  const Segment segment{1, 0, (folder() / segment_name(1)).string(), {}};
  std::ofstream(segment.path, std::ios::binary | std::ios::trunc) << input;
  {
    auto database = sqlite::Database::open(segment.path, sqlite::Database::Mode::read, {});
    if (!database) return check_error_text(database.error().message);
    const auto meta = load_meta(*database);
    if (!meta) check_error_text(meta.error().message);
    ScanRange range{0, 1u << 20, 4};
    for (int looks = 0;; ++looks) {
      PROMISE(looks < 10'000, "it never ends");
      const auto scan = scan_segment(*database, segment, range);
      if (!scan) {
        check_error_text(scan.error().message);
        break;
      }
      Position last = range.after;
      for (const Row& row : scan->rows) {
        PROMISE(row.records.size() <= input.size(), "larger than the file");
        last = std::max(last, row.first);
      }
      for (const Damage& damage : scan->damaged) check_error_text(damage.what);
      if (scan->finished || last <= range.after) break;
      range.after = last;
    }
  }
}

}  // namespace tocsin::fuzz
