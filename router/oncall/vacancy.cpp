#include "router/oncall/vacancy.hpp"

#include <algorithm>

namespace tocsin::oncall {
namespace {

bool is_in_hours(const Layer& layer, WallTime at) {
  return layer.only.empty() || std::any_of(layer.only.begin(), layer.only.end(),
                                           [&](const Schedule& only) { return only.covers(at); });
}

// The first moment of a time at which this layer has somebody, if it has them in it.
std::optional<WallTime> begins(const Layer& layer, WallTime from, WallTime until) {
  if (is_in_hours(layer, from)) return from;
  std::optional<WallTime> first;
  for (const Schedule& only : layer.only)
    if (const auto start = only.next_start(from); start && *start < until)
      first = std::min(first.value_or(*start), *start);
  return first;
}

}  // namespace

bool is_in_hours(const Rota& rota, WallTime at) {
  return std::any_of(rota.layers.begin(), rota.layers.end(),
                     [&](const Layer& layer) { return is_in_hours(layer, at); });
}

std::optional<WallTime> first_in_hours(const Rota& rota, WallTime from, WallTime until) {
  std::optional<WallTime> first;
  for (const Layer& layer : rota.layers)
    if (const auto start = begins(layer, from, until))
      first = std::min(first.value_or(*start), *start);
  return first;
}

Shift whole_shift(const Roster& roster, std::string_view rota, WallTime at) {
  Shift shift = shift_at(roster, rota, at, kOutOfSight);
  if (shift.from <= at - kOutOfSight) shift.from = WallTime::min();
  if (shift.until >= at + kOutOfSight) shift.until = WallTime::max();
  return shift;
}

std::vector<Vacancy> vacancies(const Roster& roster, const Rota& rota, WallTime from,
                               WallTime until) {
  std::vector<Vacancy> found;
  for (const Shift& shift : shifts(roster, rota.name, from, until))
    if (shift.on_call.person.empty())
      found.push_back({shift.from, shift.until, first_in_hours(rota, shift.from, shift.until)});
  return found;
}

}  // namespace tocsin::oncall
