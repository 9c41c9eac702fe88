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
  CHECK(*decode_alerts(encode(samples::alerts_3())) == samples::alerts_3());
  CHECK(*decode_command(encode(samples::command_2())) == samples::command_2());
  CHECK(*decode_command(encode(samples::command_3())) == samples::command_3());
  CHECK(*decode_result(encode(samples::result())) == samples::result());
  for (const Control& control : samples::controls())
    CHECK(*decode_control(encode(control)) == control);
  CHECK(*decode_turn(encode(samples::turn_7())) == samples::turn_7());
  CHECK(*decode_command(encode(samples::command_4())) == samples::command_4());
  CHECK(*decode_command(encode(samples::command_5())) == samples::command_5());
  CHECK(*decode_turn(encode(samples::turn_8())) == samples::turn_8());
  for (const AttemptResult& result : samples::results_2())
    CHECK(*decode_result(encode(result)) == result);
}

TEST_CASE("a turn's inputs beyond the first that is undecided take room only where there are any") {
  Turn turn = samples::turn_6();
  const std::string without = encode(turn);
  turn.inputs_beyond = {{"prometheus", 7}, {"", 1'000'000'007}};
  const std::string with = encode(turn);
  CHECK(*decode_turn(with) == turn);
  CHECK(with.size() == without.size() + 1 + 13 + 7);
  for (std::size_t length = 0; length < with.size(); ++length)
    REQUIRE_FALSE(decode_turn(std::string_view(with).substr(0, length)));
}

TEST_CASE("the sample turn has every effect there is") {
  const Turn turn = samples::turn_8();
  std::vector<bool> seen(std::variant_size_v<Effect>);
  for (const Effect& effect : turn.effects) seen[effect.index()] = true;
  CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
}

TEST_CASE("a body that is cut off anywhere is refused") {
  const std::string whole = encode(samples::turn_8());
  for (std::size_t length = 0; length < whole.size(); ++length)
    REQUIRE_FALSE(decode_turn(std::string_view(whole).substr(0, length)));
}

TEST_CASE("a body with any byte changed is refused or read but never crashes") {
  std::mt19937 random(7);
  const std::string whole = encode(samples::turn_8());
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
  turn.effects = {effect::Unqueued{{"7zq4m2k9w1x3c5v8"}, "ada is there"}};
  std::string bytes = encode(turn);
  REQUIRE(decode_turn(bytes));
  const std::size_t at = bytes.rfind("\x18\x1b");  // its number in the variant
  REQUIRE(at != std::string::npos);
  bytes[at + 1] = '\xff';
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
