// Rotas, people and moments for the tests of the room.
#pragma once

#include "router/oncall/rota.hpp"

namespace tocsin::tests {

inline WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }
inline CivilTime civil(std::string_view text) { return parse_civil(text).value(); }
inline Zone zone(const std::string& name) { return Zone::load(name).value(); }

/// A rota and the world around it, to be changed by a test.
struct OneRota {
  static constexpr const char* kName = "primary";

  oncall::Rotas rotas;
  oncall::Directory people;
  oncall::Overrides overrides;

  explicit OneRota(const std::string& time_zone = "UTC",
                   std::vector<std::string> names = {"ada", "grace", "linus"},
                   std::string_view start = "2026-01-05T10:00",
                   std::vector<oncall::ShiftLength> every = {oncall::ShiftLength{}}) {
    oncall::Rota rota;
    rota.name = kName;
    rota.time_zone = zone(time_zone);
    rota.layers.push_back(layer(std::move(names), start, std::move(every)));
    rotas.emplace(kName, std::move(rota));
  }

  /// Everybody in it exists from then on.
  oncall::Layer layer(std::vector<std::string> names, std::string_view start,
                      std::vector<oncall::ShiftLength> every = {oncall::ShiftLength{}}) {
    for (const std::string& name : names) person(name);
    oncall::Layer made;
    made.people = std::move(names);
    made.rotation = {std::move(every), civil(start)};
    return made;
  }
  oncall::Person& person(const std::string& name) {
    oncall::Person& found = people.people[name];
    found.name = name;
    return found;
  }
  void away(const std::string& name, std::string_view from, std::string_view until,
            std::string why = {}) {
    person(name).leave.push_back({at(from), at(until), std::move(why)});
  }
  void override_by(const std::string& name, std::string_view from, std::string_view until,
                   std::string why = {}) {
    person(name);
    rota().overrides.push_back({name, at(from), at(until), std::move(why), {}, {}});
  }

  oncall::Rota& rota() { return rotas.at(kName); }
  oncall::Layer& first() { return rota().layers.front(); }
  oncall::Roster roster() const { return {rotas, people, overrides}; }
  oncall::OnCall on_call(WallTime time) const { return oncall::on_call(roster(), kName, time); }
  std::string who(std::string_view time) const { return on_call(at(time)).person; }
  std::vector<oncall::Shift> shifts(std::string_view from, std::string_view until) const {
    return oncall::shifts(roster(), kName, at(from), at(until));
  }
};

/// "2026-01-05T10:00:00.000Z ada, 2026-…": where each begins.
inline std::string told(const std::vector<oncall::Shift>& shifts) {
  std::string text;
  for (const oncall::Shift& shift : shifts)
    text += (text.empty() ? "" : ", ") + format_rfc3339(shift.from).substr(0, 16) + " " +
            (shift.on_call.person.empty() ? "nobody" : shift.on_call.person);
  return text;
}

}  // namespace tocsin::tests
