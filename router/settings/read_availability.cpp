// When a person is not to be reached, or not so often: leave, quiet hours, a limit.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_leave(const Value& value, const Zone* zone, oncall::Person& person, Draft& draft) {
  const auto entries = value.list();
  if (entries.size() > kMostLeaves)
    return value.fault("more than " + std::to_string(kMostLeaves) +
                       " of them; remove those that are over");
  for (const Value& entry : entries) {
    const auto section = Section::open(entry, kLeave);
    if (!section) continue;
    const auto period = read_period(*section, zone, "say when it begins", "say when they are back");
    const auto why = section->find("why");
    const std::string words = why ? read_why(*why) : "";
    if (!period) continue;
    person.leave.push_back({period->from, period->until, words});
    draft.leave_places[person.name].push_back(entry.place());
  }
}

void read_quiet_hours(const Value& value, const Zone* zone, oncall::Person& person) {
  if (!zone)
    return value.fault(
        "in whose time? write time_zone: beside the person's name, e.g. time_zone: Europe/Dublin");
  person.quiet_hours = read_schedules(value, kQuietHours, *zone);
  for (const Schedule& schedule : person.quiet_hours)
    if (schedule.is_unbroken())
      return value.fault("they would never end; give them hours or fewer days");
}

void read_limit(const Value& value, oncall::Person& person) {
  if (value.node().kind == Node::Kind::scalar) {
    const auto word = value.word();
    if (word && *word != "none")
      value.fault(shown(*word) + " is no limit; write e.g. {pages: 10, per: 1h}, or none");
    person.limit = oncall::kNoLimit;
    return;
  }
  const auto section = Section::open(value, kPageLimit);
  if (!section) return;
  const auto pages = section->require("pages", "write e.g. {pages: 10, per: 1h}"),
             per = section->require("per", "write e.g. {pages: 10, per: 1h}");
  const auto count = pages ? pages->count(1, kMostPages) : std::nullopt;
  const auto length = per ? per->duration(kLeastPagesPer, kMostPagesPer) : std::nullopt;
  if (count && length) person.limit = {*count, *length};
}

}  // namespace

void read_availability(const Section& section, oncall::Person& person, Draft& draft) {
  const auto written = section.find("time_zone");
  if (written)
    if (auto zone = read_zone(*written)) person.time_zone = std::move(*zone);
  // One that is wrong is told already: its times are read as if they were in some zone.
  const Zone* const zone = written ? &person.time_zone : nullptr;
  if (const auto leave = section.find("leave")) read_leave(*leave, zone, person, draft);
  if (const auto quiet = section.find("quiet_hours")) read_quiet_hours(*quiet, zone, person);
  if (const auto limit = section.find("limit")) read_limit(*limit, person);
  if (const auto notices = section.find("notices"))
    person.notices = notices->boolean().value_or(person.notices);
}

}  // namespace tocsin::settings
