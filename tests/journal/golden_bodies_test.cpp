// What the records say, byte for byte: the bodies of every input and of a turn with every effect.
#include "router/core/bodies.hpp"
#include "router/core/turn.hpp"
#include "tests/catch.hpp"
#include "tests/core/samples.hpp"
#include "tests/journal/golden.hpp"

namespace tocsin::testing {

TEST_CASE("every body is written and read as its golden file says") {
  check_golden("body-alerts", encode(samples::alerts()));
  check_golden("body-command", encode(samples::command()));
  check_golden("body-result", encode(samples::result()));
  check_golden("body-turn", encode(samples::turn()));
  CHECK(*decode_alerts(golden_bytes("body-alerts")) == samples::alerts());
  CHECK(*decode_command(golden_bytes("body-command")) == samples::command());
  CHECK(*decode_result(golden_bytes("body-result")) == samples::result());
  CHECK(*decode_turn(golden_bytes("body-turn")) == samples::turn());
}

}  // namespace tocsin::testing
