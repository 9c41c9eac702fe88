// Whose shift of a rotation it is, and when each hand-over is: integer arithmetic on dates and
// times of day. Which moments these are is the zone's to say (Zone::reached, Zone::moments).
//
//   start ─── every[0] ─── hand-over 1 ─── every[1] ─── hand-over 2 ─── every[0] ─── …
//        shift 0: people[0]           shift 1: people[1]           shift 2: people[2]
#pragma once

#include <optional>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

/// The number of the shift that has begun last when clocks have reached this, from 0; nothing
/// before the start. Where months stand beside other lengths they have 30 days.
std::optional<std::int64_t> shift_number(const Rotation& rotation, const At::Clocks& clocks);

/// When shift `number` begins: the start for 0. Numbers are not negative.
CivilTime hand_over(const Rotation& rotation, std::int64_t number);

/// The seconds that all its shifts have alike; 0 where they differ, or are counted in months.
std::int64_t even_length(const Rotation& rotation);

}  // namespace tocsin::oncall
