#include "router/api/openapi_schema.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view kDurations = "^([0-9]+(ms|s|m|h|d|w))+$";

Error no_type(std::string_view type) { return invalid("no type is written " + json_string(type)); }

std::optional<json> plain(std::string_view type) {
  if (type == "text") return json{{"type", "string"}};
  if (type == "words") return json{{"type", "string"}, {"minLength", 1}, {"pattern", "\\S"}};
  if (type == "time") return json{{"type", "string"}, {"format", "date-time"}};
  if (type == "url") return json{{"type", "string"}, {"format", "uri"}};
  if (type == "duration")
    return json{{"type", "string"}, {"pattern", kDurations}, {"examples", {"2h", "1h30m"}}};
  if (type == "flag") return json{{"type", "boolean"}};
  if (type == "count") return json{{"type", "integer"}, {"minimum", 0}};
  if (type == "number") return json{{"type", "number"}};
  if (type == "anything") return json::object();
  return std::nullopt;
}

bool is_name(std::string_view type) {
  return !type.empty() && type.front() >= 'A' && type.front() <= 'Z' &&
         std::all_of(type.begin(), type.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

Result<json> one_of_words(std::string_view type) {
  json words = json::array();
  for (std::string_view rest = type;;) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (word.empty()) return no_type(type);
    words.push_back(word);
    if (word.size() == rest.size()) break;
    rest.remove_prefix(word.size() + 1);
  }
  return json{{"type", "string"}, {"enum", words}};
}

Result<json> between(std::string_view type) {
  const std::size_t dots = type.find("..");
  long least = 0, most = 0;
  const auto read = [](std::string_view text, long& number) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size();
  };
  if (!read(type.substr(0, dots), least) || !read(type.substr(dots + 2), most))
    return no_type(type);
  return json{{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}

Result<json> schema(std::string_view type);

Result<json> or_null(std::string_view type) {
  TOCSIN_TRY(json made, schema(type));
  const json null{{"type", "null"}};
  if (!made.contains("type")) return json{{"anyOf", json::array({made, null})}};
  made["type"] = json::array({made["type"], "null"});
  if (made.contains("enum")) made["enum"].push_back(nullptr);
  return made;
}

Result<json> schema(std::string_view type) {
  if (type.ends_with('?')) return or_null(type.substr(0, type.size() - 1));
  if (auto made = plain(type)) return std::move(*made);
  if (is_name(type)) return json{{"$ref", "#/components/schemas/" + std::string(type)}};
  const bool list = type.starts_with('[') && type.ends_with(']');
  if (list || (type.starts_with('{') && type.ends_with('}'))) {
    TOCSIN_TRY(const json of, schema(type.substr(1, type.size() - 2)));
    if (list) return json{{"type", "array"}, {"items", of}};
    return json{{"type", "object"}, {"additionalProperties", of}};
  }
  if (type.find("..") != std::string_view::npos) return between(type);
  if (type.find('|') != std::string_view::npos && type.find_first_of("[]{}") == type.npos)
    return one_of_words(type);
  return no_type(type);
}

}  // namespace

FieldName name_of(const ApiField& field) {
  const bool optional = field.name.ends_with('?');
  return {field.name.substr(0, field.name.size() - (optional ? 1 : 0)), optional};
}

Result<std::string> schema_of_type(std::string_view type) {
  TOCSIN_TRY(const json made, schema(type));
  return made.dump();
}

Result<std::string> schema_of_shape(const ApiShape& shape) {
  json properties = json::object(), required = json::array();
  for (const ApiField& field : shape.fields) {
    const FieldName named = name_of(field);
    TOCSIN_TRY(json made, schema(field.type));
    if (!field.what.empty()) made["description"] = field.what;
    properties[std::string(named.name)] = std::move(made);
    if (!named.optional) required.push_back(named.name);
  }
  json made{{"type", "object"}, {"description", shape.what}, {"properties", properties}};
  if (!required.empty()) made["required"] = required;
  if (shape.taken) made["additionalProperties"] = false;
  return made.dump();
}

}  // namespace tocsin::api
