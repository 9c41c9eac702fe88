#include "connectors/sources/cloudevents_reader.hpp"

#include <algorithm>
#include <array>

#include "connectors/sources/limits.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kHeaderPrefix = "ce-";
constexpr std::array<std::string_view, 12> kContext{
    "id",   "source",     "specversion", "type",        "subject",         "time",
    "data", "dataschema", "data_base64", "traceparent", "datacontenttype", "tracestate"};

/// A header's value: quotes of old senders off, then decoded once.
std::string attribute_of(std::string_view value) {
  std::string plain;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && i + 1 < value.size()) ++i;
      plain += value[i];
    }
  } else {
    plain = value;
  }
  // A plus is a plus in a header: kept from the form's decoding.
  std::string kept;
  for (const char c : plain) kept += c == '+' ? "%2B" : c == '&' ? "%26" : std::string(1, c);
  const auto decoded = read_form("v=" + kept);
  return decoded.empty() ? std::string() : decoded.begin()->second;
}

/// The data as JSON: itself, or its text.
std::string data_text(std::string_view body) {
  const bool json = Json::parse(body).has_value();
  return json ? std::string(body) : json_string(body);
}

Result<Json> from_headers(const HttpRequest& request) {
  std::string text = "{";
  for (const auto& [name, value] : request.headers)
    if (name.starts_with(kHeaderPrefix) && name.size() > kHeaderPrefix.size())
      text += json_string(std::string_view(name).substr(kHeaderPrefix.size())) + ":" +
              json_string(attribute_of(value)) + ",";
  text += "\"datacontenttype\":" + json_string(request.header("content-type"));
  if (!request.body.empty()) text += ",\"data\":" + data_text(request.body);
  return Json::parse(text + "}");
}

/// The same event with its binary data as `data`.
Json with_data(const Json& event) {
  if (event["data_base64"].is_null() || !event["data"].is_null()) return event;
  const auto bytes = from_base64(event["data_base64"].text());
  if (!bytes) return event;
  std::string text = "{\"data\":" + data_text(*bytes);
  for (const auto& [name, value] : event.members())
    if (name != "data_base64" && name != "data")
      text += "," + json_string(name) + ":" +
              (value.is_text()   ? json_string(value.text())
               : value.is_null() ? std::string("null")
                                 : value.text());
  auto whole = Json::parse(text + "}");
  return whole ? std::move(*whole) : event;
}

struct Type {
  std::string family;  // without the word for the state
  State state = State::unknown;
};

Type type_of(const Json& event) {
  const std::string type = event["type"].text();
  const std::size_t dot = type.rfind('.');
  if (dot == std::string::npos || dot == 0) return {type, State::unknown};
  const State state = state_of(std::string_view(type).substr(dot + 1));
  if (state == State::unknown) return {type, State::unknown};
  return {type.substr(0, dot), state};
}

}  // namespace

Result<std::vector<Json>> read_events(const HttpRequest& request) {
  const std::string type = lower(request.header("content-type"));
  const bool named = type.starts_with("application/cloudevents");
  const bool binary =
      std::any_of(request.headers.begin(), request.headers.end(),
                  [](const auto& header) { return header.first.starts_with(kHeaderPrefix); });
  if (!named && binary) {
    TOCSIN_TRY(Json event, from_headers(request));
    return std::vector<Json>{std::move(event)};
  }
  if (named && type.find("json") == std::string::npos &&
      type.find_first_of("+-") != std::string::npos)
    return invalid("the format in Content-Type is not known; wanted application/cloudevents+json");
  TOCSIN_TRY(const Json body, Json::parse(request.body));
  std::vector<Json> events;
  if (body.is_array()) {
    for (const Json& each : body.items()) events.push_back(with_data(each));
    return events;
  }
  if (!body.is_object()) return invalid("the body is neither an event nor a list of events");
  events.push_back(with_data(body));
  return events;
}

std::string event_fault(const Json& event) {
  if (!event.is_object()) return "it is no object; wanted an event";
  for (const char* name : {"id", "source", "specversion", "type"})
    if (event[name].text().empty())
      return "it has no " + std::string(name) + ", which CloudEvents requires";
  if (!event["data"].is_null() && !event["data_base64"].is_null())
    return "it has data and data_base64; wanted one of the two";
  return {};
}

std::string event_key(const Json& event) {
  std::string own = first_text({event["dedupkey"], event["dedup_key"]});
  if (!own.empty()) return own;
  // Lengths before the parts, so that none can imitate another.
  for (const std::string& part :
       {event["source"].text(), event["subject"].text(), type_of(event).family})
    own += std::to_string(part.size()) + ":" + part;
  return own;
}

State read_event(const Json& event, Draft& draft) {
  const Json data = event["data"];
  const Type type = type_of(event);
  if (data.is_object()) {
    add_details(draft, data);
  } else {
    draft.annotation("data", data.text());
  }
  for (const auto& [name, value] : event.members()) {
    if (std::find(kContext.begin(), kContext.end(), name) != kContext.end() || name.empty())
      continue;
    if (identifies(name))
      draft.label_cut(name, value.text());
    else
      draft.annotation(name, value.text());
  }
  const std::string named = first_text({data["alertname"], data["title"], data["name"]});
  draft.label_cut("alertname", named.empty() ? type.family : named);
  draft.label_cut("source", event["source"].text());
  draft.label_cut("subject", event["subject"].text());
  draft.label_cut("type", type.family);
  draft.label_cut("severity", first_text({data["severity"], data["priority"], data["level"],
                                          event["severity"]}));
  draft.annotation("summary", first_text({data["summary"], data["message"], data["text"]}));
  draft.generator_url = first_text({data["url"], data["link"], data["generatorURL"]});
  draft.starts_at =
      time_of(first_text({data["starts_at"], data["startsAt"]}).empty()
                  ? event["time"]
                  : (data["starts_at"].is_null() ? data["startsAt"] : data["starts_at"]));
  const State said = state_of(first_text({data["status"], data["state"]}));
  if (said != State::unknown) return said;
  return type.state == State::unknown ? State::firing : type.state;
}

}  // namespace tocsin::connectors::sources
