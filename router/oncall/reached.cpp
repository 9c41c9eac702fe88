#include "router/oncall/reached.hpp"

#include <algorithm>

#include "router/oncall/hours.hpp"

namespace tocsin::oncall {
namespace {

/// A rota with more changes than so many lists of kMostShifts has nobody after them.
constexpr int kMostLists = 10;

const Person* find(const Directory& directory, const std::string& name) {
  const auto found = directory.people.find(name);
  return found == directory.people.end() ? nullptr : &found->second;
}

bool is_for(const Way& way, Severity severity) {
  return way.severities.empty() ||
         std::find(way.severities.begin(), way.severities.end(), severity) != way.severities.end();
}

/// The first of a list in order that ends after a moment.
template <typename List>
auto first_after(const List& list, WallTime time) {
  return std::partition_point(list.begin(), list.end(),
                              [&](const auto& each) { return each.until <= time; });
}

}  // namespace

bool Reach::works(const Person& person, const Way& way) {
  const auto key = std::make_tuple(std::string_view(person.name), std::string_view(way.channel),
                                   std::string_view(way.address));
  const auto known = works_known_.find(key);
  if (known != works_known_.end()) return known->second;
  return works_known_.emplace(key, works_(person.name, way.channel, way.address)).first->second;
}

bool Reach::has_contact(const Person& person, Severity severity) {
  const bool meant = std::any_of(person.notify.begin(), person.notify.end(),
                                 [&](const Way& way) { return is_for(way, severity); });
  if (meant)
    return std::any_of(person.notify.begin(), person.notify.end(),
                       [&](const Way& way) { return is_for(way, severity) && works(person, way); });
  // None is meant for it: every contact is told, as oncall::ways_of() has it.
  const auto any = [&](const std::vector<Way>& ways) {
    return std::any_of(ways.begin(), ways.end(),
                       [&](const Way& way) { return works(person, way); });
  };
  return any(person.notify) || any(person.contacts);
}

const Spans& Reach::within_hours(const std::vector<Schedule>& hours) {
  const auto known = hours_.find(&hours);
  if (known != hours_.end()) return known->second;
  Spans found;
  for (WallTime time = time_.from; time < time_.until;) {
    At at(time);
    const bool holds = within(hours, at);
    const WallTime change = std::min(change_after(hours, time, holds), time_.until);
    if (holds) append(found, {time, change});
    time = change;
  }
  return hours_.emplace(&hours, std::move(found)).first->second;
}

void Reach::add(const Person& person, const Span& span, Severity severity, Reached& reached) {
  append(reached.somebody, span);
  if (!has_contact(person, severity)) return;
  append(reached.contact, span);
  if (severity == Severity::critical || person.quiet_hours.empty()) {
    append(reached.at_once, span);
    return;
  }
  const Spans& quiet = within_hours(person.quiet_hours);
  WallTime from = span.from;
  for (auto each = first_after(quiet, from); each != quiet.end() && each->from < span.until;
       ++each) {
    append(reached.at_once, {from, each->from});
    from = each->until;
  }
  append(reached.at_once, {from, span.until});
}

const std::vector<Shift>& Reach::shifts_of(const std::string& rota) {
  auto known = shifts_.find(rota);
  if (known != shifts_.end()) return known->second;
  std::vector<Shift> all;
  for (int list = 0; list < kMostLists; ++list) {
    const WallTime from = all.empty() ? time_.from : all.back().until;
    std::vector<Shift> more = shifts(roster_, rota, from, time_.until);
    if (more.empty()) break;
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  }
  return shifts_.emplace(rota, std::move(all)).first->second;
}

const Reached& Reach::of(const Target& target, Severity severity) {
  const auto key = std::make_tuple(target.kind, target.name, severity);
  const auto known = reached_.find(key);
  if (known != reached_.end()) return known->second;
  Reached reached;
  if (target.kind == Target::Kind::person) {
    if (const Person* person = find(roster_.people, target.name))
      add(*person, time_, severity, reached);
  } else if (target.kind == Target::Kind::rota) {
    for (const Shift& shift : shifts_of(target.name))
      if (const Person* person = find(roster_.people, shift.on_call.person))
        add(*person, {shift.from, shift.until}, severity, reached);
  }
  return reached_.emplace(key, std::move(reached)).first->second;
}

void Reach::add_people(const Target& target, const Span& span, std::vector<std::string>& people) {
  const auto note = [&](const std::string& name) {
    if (find(roster_.people, name) && std::find(people.begin(), people.end(), name) == people.end())
      people.push_back(name);
  };
  if (target.kind == Target::Kind::person) note(target.name);
  if (target.kind != Target::Kind::rota) return;
  const std::vector<Shift>& all = shifts_of(target.name);
  for (auto each = first_after(all, span.from); each != all.end() && each->from < span.until;
       ++each)
    note(each->on_call.person);
}

}  // namespace tocsin::oncall
