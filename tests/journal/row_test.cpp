// What is read from a row of which some bytes are damaged: as much as can be, and a name for the
// rest.
#include "connectors/journals/row.hpp"

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

constexpr Position kFirst = 101;

Row row_of(std::uint32_t count) {
  Row row{kFirst, 2, count, kFirst - 1, 0, {}};
  for (std::uint32_t i = 0; i < count; ++i)
    row.records += encode(record_of(2, i, "body " + std::to_string(i)));
  row.seal = seal_of(row);
  return row;
}

struct Reading {
  Batch batch;
  Position last = 0;
};

Reading read(const Row& row) {
  Reading reading;
  reading.last = read_row(row, {4, "file"}, Cursor(4), reading.batch);
  return reading;
}

const std::size_t kRecordBytes = encode(record_of(2, 0, "body 0")).size();

}  // namespace

TEST_CASE("a flipped bit anywhere costs one record and keeps the positions of the others") {
  const Row good = row_of(4);
  for (std::size_t bit = 0; bit < good.records.size() * 8; ++bit) {
    Row bad = good;
    bad.records[bit / 8] = static_cast<char>(bad.records[bit / 8] ^ (1 << bit % 8));
    const Reading reading = read(bad);
    const std::uint64_t lost = bit / 8 / kRecordBytes;
    REQUIRE(reading.last == kFirst + 3);
    REQUIRE(reading.batch.damaged.size() == 1);
    CHECK(reading.batch.damaged[0].where == "file, position " + std::to_string(kFirst + lost));
    REQUIRE(reading.batch.entries.size() == 3);
    for (const Entry& entry : reading.batch.entries) {
      REQUIRE(entry.record.id.sequence != lost);
      REQUIRE(entry.position == kFirst + entry.record.id.sequence);
      REQUIRE(entry.partition == 2);
    }
  }
}

TEST_CASE("a row cut off anywhere keeps what is whole and its own length in positions") {
  const Row good = row_of(4);
  for (std::size_t size = 0; size < good.records.size(); ++size) {
    Row bad = good;
    bad.records.resize(size);
    const Reading reading = read(bad);
    REQUIRE(reading.last == kFirst + 3);
    REQUIRE(reading.batch.entries.size() == size / kRecordBytes);
    REQUIRE(reading.batch.damaged.size() == 4 - size / kRecordBytes);
    for (const Entry& entry : reading.batch.entries)
      REQUIRE(entry.position == kFirst + entry.record.id.sequence);
  }
}

TEST_CASE("what looks like a record within a damaged one is none and moves no position") {
  Row bad{kFirst, 2, 3, kFirst - 1, 0, {}};
  bad.records = encode(record_of(2, 0, "first"));
  const std::size_t damaged = bad.records.size();
  bad.records += encode(record_of(2, 1, encode(record_of(2, 77, "within")) + "and more"));
  bad.records += encode(record_of(2, 2, "last"));
  bad.seal = seal_of(bad);
  constexpr std::size_t kLengthAt = 32;
  bad.records[damaged + kLengthAt + 1] = '\x7f';
  const Reading reading = read(bad);
  CHECK(reading.last == kFirst + 2);
  REQUIRE(reading.batch.entries.size() == 2);
  CHECK(reading.batch.entries[0].record.body == "first");
  CHECK(reading.batch.entries[1].record.body == "last");
  CHECK(reading.batch.entries[1].position == kFirst + 2);
  CHECK_FALSE(reading.batch.damaged.empty());
}

TEST_CASE("a row with more records than it says keeps to its own positions") {
  Row bad = row_of(4);
  bad.count = 2;
  bad.seal = seal_of(bad);
  const Reading reading = read(bad);
  CHECK(reading.last == kFirst + 1);
  REQUIRE(reading.batch.entries.size() == 2);
  CHECK(reading.batch.entries[1].position == kFirst + 1);
  CHECK(reading.batch.damaged.size() == 1);
}

TEST_CASE("two neighbours lost together leave the positions after them right") {
  Row bad = row_of(5);
  for (std::size_t at = kRecordBytes; at < 3 * kRecordBytes; ++at) bad.records[at] = '#';
  const Reading reading = read(bad);
  REQUIRE(reading.batch.entries.size() == 3);
  CHECK(reading.batch.entries[1].position == kFirst + 3);
  CHECK(reading.batch.entries[2].position == kFirst + 4);
  CHECK(reading.batch.damaged.size() == 2);
}

TEST_CASE("a row whose numbers are damaged is reported and its records keep their own partition") {
  Row bad = row_of(3);
  bad.partition = 3;
  bad.doubtful = true;
  const Reading reading = read(bad);
  REQUIRE(reading.batch.damaged.size() == 1);
  REQUIRE(reading.batch.entries.size() == 3);
  for (const Entry& entry : reading.batch.entries) CHECK(entry.partition == 2);
}

TEST_CASE("the seal tells of a change in any number of a row") {
  const Row good = row_of(3);
  CHECK(seal_of(good) == good.seal);
  for (int bit = 0; bit < 16; ++bit) {
    Row bad = good;
    bad.first ^= 1ULL << bit;
    CHECK(seal_of(bad) != bad.seal);
    bad = good;
    bad.partition = static_cast<Partition>(bad.partition ^ 1 << bit);
    CHECK(seal_of(bad) != bad.seal);
    bad = good;
    bad.count ^= 1U << bit;
    CHECK(seal_of(bad) != bad.seal);
    bad = good;
    bad.follows ^= 1ULL << bit;
    CHECK(seal_of(bad) != bad.seal);
  }
}

}  // namespace tocsin::journal::testing
