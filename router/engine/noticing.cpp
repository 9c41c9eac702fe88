#include "router/engine/noticing.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "router/engine/retry.hpp"
#include "router/oncall/reach.hpp"
#include "router/oncall/vacancy.hpp"

namespace tocsin::engine {
namespace {

using oncall::Rota;
using oncall::Shift;

/// By person: when they are on call.
using Periods = std::map<std::string, std::vector<Period>>;

std::string stamp(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

std::vector<Contact> contacts_of(const oncall::Person& person,
                                 const std::vector<oncall::Way>& ways) {
  std::vector<Contact> contacts;
  for (const oncall::Way& way : ways)
    if (const Contact contact{person.name, way.channel, way.address};
        std::find(contacts.begin(), contacts.end(), contact) == contacts.end())
      contacts.push_back(contact);
  return contacts;
}

Periods periods_of(const oncall::Roster& roster, const std::string& rota, WallTime from,
                   WallTime until) {
  Periods all;
  if (from >= until) return all;
  for (const Shift& shift : oncall::shifts(roster, rota, from, until)) {
    if (shift.on_call.person.empty()) continue;
    std::vector<Period>& theirs = all[shift.on_call.person];
    if (!theirs.empty() && theirs.back().until == shift.from)
      theirs.back().until = shift.until;
    else
      theirs.push_back({shift.from, shift.until});
  }
  return all;
}

// Those who are on call by this roster while the override holds or was to hold, and were or will be
// displaced by it: the first time of each that does not begin at once.
template <class Tell>
void each_displaced(const oncall::Roster& roster, const control::RotaOverride& made, WallTime from,
                    WallTime changed, Tell tell) {
  for (const auto& [person, periods] : periods_of(roster, made.rota, from, made.until)) {
    if (person == made.person) continue;
    const auto later = std::find_if(periods.begin(), periods.end(), [&](const Period& period) {
      return period.from > changed + kAtOnce;
    });
    if (later != periods.end()) tell(person, *later);
  }
}

}  // namespace

void Noticing::add(effect::Noticed noticed, const std::vector<Contact>& contacts, MessageKind kind,
                   Duration after) {
  if (contacts.empty() || state_.notices.contains(noticed.notice)) return;
  for (const Contact& contact : contacts)
    noticed.messages.push_back(
        {make_message_id(as_incident(noticed.notice), 0, kind, false, 0, 0, contact), kind, contact,
         after});
  effects_.emplace_back(std::move(noticed));
}

void Noticing::tell(const NoticeId& id, const Rota& rota, const std::string& name,
                    const NoticeWords& words) {
  const auto found = configuration_.directory.people.find(name);
  if (found == configuration_.directory.people.end() || !found->second.notices) return;
  const oncall::Person& person = found->second;
  // None of it is worth waking anybody.
  Duration held{};
  if (const auto until = oncall::quiet_until(person, now_)) {
    if (*until >= now_ + kNoticeKept - kNoticeUseful) return;
    held = *until - now_;
  }
  std::vector<Contact> contacts;
  for (oncall::Due& due : oncall::ways_by_hand(person, Severity::info))
    contacts.push_back(std::move(due.contact));
  add({id, rota.name, words.title, words.text, rota.team, held + kNoticeUseful, {}}, contacts,
      MessageKind::on_call, held);
}

void Noticing::tell_room(const NoticeId& id, const Rota& rota, const std::string& channel,
                         const NoticeWords& words) {
  add({id, rota.name, words.title, words.text, rota.team, kNoticeUseful, {}}, {{"", channel, ""}},
      MessageKind::on_call);
}

void Noticing::hand_over(const Rota& rota, const std::string& before) {
  const Shift shift = oncall::whole_shift(roster(), rota.name, now_);
  const std::string& person = shift.on_call.person;
  if (person == before) return;
  if (!person.empty())
    tell(make_notice_id({"comes on", rota.name, person, stamp(shift.from)}), rota, person,
         comes_on(rota, shift, before));
  if (!before.empty())
    tell(make_notice_id({"goes off", rota.name, before, stamp(shift.from)}), rota, before,
         goes_off(rota, shift));
}

void Noticing::gaps(const Rota& rota, Duration ahead) {
  for (const oncall::Vacancy& each : oncall::vacancies(roster(), rota, now_, now_ + ahead))
    if (each.unmeant_from) gap(rota, *each.unmeant_from);
}

// `from` may be now, where it began before.
void Noticing::gap(const Rota& rota, WallTime from) {
  const Shift whole = oncall::whole_shift(roster(), rota.name, from);
  const bool has_beginning = whole.from != WallTime::min();
  const WallTime began =
      has_beginning ? oncall::first_in_hours(rota, whole.from, from).value_or(from) : whole.from;
  const NoticeWords words = nobody_is(rota, {began, whole.until}, now_);
  const auto id_for = [&](const std::string& whom) {
    return make_notice_id({"nobody", rota.name, stamp(began), whom});
  };
  const auto channel = configuration_.team_channels.find(rota.team);
  if (channel != configuration_.team_channels.end() &&
      configuration_.directory.channels.contains(channel->second))
    return tell_room(id_for(channel->second), rota, channel->second, words);
  const auto policy = configuration_.policies.find(configuration_.default_policy);
  if (policy == configuration_.policies.end()) return;
  // The first step that has somebody: the rota may be the default policy's own.
  bool told = false;
  for (const Step& step : policy->second.steps) {
    for (const Target& target : step.page) {
      if (target.kind == Target::Kind::channel)
        tell_room(id_for(target.name), rota, target.name, words);
      const std::string person = target.kind == Target::Kind::person ? target.name
                                 : target.kind == Target::Kind::rota
                                     ? oncall::on_call(roster(), target.name, now_).person
                                     : std::string();
      told = told || target.kind == Target::Kind::channel || !person.empty();
      if (!person.empty()) tell(id_for(person), rota, person, words);
    }
    if (told) return;
  }
}

// As the rota was when it was made.
oncall::Overrides Noticing::made_before(const control::RotaOverride& made) const {
  oncall::Overrides all;
  const auto found = state_.facts.overrides.find(made.rota);
  if (found == state_.facts.overrides.end()) return all;
  for (const oncall::Override& each : found->second)
    if (state_.facts.made_overrides.at(each.id).said.made < made.made)
      all[made.rota].push_back(each);
  return all;
}

void Noticing::made(const Rota& rota, const control::RotaOverride& made) {
  if (made.from > made.made_at + kAtOnce && made.by != made.person)
    tell(make_notice_id({"put on", made.id.text}), rota, made.person, put_on(rota, made));
  const oncall::Overrides before = made_before(made);
  each_displaced({configuration_.rotas, configuration_.directory, before}, made,
                 std::max(made.from, now_), made.made_at,
                 [&](const std::string& person, const Period& period) {
                   if (person != made.by)
                     tell(make_notice_id({"replaced", made.id.text, person}), rota, person,
                          replaced(rota, made, period));
                 });
}

void Noticing::ended(const Rota& rota, const control::RotaOverride& made) {
  if (made.from > *made.ended_at + kAtOnce && made.ended_by != made.person)
    tell(make_notice_id({"not put on", made.id.text}), rota, made.person, not_put_on(rota, made));
  each_displaced(roster(), made, std::max(made.from, now_), *made.ended_at,
                 [&](const std::string& person, const Period& period) {
                   if (person != made.ended_by)
                     tell(make_notice_id({"not replaced", made.id.text, person}), rota, person,
                          not_replaced(rota, made, period));
                 });
}

void Noticing::overridden(const Rota& rota, const control::RotaOverride& override) {
  if (override.ended_at)
    ended(rota, override);
  else
    made(rota, override);
}

void Noticing::rearranged(const Rota& rota, const Configuration& before, Duration ahead) {
  const oncall::Roster then{before.rotas, before.directory, state_.facts.overrides};
  const Periods old = periods_of(then, rota.name, now_, now_ + ahead);
  const Periods fresh = periods_of(roster(), rota.name, now_, now_ + ahead);
  std::set<std::string> people;
  for (const auto& each : old) people.insert(each.first);
  for (const auto& each : fresh) people.insert(each.first);
  for (const std::string& person : people) {
    const auto of = [&](const Periods& all) {
      const auto found = all.find(person);
      return found == all.end() ? std::vector<Period>() : found->second;
    };
    const std::vector<Period> was = of(old), is = of(fresh);
    if (was != is)
      // What was changed and changed back may be changed again: it is another change.
      tell(make_notice_id({"rearranged", rota.name, person, configuration_.hash, stamp(now_)}),
           rota, person, engine::rearranged(rota, was, is));
  }
}

void Noticing::test(const control::ContactTest& asked) {
  const auto found = configuration_.directory.people.find(asked.person);
  if (found == configuration_.directory.people.end()) return;
  const oncall::Person& person = found->second;
  const NoticeWords words = contact_test(asked);
  // All of them, and not only those that pages go to.
  add({asked.id, asked.person, words.title, words.text, "", kContactTestLife, {}},
      contacts_of(person, person.contacts.empty() ? person.notify : person.contacts),
      MessageKind::contact_test);
}

}  // namespace tocsin::engine
