#include "router/ingest/front_door/refusal.hpp"

#include <array>

namespace tocsin::front_door {

std::string_view name_of(Reason reason) {
  static constexpr std::array<std::string_view, kReasons> kNames = {
      "bad_head",       "head_too_large", "bad_body",   "body_too_large",   "unsupported",
      "too_slow",       "address_busy",   "overloaded", "connections_full", "no_route",
      "handler_failed", "answer_late",    "slow_reader"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace tocsin::front_door
