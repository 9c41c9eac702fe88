// Zabbix's media types of type webhook.
//
// What the sender promises
// (https://www.zabbix.com/documentation/current/en/manual/config/notifications/media/webhook):
//   Nothing of the format: a media type is a script. Read here are the fields of the script on this
//   source's page, those of the media types that Zabbix ships for Grafana OnCall (alert_uid, state)
//   and Event-Driven Ansible, and names that people use (hostname, trigger, status). Values are
//   texts; a macro that could not be resolved stays as it is, or becomes *UNKNOWN*. Scripts want
//   200 exactly; after another status they try again, three times 10 s apart if nothing else is
//   set. A step of an escalation sends the same event again.
// The key is the id of the problem's event, which recovery and update have as well; without one
// that in the link, or else trigger and host. It ends by the recovery.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "host"};
/// By their number; their names can be changed in Zabbix.
constexpr std::array<std::string_view, 6> kSeverityNames{
    "Not classified", "Information", "Warning", "Average", "High", "Disaster"};
constexpr std::array<std::pair<std::string_view, Severity>, 6> kSeverities{{
    {"Not classified", Severity::info},
    {"Information", Severity::info},
    {"Warning", Severity::warning},
    {"Average", Severity::warning},
    {"High", Severity::error},
    {"Disaster", Severity::critical},
}};
constexpr std::size_t kMostTags = 32;

/// Empty for what Zabbix could not put in.
std::string resolved(const Json& value) {
  std::string text = value.text();
  const bool macro = text.size() > 2 && text.front() == '{' && text.back() == '}' &&
                     text.find('"') == std::string::npos;
  return macro || text == "*UNKNOWN*" || text == "UNKNOWN" ? std::string() : text;
}

std::string said(const Json& body, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (std::string text = resolved(body[name]); !text.empty()) return text;
  return {};
}

void add_tag(Draft& draft, const std::string& name, const std::string& value) {
  if (value.empty())
    draft.annotation("tag " + name, "yes");
  else if (sources::identifies(name))
    draft.label_cut(sources::lower(name), value);
  else
    draft.label_cut("tag_" + sources::label_name(name), value);
}

/// [{"tag","value"}], also as text, or {"name": ["value"]}.
void add_tags(Draft& draft, const Json& given) {
  Json tags = given;
  if (given.is_text()) {
    const auto parsed = Json::parse(given.text());
    if (!parsed) return;
    tags = *parsed;
  }
  std::size_t taken = 0;
  for (const Json& each : tags.items())
    if (const std::string name = each["tag"].text(); !name.empty() && ++taken <= kMostTags)
      add_tag(draft, name, each["value"].text());
  for (const auto& [name, values] : tags.members())
    if (!name.empty() && ++taken <= kMostTags)
      add_tag(draft, name, values.is_array() ? values.at_pointer("/0").text() : values.text());
}

std::string severity_of(const Json& body) {
  const auto number = body["event_nseverity"].number();
  if (number && *number >= 0 && *number < static_cast<double>(kSeverityNames.size()))
    return std::string(kSeverityNames[static_cast<std::size_t>(*number)]);
  return said(body, {"event_severity", "severity", "trigger_severity"});
}

std::string key_of(const Json& body, const std::string& link) {
  if (std::string id = said(body, {"event_id", "eventid", "alert_uid"}); !id.empty()) return id;
  if (std::string id = sources::between(link, "eventid=", "&#"); !id.empty()) return id;
  const std::string trigger = said(body, {"trigger_id", "triggerid", "trigger"});
  return trigger.empty() ? trigger : trigger + "/" + said(body, {"host_name", "hostname", "host"});
}

bool is_over(const Json& body) {
  const std::string value = said(body, {"event_value"});
  if (value == "0" || value == "1") return value == "0";
  const std::string word = said(body, {"status", "state", "trigger_status", "event_status"});
  // Host or trigger were disabled while the problem was open.
  const std::string text = said(body, {"message", "subject", "alert_message"});
  return sources::state_of(word) == sources::State::resolved ||
         text.find("NOTE: Escalation cancelled") != std::string::npos;
}

/// What people did about it in Zabbix.
std::vector<Said> words_of(const Json& body, const std::string& key) {
  if (said(body, {"event_update_status"}) != "1") return {};
  const std::string action = sources::lower(said(body, {"event_update_action"}));
  const std::string by = said(body, {"event_update_user", "user_fullname"});
  const std::string text = said(body, {"event_update_message"});
  const std::size_t at = action.find("acknowledged");
  const bool acknowledged = at != std::string::npos && (at < 2 || action.substr(at - 2, 2) != "un");
  if (acknowledged) return {{Said::Kind::acknowledged, sources::short_key(key), by, text}};
  if (text.empty() && action.empty()) return {};
  return {{Said::Kind::noted, sources::short_key(key), by, text.empty() ? action : text}};
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  if (!body.is_object()) return invalid("the body is a list; wanted one event as an object");
  const std::string link = said(body, {"url", "link", "link_to_upstream_details", "event_url"});
  const std::string name =
      said(body, {"event_name", "title", "trigger_name", "trigger", "subject", "name"});
  const std::string key = key_of(body, link);
  if (key.empty() && name.empty()) {
    // The media type's own test, with macros that stand for nothing.
    if (!body["event_id"].text().empty()) return Parsed{};
    return invalid(
        "there is neither event_id nor event_name; use the media type of the documentation");
  }
  Draft draft;
  draft.key = key;
  std::string groups = resolved(body["host_groups"]);
  if (body["host_groups"].is_array()) groups.clear();
  for (const Json& each : body["host_groups"].items())
    groups += (groups.empty() ? "" : ",") + each.text();
  add_tags(draft, body["event_tags_json"]);
  add_tags(draft, body["event_tags"]);
  draft.label_cut("alertname", name.empty() ? "event " + key : name);
  draft.label_cut("host", said(body, {"host_name", "host_host", "hostname", "host"}));
  draft.label_cut("address", said(body, {"host_ip"}));
  draft.label_cut("host_groups", groups.empty() ? said(body, {"hostgroups"}) : groups);
  draft.label_cut("trigger", said(body, {"trigger_id", "triggerid"}));
  draft.annotation("summary", said(body, {"subject"}));
  draft.annotation("description", said(body, {"message", "alert_message", "trigger_description"}));
  draft.annotation("value", said(body, {"opdata", "operation_data", "event_opdata", "item"}));
  draft.annotation("item_value", said(body, {"item_value"}));
  draft.generator_url = link;
  if (is_over(body)) {
    draft.status = AlertStatus::resolved;
    draft.label_cut("severity", severity_of(body));
    draft.ends_at = sources::time_of(body["event_recovery_timestamp"]);
    return sources::one_alert(draft, context.received.wall);
  }
  draft.label_cut("severity", severity_of(body));
  draft.starts_at = sources::time_of(body["event_timestamp"]);
  if (!draft.starts_at) draft.starts_at = sources::time_of(body["event_datetime_timestamp"]);
  // Discovery and autoregistration never recover.
  const std::string origin = said(body, {"event_source"});
  draft.ends_at =
      context.received.wall +
      (origin == "1" || origin == "2" ? sources::kHoldsUnresolved : sources::kHoldsUntilResolved);
  Parsed parsed = sources::one_alert(draft, context.received.wall);
  if (!key.empty()) parsed.said = words_of(body, key);
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec zabbix_source;
const SourceSpec zabbix_source = {
    .name = "zabbix",
    .summary = "Zabbix, through a media type of type webhook",
    .example = R"(  - name: zabbix
    source: zabbix
    key: "${ZABBIX_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
