// rotas: who is on call when. What they say of people and policies is looked at in odd_rotas.cpp.
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

void read_people(const Value& value, std::vector<std::string>& people, Draft& draft) {
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; name who takes turns, e.g. [ada, grace]");
  if (entries.size() > kMostInLayer)
    return value.fault("more than " + std::to_string(kMostInLayer) +
                       " people; make several rotas of it");
  for (const Value& entry : entries) {
    const auto word = entry.word();
    if (!word) continue;
    draft.names.refer(Noun::person, *word, entry.place());
    people.push_back(*word);
  }
}

/// People, rotation and only: of a layer, or of a rota that is one.
oncall::Layer read_layer(const Section& section, const Zone& zone, Draft& draft) {
  oncall::Layer layer;
  if (const auto people = section.require("people", "name who takes turns, e.g. [ada, grace]"))
    read_people(*people, layer.people, draft);
  const auto rotation = section.find("rotation");
  layer.rotation = rotation ? read_rotation(*rotation, zone, draft) : default_rotation();
  if (const auto only = section.find("only")) layer.only = read_schedules(*only, kOnly, zone);
  return layer;
}

oncall::Layer read_listed_layer(const Value& value, const Zone& zone, Draft& draft) {
  const auto section = Section::open(value, kLayer);
  if (!section) return {};
  const auto written = section->find("time_zone");
  const auto own = written ? read_zone(*written) : std::nullopt;
  oncall::Layer layer = read_layer(*section, own ? *own : zone, draft);
  layer.time_zone = own;
  return layer;
}

void read_layers(const Section& rota, oncall::Rota& read, RotaPlace& place, Draft& draft) {
  const auto layers = rota.find("layers");
  if (!layers) {
    place.layers = {rota.value().place()};
    read.layers = {read_layer(rota, read.time_zone, draft)};
    return;
  }
  for (const std::string_view key : {"people", "rotation", "only"})
    if (const auto beside = rota.find(key))
      beside->fault(
          "layers stands in this rota as well; move it into one of them, or keep it and "
          "remove layers");
  const auto entries = layers->list();
  if (entries.empty() && layers->node().kind == Node::Kind::sequence)
    layers->fault("empty; write e.g. [{people: [ada, grace]}]");
  if (entries.size() > kMostLayers)
    return layers->fault("more than " + std::to_string(kMostLayers) +
                         " layers; make several rotas of it");
  for (const Value& entry : entries) {
    place.layers.push_back(entry.place());
    read.layers.push_back(read_listed_layer(entry, read.time_zone, draft));
  }
}

void read_override(const Value& value, oncall::Rota& rota, RotaPlace& place, Draft& draft) {
  const auto section = Section::open(value, kOverride);
  if (!section) return;
  oncall::Override read;
  const auto person = section->require("person", "say who is on call instead");
  if (const auto word = person ? person->word() : std::nullopt) {
    draft.names.refer(Noun::person, *word, person->place());
    read.person = *word;
  }
  const auto period =
      read_period(*section, &rota.time_zone, "say when it begins", "say when the rotation goes on");
  if (const auto why = section->find("why")) read.why = read_why(*why);
  if (!period || read.person.empty()) return;
  read.from = period->from;
  read.until = period->until;
  place.overrides.push_back(value.place());
  rota.overrides.push_back(std::move(read));
}

void read_overrides(const Value& value, oncall::Rota& rota, RotaPlace& place, Draft& draft) {
  const auto entries = value.list();
  if (entries.size() > kMostOverrides)
    return value.fault("more than " + std::to_string(kMostOverrides) +
                       " overrides; remove those that are over");
  for (const Value& entry : entries) read_override(entry, rota, place, draft);
}

void read_rota(const Value& value, const std::string& team, Draft& draft) {
  const auto section = Section::open(value, kRota);
  if (!section) return;
  oncall::Rota rota;
  RotaPlace place;
  rota.team = team;
  place.rota = value.place();
  if (const auto name = section->require("name", "policies refer to it")) {
    if (const auto word = name->name()) {
      rota.name = *word;
      draft.names.define(Noun::rota, *word, name->place(), draft.report);
    }
  }
  const auto zone =
      section->require("time_zone", "hand-overs are in it; write e.g. time_zone: Europe/Dublin");
  if (auto read = zone ? read_zone(*zone) : std::nullopt) rota.time_zone = std::move(*read);
  read_layers(*section, rota, place, draft);
  if (const auto overrides = section->find("overrides"))
    read_overrides(*overrides, rota, place, draft);
  if (draft.settings.rotas.size() == kMostRotas)
    return value.fault("more than " + std::to_string(kMostRotas) +
                       " rotas in all files; remove "
                       "some");
  if (draft.settings.rotas.emplace(rota.name, rota).second)
    draft.rota_places.emplace(rota.name, std::move(place));
}

}  // namespace

void read_rotas(const Value& value, const std::string& team, Draft& draft) {
  for (const Value& rota : value.list()) read_rota(rota, team, draft);
}

}  // namespace tocsin::settings
