// What a Kafka message holds, and how records in it are numbered.
#include "connectors/journals/kafka_frame.hpp"

#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

const Stamp kOurs = 77;
const MessagePlace kPlace{"tocsin", 3, 4, kOurs};

std::vector<Record> three() {
  return {record_of(3, 1, "one"), record_of(3, 2, "two"), record_of(3, 3, "three")};
}

}  // namespace

TEST_CASE("the last record of every message has a round position and the others come before") {
  Cursor cursor(4);
  Batch batch;
  unpack({0, records_frame(kOurs, three())}, kPlace, cursor, batch);
  unpack({1, records_frame(kOurs, {record_of(3, 4, "four")})}, kPlace, cursor, batch);
  REQUIRE(batch.entries.size() == 4);
  CHECK(batch.entries[0].position == 1022);
  CHECK(batch.entries[1].position == 1023);
  CHECK(batch.entries[2].position == 1024);
  CHECK(batch.entries[3].position == 2048);
  CHECK(cursor[3] == 2048);
  CHECK(batch.entries[1].record == three()[1]);
}

TEST_CASE("the largest message fits between its neighbours") {
  std::vector<Record> many;
  for (std::uint64_t i = 1; i <= kMostRecordsInMessage; ++i)
    many.push_back(record_of(3, i, std::to_string(i)));
  Cursor cursor(4);
  Batch batch;
  unpack({5, records_frame(kOurs, many)}, kPlace, cursor, batch);
  REQUIRE(batch.entries.size() == many.size());
  CHECK(batch.entries.front().position == last_position_of(4) + 1);
  CHECK(batch.entries.back().position == last_position_of(5));
}

TEST_CASE("a cursor in the middle of a message gets the rest of it") {
  Cursor cursor(4);
  cursor[3] = 9 * kMostRecordsInMessage + 1022;
  CHECK(offset_after(cursor[3]) == 9);
  Batch batch;
  unpack({9, records_frame(kOurs, three())}, kPlace, cursor, batch);
  REQUIRE(batch.entries.size() == 2);
  CHECK(batch.entries[0].record.body == "two");
  CHECK(offset_after(cursor[3]) == 10);
}

TEST_CASE("an identity is no record and no damage") {
  Cursor cursor(4);
  Batch batch;
  unpack({0, identity_frame(kOurs)}, kPlace, cursor, batch);
  unpack({1, identity_frame(123)}, kPlace, cursor, batch);
  CHECK(batch.entries.empty());
  CHECK(batch.damaged.empty());
  CHECK(cursor[3] == last_position_of(1));
}

TEST_CASE("every byte of a message that changes is noticed or changes nothing that is read") {
  const std::string good = records_frame(kOurs, three());
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x41);
    Cursor cursor(4);
    Batch batch;
    unpack({0, bad}, kPlace, cursor, batch);
    INFO("byte " << at);
    // The kind of an identity differs by one bit from that of records; no byte of records is it.
    CHECK_FALSE(batch.damaged.empty());
    for (const Entry& entry : batch.entries)
      CHECK(entry.record == three()[entry.record.id.sequence - 1]);
    CHECK(cursor[3] == last_position_of(0));
  }
}

TEST_CASE("a message cut off anywhere is damage and what is whole of it is kept") {
  const std::string good = records_frame(kOurs, three());
  for (std::size_t size = 0; size < good.size(); ++size) {
    Cursor cursor(4);
    Batch batch;
    unpack({0, good.substr(0, size)}, kPlace, cursor, batch);
    INFO("size " << size);
    CHECK_FALSE(batch.damaged.empty());
    CHECK(batch.entries.size() == (size < 16 + 43 ? 0u : size < 16 + 86 ? 1u : 2u));
  }
}

}  // namespace tocsin::journal::testing
