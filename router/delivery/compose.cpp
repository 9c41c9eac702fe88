#include "router/delivery/compose.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/engine/reach.hpp"

namespace tocsin::delivery {
namespace {

std::string summary_of(const Fields& annotations) {
  // The title has the summary already.
  for (const char* name : {"description", "message", "summary"})
    if (const auto text = annotations.find(name)) return std::string(*text);
  return {};
}

// Which step it is, why this person, and why nobody of its own policy.
std::string place_of(const engine::Incident& incident, const engine::MessageState& message) {
  if (message.assigned) return "assigned to " + message.contact.person;
  const Policy& policy = message.fallback ? incident.fallback : incident.policy;
  std::string text = "step " + std::to_string(message.step + 1) + " of " +
                     std::to_string(policy.steps.size()) + " of policy " + policy.name;
  if (message.round > 0) text += ", round " + std::to_string(message.round + 1);
  if (!message.rota.empty())
    text += "; " + message.contact.person + " is on call in " + message.rota;
  const engine::Escalation& at = incident.escalation;
  if (message.fallback && at.queue != Queue::none) text += "; " + at.nobody;
  if (!message.fallback && at.everyone && at.round == message.round && at.step == message.step)
    text += "; each of those whom it pages must acknowledge";
  return text;
}

std::string title_of(const engine::Digest& digest) {
  return "While tocsin was away " + std::to_string(digest.count) +
         (digest.count == 1 ? " incident" : " incidents") + " opened and ended";
}

// "38 incidents at once, the gravest: db-down: nobody can log in".
std::string title_of(const engine::BundleWords& bundle, MessageKind kind) {
  const bool over = kind == MessageKind::resolved_bundle;
  std::string text =
      std::to_string(bundle.count) + (bundle.count == 1 ? " incident" : " incidents");
  text += over ? (bundle.count == 1 ? " is over" : " are over") : " at once";
  if (!bundle.named.empty()) text += ", the gravest: " + bundle.named.front().title;
  return text;
}

bool looks_like_a_drill(std::string_view title) {
  constexpr std::string_view kBeginning = "[gameday";
  title.remove_prefix(std::min(title.find_first_not_of(' '), title.size()));
  return std::equal(
      kBeginning.begin(), kBeginning.end(), title.begin(),
      title.begin() + static_cast<std::ptrdiff_t>(std::min(kBeginning.size(), title.size())),
      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

std::string marked(const Realm& realm, std::string title) {
  if (realm.is_production())
    return looks_like_a_drill(one_line(title)) ? "REAL: " + title : std::move(title);
  const std::string mark = gameday::mark(realm.gameday);
  return title.starts_with(mark) ? std::move(title) : mark + " " + title;
}

const Reason* find(const Decision& decision, ReasonKind kind) {
  const auto found = std::find_if(decision.reasons.begin(), decision.reasons.end(),
                                  [&](const Reason& reason) { return reason.kind == kind; });
  return found == decision.reasons.end() ? nullptr : &*found;
}

// "a drill of GameDay set cdp-staging, copied from an alert of prometheus-staging, decided as if
// environment="production"; "; nothing in earnest.
std::string of_drill(const engine::Incident& incident) {
  if (incident.realm.is_production()) return {};
  std::string text = "a drill of GameDay set " + incident.realm.gameday +
                     ", copied from an alert of " + incident.integration;
  const Reason* const copied = find(incident.decision, ReasonKind::gameday_copy);
  if (copied && !copied->detail.empty()) text += ", decided as if " + copied->detail;
  return text + "; ";
}

// The hold says it: "GameDay set x paused: a real incident opened …".
std::string why_paused(const engine::Incident& incident) {
  constexpr std::string_view kPaused = " paused: ";
  std::string text = "a real incident opened";
  const std::size_t at = incident.hold ? incident.hold->why.find(kPaused) : std::string::npos;
  if (at != std::string::npos) text = incident.hold->why.substr(at + kPaused.size());
  return "This drill has paused: " + text;
}

// Why there is a bundle is why its host began.
std::string why_bundled(const engine::Incident& host, const engine::MessageState& message) {
  std::string text = host.realm.is_production()
                         ? std::string()
                         : "a drill of GameDay set " + host.realm.gameday + "; ";
  text += host.begins + ", so the others come together";
  if (message.attempt > 1) text += "; attempt " + std::to_string(message.attempt);
  return text;
}

// "REAL, not the GameDay drills a and b".
std::string not_of(const std::vector<std::string>& sets) {
  std::string text;
  for (std::size_t i = 0; i < sets.size(); ++i)
    text += (i == 0 ? "" : i + 1 == sets.size() ? " and " : ", ") + sets[i];
  if (text.empty()) return {};
  return "REAL, not the GameDay drill" + std::string(sets.size() == 1 ? " " : "s ") + text;
}

}  // namespace

std::string title_of(const engine::Incident& incident) {
  return marked(incident.realm, incident.title);
}

std::string why(const engine::Incident& incident, const engine::MessageState& message) {
  if (message.kind == MessageKind::drill_paused) return why_paused(incident);
  if (is_bundle(message.kind)) return why_bundled(incident, message);
  std::string text = of_drill(incident);
  if (message.kind == MessageKind::resolved)
    return text + "you were paged for it" +
           (incident.resolved_by.empty() ? std::string() : "; resolved by " + incident.resolved_by);
  if (message.kind == MessageKind::digest)
    return text + "Nobody was paged: they had ended before tocsin could tell of them.";
  const bool room = message.kind != MessageKind::page;
  const bool drill = !incident.realm.is_production();
  const std::string verb = message.kind == MessageKind::advice ? " answers"
                           : drill                             ? " would page"
                                                               : " pages";
  text += (incident.decision->rule.empty() ? "no rule matched, so the default policy"
                                           : "rule " + incident.decision->rule) +
          verb;
  for (const Reason& reason : incident.decision->reasons)
    if (reason.kind == ReasonKind::rule_matched && reason.subject == incident.decision->rule)
      text += " for " + reason.detail;
  if (!room) text += "; " + place_of(incident, message);
  if (message.attempt > 1) text += "; attempt " + std::to_string(message.attempt);
  const std::string at_once = room ? "" : engine::why_at_once(incident, message);
  if (!at_once.empty()) text += "; at once, since " + at_once;
  if (const Reason* const tag = find(incident.decision, ReasonKind::gameday_mistaken))
    text += "; " + sentence(*tag);
  return text;
}

namespace {

void add_bundle(connectors::Notification& n, const engine::BundleWords& bundle, const Realm& realm,
                const Links& links) {
  n.incident.clear();  // it is of many
  n.title = marked(realm, title_of(bundle, n.kind));
  n.bundled_in_all = bundle.count;
  for (std::size_t i = 0; i < bundle.named.size(); ++i) {
    const engine::BundledIncident& each = bundle.named[i];
    n.severity = i == 0 ? each.severity : std::max(n.severity, each.severity);
    n.bundled.push_back({each.incident.text, marked(realm, each.title), each.severity,
                         each.opened_at, i < links.bundled.size() ? links.bundled[i] : ""});
  }
}

}  // namespace

connectors::Notification compose(const engine::IncidentView& view,
                                 const engine::MessageState& message, Links links, WallTime now,
                                 const std::vector<std::string>& not_the_drill) {
  const engine::Incident& incident = view.incident;
  connectors::Notification n;
  n.id = message.id;
  n.kind = message.kind;
  n.contact = message.contact;
  n.incident = incident.id.text;
  n.title = title_of(incident);
  n.gameday = incident.realm.gameday;
  if (incident.realm.is_production())
    n.not_the_drill = not_of(not_the_drill);
  else
    n.mark = gameday::mark(incident.realm.gameday);
  n.severity = incident.decision->severity;
  n.impact = incident.decision->impact;
  n.team = incident.decision->team;
  n.service = incident.service;
  n.why = why(incident, message);
  n.alerts = incident.alerts.size();
  if (!view.alerts.empty()) {
    n.labels = view.alerts.front().alert.labels;
    n.summary = summary_of(view.alerts.front().alert.annotations);
  }
  if (incident.decision->runbook) {
    n.runbook_title = incident.decision->runbook->title;
    n.runbook_url = incident.decision->runbook->url;
  }
  n.manual_url = incident.decision->manual;
  n.tried = incident.tried;
  if (message.kind == MessageKind::digest && incident.digest) {
    n.title = marked(incident.realm, title_of(*incident.digest));
    n.passed_in_all = incident.digest->count;
    for (const engine::PassedIncident& passed : incident.digest->named)
      n.passed.push_back({passed.id.text, passed.title, passed.opened_at, passed.ended_at});
  }
  if (view.bundle) add_bundle(n, *view.bundle, incident.realm, links);
  n.opened_at = incident.opened_at;
  n.now = now;
  n.acknowledge_url = std::move(links.acknowledge_url);
  n.receipt_url = std::move(links.receipt_url);
  n.press = std::move(links.press);
  n.answer_url = std::move(links.answer_url);
  n.console_url = std::move(links.console_url);
  n.incident_json = std::move(links.incident_json);
  return n;
}

connectors::Notification compose(const engine::Notice& notice, const engine::MessageState& message,
                                 Links links, WallTime now) {
  connectors::Notification n;
  n.id = message.id;
  n.kind = message.kind;
  n.contact = message.contact;
  n.title = notice.title;
  n.severity = Severity::info;
  n.team = notice.team;
  n.about = notice.about;
  n.why = notice.text;
  n.alerts = 0;
  n.opened_at = notice.said.wall;
  n.now = now;
  n.acknowledge_url = std::move(links.acknowledge_url);
  return n;
}

connectors::HookCall compose_call(const engine::IncidentView& view,
                                  const engine::MessageState& message, Links links, WallTime now,
                                  gameday::HookInDrill in_drill) {
  const engine::Incident& incident = view.incident;
  connectors::HookCall call;
  call.id = message.id;
  call.hook = incident.decision->remedy->hook;
  call.incident = incident.id.text;
  call.title = title_of(incident);
  call.severity = incident.decision->severity;
  call.impact = incident.decision->impact;
  call.team = incident.decision->team;
  call.service = incident.service;
  call.rule = incident.decision->rule;
  if (!view.alerts.empty()) call.labels = view.alerts.front().alert.labels;
  call.gameday = incident.realm.gameday;
  call.dry_run = !incident.realm.is_production() && in_drill != gameday::HookInDrill::run;
  if (incident.remedy) call.approved_by = incident.remedy->by;
  call.now = now;
  call.incident_json = std::move(links.incident_json);
  return call;
}

}  // namespace tocsin::delivery
