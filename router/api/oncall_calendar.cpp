#include "router/api/oncall_calendar.hpp"

#include <algorithm>

#include "router/core/digest.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kUidBytes = 15;

std::string uid_of(const std::string& rota, const oncall::Shift& shift) {
  const std::string of = "shift\n" + rota + "\n" + shift.on_call.person + "\n" +
                         std::to_string(shift.from.time_since_epoch().count());
  return base32(sha256(of).data(), kUidBytes) + "@tocsin";
}

/// Those at the edges too are as they are, so that a shift is the same event at every look.
std::vector<oncall::Shift> whole_shifts(const OnCallView& view, const oncall::Rota& rota,
                                        WallTime now) {
  const auto roster = view.roster();
  auto shifts = oncall::shifts(roster, rota.name, now - kCalendarBack, now + kCalendarAhead);
  if (shifts.empty()) return shifts;
  shifts.front().from = oncall::shift_at(roster, rota.name, shifts.front().from).from;
  if (shifts.back().until == now + kCalendarAhead)
    shifts.back().until = oncall::shift_at(roster, rota.name, shifts.back().from).until;
  std::erase_if(shifts, [](const oncall::Shift& each) { return each.on_call.person.empty(); });
  return shifts;
}

bool takes_part(const OnCallView& view, const oncall::Rota& rota, const std::string& person) {
  const auto is_theirs = [&](const oncall::Override& each) { return each.person == person; };
  const auto made = view.overrides.find(rota.name);
  return std::any_of(rota.layers.begin(), rota.layers.end(),
                     [&](const oncall::Layer& layer) {
                       return std::find(layer.people.begin(), layer.people.end(), person) !=
                              layer.people.end();
                     }) ||
         std::any_of(rota.overrides.begin(), rota.overrides.end(), is_theirs) ||
         (made != view.overrides.end() &&
          std::any_of(made->second.begin(), made->second.end(), is_theirs));
}

void sort_and_cut(std::vector<CalendarEvent>& events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& one, const auto& other) { return one.from < other.from; });
  if (events.size() > kMostCalendarEvents) events.resize(kMostCalendarEvents);
}

}  // namespace

Calendar calendar_of_rota(const OnCallView& view, const oncall::Rota& rota, WallTime now) {
  Calendar calendar{"on call: " + rota.name, rota.time_zone.name(), {}};
  for (const oncall::Shift& shift : whole_shifts(view, rota, now))
    calendar.events.push_back({uid_of(rota.name, shift), shift.from, shift.until,
                               shift.on_call.person + " on call (" + rota.name + ")",
                               oncall::sentence(rota, shift)});
  sort_and_cut(calendar.events);
  return calendar;
}

Calendar calendar_of_person(const OnCallView& view, const oncall::Person& person, WallTime now) {
  Calendar calendar{person.name + " on call", person.time_zone.name(), {}};
  for (const auto& each : view.configuration->rotas) {
    const oncall::Rota& rota = each.second;
    if (!takes_part(view, rota, person.name)) continue;
    for (const oncall::Shift& shift : whole_shifts(view, rota, now))
      if (shift.on_call.person == person.name)
        calendar.events.push_back({uid_of(rota.name, shift), shift.from, shift.until,
                                   "On call: " + rota.name, oncall::sentence(rota, shift)});
  }
  sort_and_cut(calendar.events);
  return calendar;
}

}  // namespace tocsin::api
