// Bytes that become values again, and bytes that are not what they claim to be.
#include <random>

#include "router/core/bodies.hpp"
#include "router/core/record.hpp"
#include "router/core/turn.hpp"
#include "tests/catch.hpp"
#include "tests/core/samples.hpp"

using namespace tocsin;

TEST_CASE("every body reads back as it was written") {
  CHECK(*decode_alerts(encode(samples::alerts_2())) == samples::alerts_2());
  CHECK(*decode_command(encode(samples::command_2())) == samples::command_2());
  CHECK(*decode_result(encode(samples::result())) == samples::result());
  for (const Control& control : samples::controls())
    CHECK(*decode_control(encode(control)) == control);
  CHECK(*decode_turn(encode(samples::turn_6())) == samples::turn_6());
  CHECK(*decode_command(encode(samples::command_reach())) == samples::command_reach());
  for (const AttemptResult& result : samples::results_reach())
    CHECK(*decode_result(encode(result)) == result);
}

TEST_CASE("the sample turn has every effect there is") {
  const Turn turn = samples::turn_6();
  std::vector<bool> seen(std::variant_size_v<Effect>);
  for (const Effect& effect : turn.effects) seen[effect.index()] = true;
  CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
}

TEST_CASE("a body that is cut off anywhere is refused") {
  const std::string whole = encode(samples::turn_6());
  for (std::size_t length = 0; length < whole.size(); ++length)
    REQUIRE_FALSE(decode_turn(std::string_view(whole).substr(0, length)));
}

TEST_CASE("a body with any byte changed is refused or read but never crashes") {
  std::mt19937 random(7);
  const std::string whole = encode(samples::turn_6());
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string changed = whole;
    changed[random() % changed.size()] = static_cast<char>(random());
    refused += !decode_turn(changed);
  }
  CHECK(refused > 0);
}

TEST_CASE("an effect that a newer version wrote is refused and not guessed at") {
  Turn turn = samples::turn_6();
  turn.effects = {effect::Ended{{{1, 2, 3}, 4}}};
  std::string bytes = encode(turn);
  const std::size_t at = bytes.rfind('\x82');  // the array of number and input
  bytes[at + 1] = 23;
  CHECK_FALSE(decode_turn(bytes));
}

TEST_CASE("a record reads back with its id and time and leaves what follows it") {
  const Record record{
      RecordKind::command, {0x1122334455667788, 15, 7}, WallTime(Duration(-5)), 3, "body"};
  const std::string bytes = encode(record) + "rest";
  std::string_view rest = bytes;
  CHECK(*decode_record(rest) == record);
  CHECK(rest == "rest");
}

TEST_CASE("one flipped bit anywhere in a record is noticed") {
  const std::string bytes =
      encode(Record{RecordKind::alerts, {1, 2, 3}, {}, 0, std::string(100, 'x')});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    std::string_view rest = flipped;
    REQUIRE_FALSE(decode_record(rest));
    REQUIRE(rest.size() == flipped.size());
  }
}
