#include "router/api/oncall_calendar.hpp"

#include <algorithm>

#include "router/core/digest.hpp"
#include "router/oncall/vacancy.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kUidBytes = 15;

std::string uid_of(const std::string& rota, const oncall::Shift& shift) {
  const std::string of = "shift\n" + rota + "\n" + shift.on_call.person + "\n" +
                         std::to_string(shift.from.time_since_epoch().count());
  return base32(sha256(of).data(), kUidBytes) + "@tocsin";
}

/// Those at the edges too are as they are, so that a shift is the same event at every look. Ends
/// that are out of sight stay so: WallTime::min() and max().
std::vector<oncall::Shift> whole_shifts(const OnCallView& view, const oncall::Rota& rota,
                                        WallTime now) {
  const auto roster = view.roster();
  auto shifts = oncall::shifts(roster, rota.name, now - kCalendarBack, now + kCalendarAhead);
  if (shifts.empty()) return shifts;
  shifts.front().from = oncall::whole_shift(roster, rota.name, shifts.front().from).from;
  shifts.back().until =
      oncall::whole_shift(roster, rota.name, shifts.back().until - Duration(1)).until;
  std::erase_if(shifts, [](const oncall::Shift& each) { return each.on_call.person.empty(); });
  return shifts;
}

CalendarEvent event_of(const oncall::Rota& rota, const oncall::Shift& shift, std::string summary,
                       WallTime now) {
  // What is out of sight is cut to whole days.
  const auto day = [](WallTime time) { return std::chrono::floor<std::chrono::days>(time); };
  return {uid_of(rota.name, shift),
          shift.from == WallTime::min() ? WallTime(day(now - kCalendarBack)) : shift.from,
          shift.until == WallTime::max() ? WallTime(day(now + kCalendarAhead)) : shift.until,
          std::move(summary), oncall::sentence(rota, shift)};
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
    calendar.events.push_back(
        event_of(rota, shift, shift.on_call.person + " on call (" + rota.name + ")", now));
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
        calendar.events.push_back(event_of(rota, shift, "On call: " + rota.name, now));
  }
  sort_and_cut(calendar.events);
  return calendar;
}

}  // namespace tocsin::api
