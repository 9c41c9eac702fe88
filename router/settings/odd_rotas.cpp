// What is allowed in a rota and hardly meant: nobody pages it, a layer or an override that never
// counts, an override to somebody who is away.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void note_hidden_layers(const oncall::Rota& rota, const RotaPlace& place, Report& report) {
  for (std::size_t i = 0; i < rota.layers.size(); ++i)
    for (std::size_t over = i + 1; over < rota.layers.size(); ++over) {
      const oncall::Layer& upper = rota.layers[over];
      const auto begins = [&](const oncall::Layer& layer) {
        const Zone& zone = layer.time_zone ? *layer.time_zone : rota.time_zone;
        return zone.moments(layer.rotation.start).first;
      };
      if (!upper.only.empty() || begins(upper) > begins(rota.layers[i])) continue;
      report.note(
          place.layers[i],
          "counts only while everybody of layers[" + std::to_string(over) +
              "] is on leave, as that one stands over it at all times; give that one only:, "
              "or make two rotas of it if both are to be paged");
      break;
    }
}

void note_overrides(const oncall::Rota& rota, const RotaPlace& place, const Draft& draft,
                    Report& report) {
  const auto& all = rota.overrides;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto hides = [&](const oncall::Override& later) {
      return later.from <= all[i].from && later.until >= all[i].until;
    };
    const auto later = std::find_if(all.begin() + i + 1, all.end(), hides);
    if (later != all.end()) {
      report.note(place.overrides[i],
                  "never counts, as overrides[" + std::to_string(later - all.begin()) +
                      "] holds for all of it and the last one counts; remove one of the two");
      continue;
    }
    const auto person = draft.settings.directory.people.find(all[i].person);
    if (person == draft.settings.directory.people.end()) continue;
    const auto& leave = person->second.leave;
    const auto meets = [&](const oncall::Leave& away) {
      return away.from < all[i].until && all[i].from < away.until;
    };
    const auto away = std::find_if(leave.begin(), leave.end(), meets);
    const auto places = draft.leave_places.find(all[i].person);
    if (away == leave.end() || places == draft.leave_places.end()) continue;
    report.note(place.overrides[i],
                shown(all[i].person) + " is on leave then (" +
                    short_form(places->second[static_cast<std::size_t>(away - leave.begin())]) +
                    "), and on call by this all the same; name somebody else if that is not "
                    "meant");
  }
}

}  // namespace

void note_odd_rotas(Draft& draft) {
  for (const auto& [name, place] : draft.rota_places) {
    const oncall::Rota& rota = draft.settings.rotas.find(name)->second;
    if (!draft.rotas_paged.contains(name))
      draft.report.note(place.rota,
                        "no policy pages it; add {rota: " + (name.empty() ? "NAME" : name) +
                            "} to a step, or remove it");
    note_hidden_layers(rota, place, draft.report);
    note_overrides(rota, place, draft, draft.report);
  }
}

}  // namespace tocsin::settings
