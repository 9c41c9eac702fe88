#include "router/oncall/rota.hpp"

#include "router/oncall/answer.hpp"
#include "router/oncall/hours.hpp"
#include "router/oncall/rotation.hpp"

namespace tocsin::oncall {
namespace {

const Person* find(const Directory& people, const std::string& name) {
  const auto found = people.people.find(name);
  return found == people.people.end() ? nullptr : &found->second;
}

/// The last one that holds, of somebody who exists.
const Override* override_at(std::span<const Override> overrides, const Directory& people,
                            WallTime time) {
  for (auto each = overrides.rbegin(); each != overrides.rend(); ++each)
    if (each->from <= time && time < each->until && find(people, each->person)) return &*each;
  return nullptr;
}

/// Whoever's turn it is, or the next who is not away. Nobody, if there is none.
OnCall by_layer(const Rota& rota, std::size_t number, const Directory& people, At& at) {
  const Layer& layer = rota.layers[number];
  if (layer.people.empty() || !within(layer.only, at)) return {};
  const auto shift = shift_number(layer.rotation, at.clocks(zone_of(rota, layer)));
  if (!shift) return {};
  const std::size_t count = layer.people.size();
  const std::size_t turn = static_cast<std::size_t>(*shift) % count;
  const std::string& scheduled = layer.people[turn];
  const Person* person = find(people, scheduled);
  if (!person) return {};
  const Leave* away = leave_at(*person, at.time());
  if (!away) return {scheduled, {Source::Kind::layer, number, {}, {}}};
  for (std::size_t further = 1; further < count; ++further) {
    const std::string& next = layer.people[(turn + further) % count];
    if (next == scheduled) continue;
    const Person* cover = find(people, next);
    if (cover && !leave_at(*cover, at.time()))
      return {next, {Source::Kind::cover, number, scheduled, away->why}};
  }
  return {};
}

}  // namespace

const Leave* leave_at(const Person& person, WallTime time) {
  for (const Leave& leave : person.leave)
    if (leave.from <= time && time < leave.until) return &leave;
  return nullptr;
}

OnCall by_override(const Override& override) {
  return {override.person, {Source::Kind::override, 0, {}, override.why}};
}

std::span<const Override> made_for(const Overrides& overrides, std::string_view rota) {
  const auto found = overrides.find(rota);
  if (found == overrides.end()) return {};
  return found->second;
}

OnCall answer(const Rota& rota, std::span<const Override> made, const Directory& people, At& at) {
  if (const Override* override = override_at(made, people, at.time()))
    return by_override(*override);
  if (const Override* override = override_at(rota.overrides, people, at.time()))
    return by_override(*override);
  for (std::size_t number = rota.layers.size(); number-- > 0;) {
    OnCall found = by_layer(rota, number, people, at);
    if (!found.person.empty()) return found;
  }
  return {};
}

OnCall on_call(const Roster& roster, std::string_view rota, At& at) {
  const auto found = roster.rotas.find(rota);
  if (found == roster.rotas.end()) return {};
  return answer(found->second, made_for(roster.overrides, rota), roster.people, at);
}

OnCall on_call(const Roster& roster, std::string_view rota, WallTime at) {
  At moment(at);
  return on_call(roster, rota, moment);
}

std::vector<std::pair<std::string_view, OnCall>> everybody(const Roster& roster, At& at) {
  std::vector<std::pair<std::string_view, OnCall>> all;
  all.reserve(roster.rotas.size());
  // Both are in the order of their names.
  auto made = roster.overrides.begin();
  for (const auto& [name, rota] : roster.rotas) {
    while (made != roster.overrides.end() && made->first < name) ++made;
    const bool has = made != roster.overrides.end() && made->first == name;
    all.emplace_back(
        name,
        answer(rota, has ? std::span<const Override>(made->second) : std::span<const Override>(),
               roster.people, at));
  }
  return all;
}

}  // namespace tocsin::oncall
