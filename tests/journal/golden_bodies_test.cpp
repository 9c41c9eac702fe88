// What the records say, byte for byte: the bodies of every input and of a turn with every effect.
#include "router/core/bodies.hpp"
#include "router/core/turn.hpp"
#include "tests/catch.hpp"
#include "tests/core/samples.hpp"
#include "tests/journal/golden.hpp"

namespace tocsin::testing {

TEST_CASE("every body is written and read as its golden file says") {
  check_golden("body-alerts-2", encode(samples::alerts_2()));
  check_golden("body-command-2", encode(samples::command_2()));
  check_golden("body-result", encode(samples::result()));
  check_golden("body-turn-2", encode(samples::turn_2()));
  check_golden("body-turn-3", encode(samples::turn_3()));
  check_golden("body-turn-4", encode(samples::turn_4()));
  check_golden("body-turn-5", encode(samples::turn_5()));
  check_golden("body-turn-6", encode(samples::turn_6()));
  check_golden("body-command-3", encode(samples::command_3()));
  check_golden("body-turn-7", encode(samples::turn_7()));
  check_golden("body-command-4", encode(samples::command_4()));
  check_golden("body-command-5", encode(samples::command_5()));
  for (std::size_t i = 0; i < samples::results_2().size(); ++i) {
    const std::string name = "body-result-2-" + std::to_string(i);
    check_golden(name, encode(samples::results_2()[i]));
    CHECK(*decode_result(golden_bytes(name)) == samples::results_2()[i]);
  }
  CHECK(*decode_turn(golden_bytes("body-turn-7")) == samples::turn_7());
  CHECK(*decode_command(golden_bytes("body-command-4")) == samples::command_4());
  CHECK(*decode_command(golden_bytes("body-command-5")) == samples::command_5());
  check_golden("body-turn-8", encode(samples::turn_8()));
  CHECK(*decode_turn(golden_bytes("body-turn-8")) == samples::turn_8());
  CHECK(*decode_alerts(golden_bytes("body-alerts-2")) == samples::alerts_2());
  CHECK(*decode_command(golden_bytes("body-command-2")) == samples::command_2());
  CHECK(*decode_result(golden_bytes("body-result")) == samples::result());
  CHECK(*decode_turn(golden_bytes("body-turn-2")) == samples::turn_2());
  CHECK(*decode_turn(golden_bytes("body-turn-3")) == samples::turn_3());
  CHECK(*decode_turn(golden_bytes("body-turn-4")) == samples::turn_4());
  CHECK(*decode_turn(golden_bytes("body-turn-5")) == samples::turn_5());
  CHECK(*decode_turn(golden_bytes("body-turn-6")) == samples::turn_6());
  CHECK(*decode_command(golden_bytes("body-command-3")) == samples::command_3());
  for (const Control& control : samples::controls()) {
    const std::string name = "body-control-" + std::to_string(control.index());
    check_golden(name, encode(control));
    CHECK(*decode_control(golden_bytes(name)) == control);
  }
}

TEST_CASE("what the first version wrote is read") {
  CHECK(*decode_alerts(golden_bytes("body-alerts")) == samples::alerts());
  CHECK(*decode_command(golden_bytes("body-command")) == samples::command());
  CHECK(*decode_turn(golden_bytes("body-turn")) == samples::turn());
}

}  // namespace tocsin::testing
