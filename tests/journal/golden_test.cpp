// The envelope of every kind of record, byte for byte: a journal written today must be readable for
// ever.
#include "tests/journal/golden.hpp"

#include "router/core/record.hpp"
#include "tests/catch.hpp"

namespace tocsin::testing {
namespace {

Record example_of(RecordKind kind) {
  Record record;
  record.kind = kind;
  record.id = {0x0123456789abcdef, 0x1002, 0x1122334455667788};
  record.accepted_at = parse_rfc3339("2026-11-22T01:52:43.604005Z").value();
  record.flags = 0x81;
  record.body = "a body of kind " + std::string(to_string(kind)) + std::string("\0\xff", 2);
  return record;
}

}  // namespace

TEST_CASE("every kind of record is written and read as its golden file says") {
  for (const RecordKind kind : {RecordKind::alerts, RecordKind::command, RecordKind::result,
                                RecordKind::control, RecordKind::turn, RecordKind::carried}) {
    const Record record = example_of(kind);
    const std::string name = "envelope-" + std::string(to_string(kind));
    check_golden(name, encode(record));
    const std::string stored = golden_bytes(name);
    std::string_view bytes = stored;
    const Result<Record> read = decode_record(bytes);
    REQUIRE(read);
    CHECK(*read == record);
    CHECK(bytes.empty());
  }
}

TEST_CASE("a record with any one bit flipped is refused") {
  const std::string good = golden_bytes("envelope-alerts");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    std::string_view bytes = bad;
    REQUIRE_FALSE(decode_record(bytes));
    REQUIRE(bytes.size() == bad.size());
  }
}

TEST_CASE("a record cut off anywhere is refused") {
  const std::string good = golden_bytes("envelope-turn");
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::string_view bytes = std::string_view(good).substr(0, size);
    REQUIRE_FALSE(decode_record(bytes));
  }
}

}  // namespace tocsin::testing
