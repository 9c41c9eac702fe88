#include "connectors/sources/generic_reader.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "connectors/sources/limits.hpp"
#include "router/core/alert.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

using Names = std::vector<std::string_view>;

// In the order in which they are believed.
const Names kKey{"key",          "dedup_key",   "alias", "alert_id", "alert_uid",
                 "incident_key", "fingerprint", "dedup", "id"};
const Names kTitle{"title", "alertname", "name", "subject", "summary", "message", "event", "text"};
const Names kStatus{"status", "state", "event_action", "action", "alert_state"};
const Names kSeverity{"severity", "priority", "level", "criticality"};
const Names kStart{"starts_at", "startsAt", "timestamp", "time", "date", "ts"};
const Names kEnd{"ends_at", "endsAt"};
const Names kUrl{"url", "link", "generatorURL", "link_to_upstream_details"};
const Names kDescription{"description", "message", "details", "text"};

/// The first of these names that says anything.
struct Found {
  std::string_view name;
  Json value;
};
Found find(const Json& alert, const Names& names) {
  for (const std::string_view name : names)
    if (Json value = alert[name]; !value.text().empty()) return {name, std::move(value)};
  return {};
}

State state_in(const Json& alert) {
  const Json resolved = alert["resolved"], firing = alert["is_alert"];
  if (!resolved.is_null() && resolved.truth()) return State::resolved;
  if (!firing.is_null()) return firing.truth() ? State::firing : State::resolved;
  const State state = state_of(find(alert, kStatus).value.text());
  return state == State::unknown ? State::firing : state;
}

void read_text(const std::string& text, const std::string& unnamed, Draft& draft) {
  const std::string title = one_line(first_line(text));
  draft.label_cut("alertname", title.empty() ? unnamed : title);
  if (title != text) draft.annotation("description", text);
}

bool blank(std::string_view text) { return first_line(text).empty(); }

/// One on each line; nothing: not all of them are JSON.
std::vector<Json> read_lines(std::string_view body) {
  std::vector<Json> all;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (blank(line)) continue;
    auto json = Json::parse(line);
    if (!json) return {};
    all.push_back(std::move(*json));
    if (all.size() > kMostAlertsPerRequest) return all;  // refused by its number
  }
  return all;
}

/// `text` as a JSON string: Json has no other way in.
Result<std::vector<Json>> as_text(std::string_view text) {
  TOCSIN_TRY(Json json, Json::parse(json_string(text)));
  return std::vector<Json>{std::move(json)};
}

Result<std::vector<Json>> read_pairs(std::multimap<std::string, std::string> pairs) {
  for (const char* name : {"payload", "data"}) {
    const auto found = pairs.find(name);
    if (found == pairs.end() || pairs.size() > 1) continue;
    if (auto json = Json::parse(found->second)) return std::vector<Json>{std::move(*json)};
  }
  return std::vector<Json>{Json::object(pairs)};
}

bool is_form(const HttpRequest& request) {
  const std::size_t equals = request.body.find('=');
  if (equals == std::string::npos) return false;
  // curl says so of whatever it sends, hence the look at the name.
  const std::string_view name = std::string_view(request.body).substr(0, equals);
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.%[]+").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<std::vector<Json>> read_bodies(const HttpRequest& request) {
  if (blank(request.body)) {
    auto query = request.query;
    for (const char* secret : {"key", "token", "access_token"}) query.erase(secret);
    if (query.empty())
      return invalid("there is neither a body nor a query; say at least what happened in title");
    return std::vector<Json>{Json::object(query)};
  }
  auto parts = read_multipart(request.header("content-type"), request.body);
  if (!parts.empty()) return read_pairs(std::move(parts));
  auto json = Json::parse(request.body);
  if (json) return std::vector<Json>{std::move(*json)};
  if (auto lines = read_lines(request.body); !lines.empty()) return lines;
  const char first = first_line(request.body).front();
  if (first == '{' || first == '[') return std::move(json).error();
  if (is_form(request)) return read_pairs(read_form(request.body));
  return as_text(request.body);
}

std::vector<Json> generic_alerts_in(const Json& body) {
  if (body.is_array()) return body.items();
  if (body["alerts"].is_array()) return body["alerts"].items();
  return {body};
}

State read_generic(const Json& alert, const std::string& unnamed, Draft& draft) {
  if (alert.is_text()) {
    read_text(alert.text(), unnamed, draft);
    return State::firing;
  }
  std::set<std::string, std::less<>> used{"labels", "annotations", "resolved", "is_alert"};
  const auto take = [&](const Names& names) {
    const Found found = find(alert, names);
    if (!found.name.empty()) used.emplace(found.name);
    return found.value;
  };
  draft.key = take(kKey).text();
  const std::string title = take(kTitle).text();
  const std::string severity = take(kSeverity).text();
  draft.starts_at = time_of(take(kStart));
  draft.ends_at = time_of(take(kEnd));
  draft.generator_url = take(kUrl).text();
  take(kStatus);
  const std::string named = alert["labels"]["alertname"].text();
  draft.label_cut("alertname", !named.empty() ? named : title.empty() ? unnamed : title);
  draft.label_cut("severity", severity);
  if (!named.empty()) draft.annotation("summary", title);
  if (!used.contains("summary")) draft.annotation("summary", alert["summary"].text());
  used.emplace("summary");
  for (const std::string_view name : kDescription)
    if (!used.contains(name) && !alert[name].text().empty()) {
      draft.annotation("description", alert[name].text());
      used.emplace(name);
      break;
    }
  for (const auto& [name, value] : alert.members()) {
    if (name.empty() || used.contains(name)) continue;
    const bool one = !value.is_object() && !value.is_array();
    if (one && identifies(name))
      draft.label_cut(lower(name), value.text());
    else
      draft.annotation(name, value.text());
  }
  // What is called a label is one, whatever else says.
  for (const auto& [name, value] : alert["labels"].members()) draft.label_cut(name, value.text());
  for (const auto& [name, value] : alert["annotations"].members())
    draft.annotation(name, value.text());
  return state_in(alert);
}

}  // namespace tocsin::connectors::sources
