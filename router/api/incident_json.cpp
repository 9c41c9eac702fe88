#include "router/api/incident_json.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json when(const std::optional<WallTime>& time) {
  return time ? json(format_rfc3339(*time)) : json(nullptr);
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json fields(const Fields& fields) {
  json object = json::object();
  for (const auto& [name, value] : fields) object[std::string(name)] = std::string(value);
  return object;
}

json alert(const engine::AlertState& state) {
  const Alert& a = state.alert;
  return {{"id", state.id.text},
          {"key", a.key},
          {"status", to_string(a.status)},
          {"labels", fields(a.labels)},
          {"annotations", fields(a.annotations)},
          {"starts_at", format_rfc3339(a.starts_at)},
          {"ends_at", when(a.ends_at)},
          {"generator_url", text_or_null(a.generator_url)},
          {"integration", state.integration},
          {"count", state.count}};
}

json decision(const Decision& d) {
  json reasons = json::array();
  for (const Reason& reason : d.reasons)
    reasons.push_back({{"kind", to_string(reason.kind)},
                       {"subject", reason.subject},
                       {"detail", reason.detail},
                       {"text", sentence(reason)}});
  return {{"outcome", to_string(d.outcome)},
          {"rule", text_or_null(d.rule)},
          {"policy", text_or_null(d.policy)},
          {"manual", text_or_null(d.manual)},
          {"reasons", reasons}};
}

json runbook(const std::optional<Runbook>& r) {
  if (!r) return nullptr;
  return {{"name", r->name}, {"title", text_or_null(r->title)}, {"url", r->url}};
}

json message(const engine::MessageState& m) {
  return {{"id", m.id.text},
          {"type", to_string(m.kind)},
          {"person", text_or_null(m.contact.person)},
          {"channel", m.contact.channel},
          {"address", text_or_null(m.contact.address)},
          {"round", m.round + 1},
          {"step", m.step + 1},
          {"default_policy", m.fallback},
          {"status", engine::to_string(m.status)},
          {"attempts", m.attempt},
          {"detail", text_or_null(m.detail)}};
}

json incident(const engine::IncidentView& view) {
  const engine::Incident& i = view.incident;
  json alerts = json::array(), timeline = json::array(), messages = json::array();
  for (const engine::AlertState& a : view.alerts) alerts.push_back(alert(a));
  for (const engine::TimelineEntry& e : i.timeline)
    timeline.push_back({{"at", format_rfc3339(e.at)},
                        {"kind", e.kind},
                        {"by", text_or_null(e.by)},
                        {"text", e.text}});
  for (const engine::MessageState& m : i.messages) messages.push_back(message(m));
  return {{"id", i.id.text},
          {"title", i.title},
          {"state", engine::to_string(i.state)},
          {"severity", to_string(i.decision.severity)},
          {"impact", text_or_null(i.decision.impact)},
          {"team", text_or_null(i.decision.team)},
          {"service", text_or_null(i.service)},
          {"gameday", text_or_null(i.realm.gameday)},
          {"opened_at", format_rfc3339(i.opened_at)},
          {"acknowledged_at", when(i.acknowledged_at)},
          {"acknowledged_by", text_or_null(i.acknowledged_by)},
          {"resolved_at", when(i.resolved_at)},
          {"resolved_by", text_or_null(i.resolved_by)},
          {"decision", decision(i.decision)},
          {"runbook", runbook(i.decision.runbook)},
          {"alert_count", i.alerts.size()},
          {"alerts", alerts},
          {"pages", messages},
          {"timeline", timeline},
          {"timeline_dropped", i.timeline_dropped}};
}

// What a sender smuggled past UTF-8 becomes U+FFFD instead of an exception.
std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string incident_json(const engine::IncidentView& view) { return dump(incident(view)); }

std::string incidents_json(const engine::IncidentPage& page) {
  json incidents = json::array();
  for (const engine::IncidentView& view : page.incidents) incidents.push_back(incident(view));
  return dump({{"incidents", incidents}, {"next", text_or_null(page.next)}});
}

}  // namespace tocsin::api
