#include "router/api/oncall_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "router/oncall/vacancy.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view name_of(oncall::Source::Kind kind) {
  switch (kind) {
    case oncall::Source::Kind::nobody:
      return "nobody";
    case oncall::Source::Kind::layer:
      return "layer";
    case oncall::Source::Kind::cover:
      return "cover";
    case oncall::Source::Kind::override:
      return "override";
  }
  return "nobody";
}

json shift_json(const OnCallView& view, const oncall::Rota& rota, const oncall::Shift& shift) {
  using Kind = oncall::Source::Kind;
  const oncall::Source& source = shift.on_call.source;
  const bool by_layer = source.kind == Kind::layer || source.kind == Kind::cover;
  json id;
  if (source.kind == Kind::override)
    if (const auto override = view.override_at(rota, shift.from)) id = text_or_null(override->id);
  return {{"person", text_or_null(shift.on_call.person)},
          {"from", format_rfc3339(shift.from)},
          {"until", format_rfc3339(shift.until)},
          {"source", name_of(source.kind)},
          {"layer", by_layer ? json(source.layer + 1) : json()},
          {"instead_of", text_or_null(source.instead_of)},
          {"override", id},
          {"why", text_or_null(source.why)}};
}

/// By whom a person is asked about.
struct Reaching {
  const OnCallView& view;
  const ContactBook& book;
  bool strict = false;

  bool operator()(const std::string& name) const {
    const auto person = view.configuration->directory.people.find(name);
    return person != view.configuration->directory.people.end() &&
           book.reaches(person->second, strict);
  }
};

/// With its ends as they are, however far away; null, where they are out of sight.
json whole_shift_json(const OnCallView& view, const Reaching& reaches, const oncall::Rota& rota,
                      WallTime at) {
  const oncall::Shift shift = oncall::whole_shift(view.roster(), rota.name, at);
  oncall::Shift cut = shift;
  if (shift.from == WallTime::min()) cut.from = at;  // no time that can be written
  if (shift.until == WallTime::max()) cut.until = at;
  json made = shift_json(view, rota, cut);
  if (cut.from != shift.from) made["from"] = nullptr;
  if (cut.until != shift.until) made["until"] = nullptr;
  made["text"] = oncall::sentence(rota, shift);
  made["reachable"] = reaches(shift.on_call.person);
  return made;
}

/// The first time ahead at which somebody should be on call and nobody is.
json gap_json(const OnCallView& view, const oncall::Rota& rota, WallTime at) {
  for (const auto& vacancy : oncall::vacancies(view.roster(), rota, at, at + kLookAhead))
    if (vacancy.unmeant_from)
      return {{"from", format_rfc3339(*vacancy.unmeant_from)},
              // What goes on past the look ahead has no end that is known.
              {"until",
               vacancy.until < at + kLookAhead ? json(format_rfc3339(vacancy.until)) : json()}};
  return nullptr;
}

json rota_now(const OnCallView& view, const Reaching& reaches, const oncall::Rota& rota,
              WallTime at) {
  const oncall::Shift now = oncall::whole_shift(view.roster(), rota.name, at);
  return {{"rota", rota.name},
          {"team", rota.team},
          {"time_zone", rota.time_zone.name()},
          {"in_hours", oncall::is_in_hours(rota, at)},
          {"on_call", whole_shift_json(view, reaches, rota, at)},
          {"next", now.until == WallTime::max() ? json()
                                                : whole_shift_json(view, reaches, rota, now.until)},
          {"gap", gap_json(view, rota, at)}};
}

json override_of(const control::RotaOverride& made, WallTime now) {
  return {{"id", made.id.text},
          {"rota", made.rota},
          {"person", made.person},
          {"from", format_rfc3339(made.from)},
          {"until", format_rfc3339(made.until)},
          {"by", made.by},
          {"why", text_or_null(made.why)},
          {"state", state_of(made, now)},
          {"ended_at", made.ended_at ? json(format_rfc3339(*made.ended_at)) : json()},
          {"ended_by", text_or_null(made.ended_by)}};
}

json configured_override(const oncall::Rota& rota, const oncall::Override& made, WallTime now) {
  control::RotaOverride said;
  said.from = made.from;
  said.until = made.until;
  return {{"id", nullptr},
          {"rota", rota.name},
          {"person", made.person},
          {"from", format_rfc3339(made.from)},
          {"until", format_rfc3339(made.until)},
          {"by", nullptr},
          {"why", text_or_null(made.why)},
          {"state", state_of(said, now)},
          {"ended_at", nullptr},
          {"ended_by", nullptr}};
}

json overrides_between(const oncall::Rota& rota, std::span<const control::RotaOverride> made,
                       const RotaQuery& query) {
  const auto meets = [&](const auto& each) {
    return each.from < query.until && query.from < each.until;
  };
  json all = json::array();
  for (const oncall::Override& each : rota.overrides)
    if (meets(each)) all.push_back(configured_override(rota, each, query.now));
  for (const control::RotaOverride& each : made)
    if (each.rota == rota.name && meets(each)) all.push_back(override_of(each, query.now));
  return all;
}

}  // namespace

std::string oncall_json(const OnCallView& view, const ContactBook& book, std::string_view team,
                        bool strict, WallTime at) {
  const Reaching reaches{view, book, strict};
  json all = json::array();
  for (const auto& each : view.configuration->rotas)
    if (team.empty() || each.second.team == team)
      all.push_back(rota_now(view, reaches, each.second, at));
  return dump({{"at", format_rfc3339(at)}, {"rotas", all}});
}

std::string rota_json(const OnCallView& view, const ContactBook& book, const oncall::Rota& rota,
                      std::span<const control::RotaOverride> made, const RotaQuery& query) {
  json layers = json::array(), shifts = json::array();
  for (const oncall::Layer& layer : rota.layers)
    layers.push_back({{"people", layer.people},
                      {"time_zone", layer.time_zone.value_or(rota.time_zone).name()},
                      {"restricted", !layer.only.empty()}});
  const auto found = oncall::shifts(view.roster(), rota.name, query.from, query.until);
  for (const oncall::Shift& shift : found) shifts.push_back(shift_json(view, rota, shift));
  // Where so many shifts would not fit, it says up to where they do.
  const WallTime through = found.empty() ? query.from : found.back().until;
  return dump({{"rota", rota.name},
               {"team", rota.team},
               {"time_zone", rota.time_zone.name()},
               {"on_call", whole_shift_json(view, {view, book}, rota, query.now)},
               {"layers", layers},
               {"from", format_rfc3339(query.from)},
               {"until", format_rfc3339(std::min(query.until, through))},
               {"shifts", shifts},
               {"overrides", overrides_between(rota, made, query)},
               {"ical_url", text_or_null(query.ical_url)}});
}

std::string_view state_of(const control::RotaOverride& made, WallTime now) {
  if (made.ends() <= std::max(now, made.from)) return "ended";
  return made.from > now ? "pending" : "active";
}

std::string override_json(const control::RotaOverride& made, WallTime now) {
  return dump(override_of(made, now));
}

std::string overrides_json(std::span<const control::RotaOverride> made, WallTime now) {
  json all = json::array();
  for (const control::RotaOverride& each : made) all.push_back(override_of(each, now));
  return dump({{"overrides", all}});
}

}  // namespace tocsin::api
