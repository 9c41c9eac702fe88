#include "router/api/incident_json.hpp"

#include <nlohmann/json.hpp>

#include "router/api/contacts.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/steps.hpp"

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

json remedy(const std::optional<Remedy>& r) {
  if (!r) return nullptr;
  return {{"hook", r->hook},
          {"mode", to_string(r->mode)},
          {"wait", format_duration(r->wait)},
          {"runs", r->runs},
          {"per", format_duration(r->per)}};
}

json decision(const Decision& d) {
  json reasons = json::array();
  for (const Reason& reason : d.reasons)
    reasons.push_back({{"kind", to_string(reason.kind)},
                       {"subject", reason.subject},
                       {"detail", reason.detail},
                       {"text", sentence(reason)}});
  return {{"outcome", to_string(d.outcome)},  {"rule", text_or_null(d.rule)},
          {"policy", text_or_null(d.policy)}, {"manual", text_or_null(d.manual)},
          {"remedy", remedy(d.remedy)},       {"reasons", reasons}};
}

json runbook(const std::optional<Runbook>& r) {
  if (!r) return nullptr;
  return {{"name", r->name}, {"title", text_or_null(r->title)}, {"url", r->url}};
}

// Whether it was delivered, where its provider says so.
json receipt(engine::Receipt receipt) {
  if (receipt == engine::Receipt::none) return nullptr;
  return engine::to_string(receipt);
}

json message(const engine::MessageState& m) {
  return {{"id", m.id.text},
          {"type", to_string(m.kind)},
          {"person", text_or_null(m.contact.person)},
          {"channel", m.contact.channel},
          {"address", m.contact.address.empty() ? json(nullptr) : json(masked(m.contact.address))},
          {"rota", text_or_null(m.rota)},
          {"assigned", m.assigned},
          {"round", m.round + 1},
          {"step", m.step + 1},
          {"default_policy", m.fallback},
          {"status", engine::to_string(m.status)},
          {"attempts", m.attempt},
          {"receipt", receipt(m.receipt)},
          {"held", text_or_null(m.held)},
          {"detail", text_or_null(m.detail)}};
}

json held(const std::optional<Hold>& hold) {
  if (!hold) return nullptr;
  return {{"kind", to_string(hold->kind)},
          {"subject", hold->subject},
          {"why", hold->why},
          {"until", when(hold->until)}};
}

json snoozed_until(const engine::Incident& i) {
  if (!i.snoozed || i.state != engine::IncidentState::acknowledged) return nullptr;
  return format_rfc3339(i.snoozed->since.wall + i.snoozed->length);
}

json acknowledgements(const engine::Incident& i) {
  json all = json::array();
  for (const engine::Acknowledgement& each : engine::acknowledgements_of(i))
    all.push_back({{"by", each.by}, {"at", format_rfc3339(each.at)}});
  return all;
}

// It could page nobody, and waits for somebody.
json queued(const engine::Incident& i) {
  if (!engine::is_queued(i)) return nullptr;
  return {{"for", to_string(i.escalation.queue)}, {"why", i.escalation.nobody}};
}

// What became of the remedy that the decision names.
json remedy_state(const engine::Incident& i) {
  if (!i.remedy || !i.decision->remedy) return nullptr;
  const Remedy& planned = *i.decision->remedy;
  const bool begun = i.remedy->wait.length > Duration::zero();
  return {{"hook", planned.hook},
          {"mode", to_string(planned.mode)},
          {"status", to_string(i.remedy->status)},
          {"by", text_or_null(i.remedy->by)},
          {"wait", format_duration(begun ? i.remedy->wait.length : planned.wait)}};
}

// It opened and ended while tocsin was away.
json passed(const engine::Incident& i) {
  if (i.passed_in.empty()) return nullptr;
  return {{"digest_of", i.passed_in.text}};
}

json digest(const std::optional<engine::Digest>& of) {
  if (!of) return nullptr;
  json named = json::array();
  for (const engine::PassedIncident& each : of->named)
    named.push_back({{"id", each.id.text},
                     {"title", each.title},
                     {"opened_at", format_rfc3339(each.opened_at)},
                     {"ended_at", format_rfc3339(each.ended_at)}});
  return {{"count", of->count}, {"told", of->told}, {"incidents", named}};
}

json entry(const engine::TimelineEntry& e) {
  return {
      {"at", format_rfc3339(e.at)}, {"kind", e.kind}, {"by", text_or_null(e.by)}, {"text", e.text}};
}

json incident(const engine::IncidentView& view) {
  const engine::Incident& i = view.incident;
  json alerts = json::array(), timeline = json::array();
  json messages = json::array(), hooks = json::array();
  for (const engine::AlertState& a : view.alerts) alerts.push_back(alert(a));
  for (const engine::TimelineEntry& e : i.timeline) timeline.push_back(entry(e));
  for (const engine::MessageState& m : i.messages)
    (m.kind == MessageKind::hook ? hooks : messages).push_back(message(m));
  return {{"id", i.id.text},
          {"title", i.title},
          {"state", engine::to_string(i.state)},
          {"severity", to_string(i.decision->severity)},
          {"impact", text_or_null(i.decision->impact)},
          {"team", text_or_null(i.decision->team)},
          {"service", text_or_null(i.service)},
          {"gameday", text_or_null(i.realm.gameday)},
          {"run", i.realm.is_production() ? json(nullptr) : json(i.realm.run)},
          {"opened_at", format_rfc3339(i.opened_at)},
          {"acknowledged_at", when(i.acknowledged_at)},
          {"acknowledged_by", text_or_null(i.acknowledged_by)},
          {"acknowledged_until", when(engine::acknowledged_until(i))},
          {"acknowledgements", acknowledgements(i)},
          {"waiting_for", engine::waiting_for(i)},
          {"assigned_to", text_or_null(i.assigned_to)},
          {"resolved_at", when(i.resolved_at)},
          {"resolved_by", text_or_null(i.resolved_by)},
          {"held", held(i.hold)},
          {"queued", queued(i)},
          {"snoozed_until", snoozed_until(i)},
          {"passed", passed(i)},
          {"digest", digest(i.digest)},
          {"integration", i.integration},
          {"decision", decision(i.decision)},
          {"remedy", remedy_state(i)},
          {"tried", i.tried},
          {"runbook", runbook(i.decision->runbook)},
          {"alert_count", i.alerts.size()},
          {"alerts", alerts},
          {"pages", messages},
          {"hooks", hooks},
          {"timeline", timeline},
          {"timeline_dropped", i.timeline_dropped}};
}

// What a sender smuggled past UTF-8 becomes U+FFFD instead of an exception.
std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string incident_json(const engine::IncidentView& view) { return dump(incident(view)); }

std::string changed_json(const engine::IncidentView& view, const std::string& words) {
  json changed = incident(view);
  changed["answer"] = text_or_null(words);
  return dump(changed);
}

std::string incidents_json(const engine::IncidentPage& page, const std::string& incomplete) {
  json incidents = json::array();
  for (const engine::IncidentView& view : page.incidents) incidents.push_back(incident(view));
  json all = {{"incidents", incidents}, {"next", text_or_null(page.next)}};
  if (!incomplete.empty()) all["incomplete"] = incomplete;
  return dump(all);
}

std::string alert_json(const engine::AlertState& state) { return dump(alert(state)); }
std::string decision_json(const Decision& of) { return dump(decision(of)); }
std::string entry_json(const engine::TimelineEntry& of) { return dump(entry(of)); }
std::string hold_json(const std::optional<Hold>& hold) { return dump(held(hold)); }

}  // namespace tocsin::api
