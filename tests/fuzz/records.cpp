// What the journal's records say, and the state that is made of them: bytes that may be damaged, or
// of another version. What can be read is written again, and read as the same.
#include "router/core/bodies.hpp"
#include "router/core/control.hpp"
#include "router/core/turn.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/configuration_codec.hpp"
#include "router/engine/state_codec.hpp"
#include "router/gameday/lever.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

template <class Decode>
void check(std::string_view bytes, Decode decode) {
  const auto read = decode(bytes);
  if (!read) {
    PROMISE(read.error().kind == ErrorKind::corrupt, read.error().message);
    return check_error_text(read.error().message);
  }
  const std::string written = encode(*read);
  const auto again = decode(written);
  PROMISE(again, again ? "" : again.error().message);
  PROMISE(*again == *read, "another value");
  PROMISE(encode(*again) == written, "other bytes");
}

/// Of what has no comparison: the second writing is as the first.
template <class Decode, class Encode>
void check_bytes(std::string_view bytes, Decode decode, Encode encode) {
  const auto read = decode(bytes);
  if (!read) {
    PROMISE(read.error().kind == ErrorKind::corrupt, read.error().message);
    return check_error_text(read.error().message);
  }
  const std::string written = encode(*read);
  const auto again = decode(written);
  PROMISE(again, again ? "" : again.error().message);
  PROMISE(encode(*again) == written, "other bytes");
}

enum Kind : char { alerts, command, result, control, turn, kinds };
constexpr const char* kBodies[] = {"body-alerts", "body-command", "body-result", "body-control",
                                   "body-turn"};

std::vector<std::string> record_seeds() {
  std::vector<std::string> all;
  for (char kind = 0; kind < kinds; ++kind)
    for (const std::string& name : goldens(kBodies[static_cast<int>(kind)]))
      all.push_back(std::string(1, kind) + golden(name));
  return all;
}

enum State : char { snapshot, carried, configuration, closed, states };

std::vector<std::string> state_seeds() {
  std::vector<std::string> all;
  for (const std::string& name : goldens("state"))
    all.push_back(std::string(1, snapshot) + golden(name));
  for (const std::string& name : goldens("body-carried")) {
    all.push_back(std::string(1, carried) + golden(name));
    if (const auto piece = engine::decode_carried(golden(name)); piece && piece->incident)
      all.push_back(std::string(1, closed) +
                    engine::encode_closed(*piece->incident, piece->alerts));
  }
  engine::Configuration one;
  one.policies["base"] = Policy{};
  one.default_policy = "base";
  one.integrations["prometheus"] = {};
  all.push_back(std::string(1, configuration) + engine::encode(one));
  return all;
}

}  // namespace

TOCSIN_FUZZ_TARGET(record, record_seeds) {
  Input in(input);
  const char kind = static_cast<char>(in.byte() % kinds);
  const std::string_view bytes = in.rest();
  switch (kind) {
    case alerts:
      return check(bytes, decode_alerts);
    case command:
      return check(bytes, decode_command);
    case result:
      return check(bytes, decode_result);
    case control:
      return check(bytes, decode_control);
    default:
      return check(bytes, decode_turn);
  }
}

TOCSIN_FUZZ_TARGET(state, state_seeds) {
  using namespace engine;
  Input in(input);
  const char kind = static_cast<char>(in.byte() % states);
  const std::string_view bytes = in.rest();
  switch (kind) {
    case snapshot:
      return check_bytes(bytes, decode_state,
                         [](const PartitionState& state) { return encode_state(state); });
    case carried:
      return check(bytes, decode_carried);
    case configuration:
      return check_bytes(bytes, decode_configuration,
                         [](const Configuration& each) { return encode(each); });
    default:
      return check_bytes(bytes, decode_closed, [](const Closed& each) {
        return encode_closed(each.incident, each.alerts);
      });
  }
}

}  // namespace tocsin::fuzz
