// What a channel and a hook have in common: a name, a type, and the keys of that type.
#include <algorithm>

#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

/// What stands in for an unset variable, so that the connector itself can still be checked.
std::string placeholder(const connectors::Field& field) {
  if (!field.example.empty()) return std::string(field.example);
  if (field.key.ends_with("url")) return "https://unset.invalid/";
  return "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}

void remember(const std::string& key, const Place& place, Draft& draft) {
  draft.settings.connector_places.emplace(
      key, Fault{place.file, place.line, place.column, place.key, ""});
}

void read_fields(const Section& section, const ConnectorFields& fields, const std::string& key,
                 connectors::Values& into, Draft& draft) {
  for (const connectors::Field& field : fields) {
    const std::string name(field.key);
    const auto value =
        field.required ? section.require(name, std::string(field.meaning)) : section.find(name);
    if (!value) continue;
    remember(key + "." + name, value->place(), draft);
    if (auto text = value->some_text())
      into.values[name] = text->placeholder ? placeholder(field) : std::move(text->value);
  }
}

}  // namespace

void read_source_fields(const Section& section, const ConnectorFields& fields,
                        connectors::Values& into, Draft& draft) {
  const std::string key = "integrations." + into.name;
  remember(key, section.value().place(), draft);
  const auto read = [&](const auto& self, const std::string& name, const Value& value,
                        const connectors::Field& field) -> void {
    const bool whole = name == field.key;
    if (field.map && (whole || value.node().kind == Node::Kind::map)) {
      for (const auto& [below, nested] : value.map()) self(self, name + "." + below, nested, field);
      return;
    }
    remember(key + "." + name, value.place(), draft);
    if (auto text = value.some_text())
      into.values[name] = text->placeholder ? placeholder(field) : std::move(text->value);
  };
  for (const connectors::Field& field : fields) {
    const std::string name(field.key);
    const auto value =
        field.required ? section.require(name, std::string(field.meaning)) : section.find(name);
    if (value) read(read, name, *value, field);
  }
}

std::optional<Connector> read_connector(const Value& value, const ConnectorWords& words,
                                        const ConnectorTypes& types, Draft& draft) {
  // The type says which other keys there are.
  const auto section = Section::peek(value);
  if (!section) return std::nullopt;
  Connector connector;
  if (const auto name = section->require("name", words.why_a_name)) {
    if (const auto word = name->name()) {
      connector.values.name = *word;
      draft.names.define(words.noun, *word, name->place(), draft.report);
    }
  }
  std::vector<std::string> known;
  for (const auto& [name, fields] : types) known.push_back(name);
  const auto type = section->require("type", words.why_a_type);
  const auto word = type ? read_choice(*type, words.type_noun, known, words.later) : std::nullopt;
  if (!word) return std::nullopt;
  connector.type = *word;
  const ConnectorFields& fields = *types.find(*word)->second;
  std::vector<std::string> keys;
  for (const connectors::Field& field : fields) keys.emplace_back(field.key);
  static_cast<void>(Section::open(value, words.keys, keys));
  const std::string key = std::string(words.where) + "." + connector.values.name;
  remember(key, value.place(), draft);
  read_fields(*section, fields, key, connector.values, draft);
  return connector;
}

Fault connector_fault(const Settings& settings, const std::string& message) {
  const auto& places = settings.connector_places;
  const std::size_t colon = std::min(message.find(": "), message.size());
  const std::string key = message.substr(0, colon);
  const std::size_t dot = std::min(key.rfind('.'), key.size());
  std::string beyond;  // of a key that is not written
  auto stands = places.find(key);
  if (stands == places.end()) {
    stands = places.find(key.substr(0, dot));
    beyond = key.substr(dot);
  }
  if (colon == message.size() || stands == places.end()) return {"tocsin.yaml", 0, 0, "", message};
  Fault fault = stands->second;
  fault.key += beyond;
  fault.what = message.substr(colon + 2);
  return fault;
}

}  // namespace tocsin::settings
