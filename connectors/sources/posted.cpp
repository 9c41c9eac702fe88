#include "connectors/sources/posted.hpp"

#include <algorithm>

#include "connectors/sources/alert_parts.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::size_t kMostNameBytes = 64;     // of a member of broken JSON
constexpr std::size_t kMostFlatMembers = 200;  // of it

constexpr Duration kLeastLasts = std::chrono::minutes(1), kMostLasts = std::chrono::hours(24 * 30);

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t past_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// `"name" :` at this place; nothing: there is none.
struct Name {
  std::string_view text;
  std::size_t end = 0;  // of the colon and the blanks after it
};
std::optional<Name> name_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return std::nullopt;
  const std::size_t close = text.substr(at + 1, kMostNameBytes + 1).find('"');
  if (close == std::string_view::npos || close == 0) return std::nullopt;
  const std::size_t colon = past_blanks(text, at + 1 + close + 1);
  if (colon >= text.size() || text[colon] != ':') return std::nullopt;
  return Name{text.substr(at + 1, close), past_blanks(text, colon + 1)};
}

/// Whether a value may end here: the object does, or a further member begins.
bool ends_at(std::string_view text, std::size_t at) {
  at = past_blanks(text, at);
  if (at >= text.size()) return false;
  if (text[at] == '}') return past_blanks(text, at + 1) == text.size();
  return text[at] == ',' && name_at(text, past_blanks(text, at + 1)).has_value();
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'n' || c == 'r' || c == 't')
      plain += c == 't' ? '\t' : '\n';
    else if (c == '"' || c == '\\' || c == '/')
      plain += c;
    else
      plain.append("\\").append(1, c);
  }
  return plain_lines(plain);
}

/// The members of an object whose texts were not escaped; nothing: it cannot be told what they are.
std::optional<std::multimap<std::string, std::string>> flat_members(std::string_view text) {
  std::multimap<std::string, std::string> members;
  std::size_t at = past_blanks(text, 0);
  if (at >= text.size() || text[at] != '{') return std::nullopt;
  while (members.size() < kMostFlatMembers) {
    const auto name = name_at(text, past_blanks(text, at + 1));
    if (!name) return std::nullopt;
    const bool quoted = name->end < text.size() && text[name->end] == '"';
    const std::size_t from = name->end + (quoted ? 1 : 0);
    // Only where a value might end is it looked at what follows: the time stays linear.
    std::size_t to = from;
    while (to < text.size() &&
           !(quoted ? text[to] == '"' && ends_at(text, to + 1)
                    : (text[to] == ',' || text[to] == '}') && ends_at(text, to)))
      ++to;
    if (to >= text.size()) return std::nullopt;
    std::string value = unescaped(text.substr(from, to - from));
    if (quoted || value != "null") members.emplace(std::string(name->text), std::move(value));
    at = past_blanks(text, to + (quoted ? 1 : 0));
    if (text[at] == '}') return members;
  }
  return std::nullopt;
}

Json of_fields(std::multimap<std::string, std::string> fields) {
  for (const char* whole : {"payload", "data"})
    if (const auto found = fields.find(whole); found != fields.end())
      if (auto json = Json::parse(found->second); json && (json->is_object() || json->is_array()))
        return *json;
  for (auto& [name, value] : fields) value = plain_lines(value);
  return Json::object(fields);
}

}  // namespace

Result<Json> posted(const HttpRequest& request) {
  std::string_view body = request.body;
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  while (!body.empty() && is_blank(body.front())) body.remove_prefix(1);
  if (body.empty()) {
    auto query = request.query;
    query.erase("key");
    if (query.empty()) return invalid("the body is empty");
    return of_fields(std::move(query));
  }
  if (body.front() == '{' || body.front() == '[') {
    auto json = Json::parse(body);
    if (json) return json;
    if (const auto members = flat_members(body)) return Json::object(*members);
    return json;
  }
  if (auto fields = read_multipart(request.header("content-type"), request.body); !fields.empty())
    return of_fields(std::move(fields));
  const std::size_t equals = body.find('=');
  if (equals == std::string_view::npos ||
      body.substr(0, equals).find_first_of(" \n") != std::string_view::npos)
    return invalid("the body is neither a JSON object nor a form");
  return of_fields(read_form(body));
}

namespace {

std::optional<Duration> duration_of(const std::string& text) {
  const auto said = parse_duration(text);
  if (!said || *said < kLeastLasts || *said > kMostLasts) return std::nullopt;
  return *said;
}

}  // namespace

Duration lasts(const SourceContext& context) {
  return duration_of(context.settings.get("lasts")).value_or(kHoldsUnresolved);
}

std::vector<std::string> check_lasts(const Values& settings) {
  const auto found = settings.values.find("lasts");
  if (found == settings.values.end() || duration_of(found->second)) return {};
  return {"lasts: no time from " + format_duration(kLeastLasts) + " to " +
          format_duration(kMostLasts) + "; write e.g. 2h"};
}

Parsed one_alert(const Draft& draft, WallTime received) {
  Parsed parsed;
  auto alert = finish(draft, received);
  if (alert)
    parsed.alerts.push_back(std::move(*alert));
  else
    parsed.rejected.push_back({0, alert.error().message});
  return parsed;
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view signature) {
  return equal_in_constant_time(hex(hmac_sha256(secret, body)), lower(signature));
}

void add_labels(Draft& draft, const Json& members, std::size_t most) {
  std::size_t taken = 0;
  for (const auto& [name, value] : members.members()) {
    if (name.empty() || value.is_object() || value.is_array() || value.text().empty()) continue;
    if (++taken > most) return;
    draft.label_cut(label_name(name), value.text());
  }
}

std::string encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return out;
}

std::string between(std::string_view text, std::string_view from, std::string_view until) {
  const std::size_t at = text.find(from);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + from.size());
  return std::string(text.substr(0, std::min(text.find_first_of(until), text.size())));
}

}  // namespace tocsin::connectors::sources
