#include "router/oncall/reach.hpp"

#include <algorithm>
#include <cstdio>

namespace tocsin::oncall {
namespace {

/// Quiet hours that follow each other: a week of days, and a few more for those that overlap.
constexpr int kMostJoined = 32;

const Schedule* covering(const Person& person, WallTime at) {
  const auto found = std::find_if(person.quiet_hours.begin(), person.quiet_hours.end(),
                                  [&](const Schedule& quiet) { return quiet.covers(at); });
  return found == person.quiet_hours.end() ? nullptr : &*found;
}

bool is_meant_for(const Way& way, Severity severity) {
  return way.severities.empty() ||
         std::find(way.severities.begin(), way.severities.end(), severity) != way.severities.end();
}

// "07:00 Europe/Dublin", with its date if that is another day there.
std::string clock_of(const Zone& zone, WallTime time, WallTime now) {
  const CivilTime shown = zone.civil(time), today = zone.civil(now);
  char text[48];
  if (shown.year == today.year && shown.month == today.month && shown.day == today.day)
    std::snprintf(text, sizeof text, "%02d:%02d ", shown.hour, shown.minute);
  else
    std::snprintf(text, sizeof text, "%s %04lld-%02d-%02d %02d:%02d ",
                  std::string(to_string(shown.weekday())).c_str(),
                  static_cast<long long>(shown.year), shown.month, shown.day, shown.hour,
                  shown.minute);
  return text + zone.name();
}

// Each `held` for so long, and why.
std::vector<Due> ways(const Person& person, Severity severity, Duration held,
                      const std::string& why) {
  std::vector<Due> due;
  for (const Way& way : person.notify)
    if (is_meant_for(way, severity))
      due.push_back({{person.name, way.channel, way.address}, way.after + held, why});
  if (due.empty())
    for (Contact& contact : contacts_of(person)) due.push_back({std::move(contact), held, why});
  return due;
}

}  // namespace

std::optional<WallTime> quiet_until(const Person& person, WallTime at) {
  std::optional<WallTime> until;
  for (int joined = 0; joined < kMostJoined; ++joined) {
    const Schedule* const quiet = covering(person, until.value_or(at));
    if (!quiet) break;
    const auto ends = quiet->ends_at(until.value_or(at));
    if (!ends) return WallTime::max();
    until = ends;
  }
  return until;
}

std::vector<Due> ways_by_hand(const Person& person, Severity severity) {
  return ways(person, severity, {}, "");
}

std::vector<Due> ways_of(const Person& person, Severity severity, WallTime at) {
  Duration held{};
  std::string why;
  if (severity != Severity::critical)
    if (const auto until = quiet_until(person, at)) {
      if (*until == WallTime::max()) return {};
      held = *until - at;
      why = "in peace until " + clock_of(covering(person, at)->zone, *until, at);
    }
  return ways(person, severity, held, why);
}

std::vector<Contact> contacts_of(const Person& person) {
  std::vector<Contact> all;
  for (const auto* const ways : {&person.notify, &person.contacts})
    for (const Way& way : *ways) {
      Contact contact{person.name, way.channel, way.address};
      if (std::find(all.begin(), all.end(), contact) == all.end())
        all.push_back(std::move(contact));
    }
  return all;
}

}  // namespace tocsin::oncall
