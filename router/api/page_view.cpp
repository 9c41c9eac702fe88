#include "router/api/page_view.hpp"

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostEntriesShown = 20;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain_lines(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

constexpr std::string_view kStyle =
    "body{font:17px/1.45 "
    "system-ui,sans-serif;margin:0;padding:1.2rem;max-width:40rem;background:#111;color:#eee}"
    "h1{font-size:1.35rem;margin:.2rem 0 .8rem}p{margin:.4rem 0}"
    ".severity{display:inline-block;padding:.1rem "
    ".6rem;border-radius:.4rem;font-weight:700;background:#555}"
    ".critical{background:#c0262d}.error{background:#b8501a}.warning{background:#8a6d00}"
    "button{width:100%;font:inherit;font-weight:700;padding:1rem;margin:1rem "
    "0;border:0;border-radius:.6rem;"
    "background:#1d7a3e;color:#fff}dt{color:#aaa;margin-top:.5rem}dd{margin:0;overflow-wrap:"
    "anywhere}"
    "ol{padding-left:1.2rem}li{margin:.3rem 0;overflow-wrap:anywhere}a{color:#8ab4f8}";

HttpResponse page(int status, const std::string& title, const std::string& body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
      "content=\"noindex\"><title>" +
      escaped(title) + "</title><style>" + std::string(kStyle) + "</style></head><body>" + body +
      "</body></html>";
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"Cache-Control", "no-store"},
      {"X-Content-Type-Options", "nosniff"}};
  return response;
}

void add(std::string& list, const std::string& term, std::string_view text) {
  if (!text.empty()) list += "<dt>" + term + "</dt><dd>" + escaped(text) + "</dd>";
}

// http and https only: an alert could bring javascript:.
void add_link(std::string& list, const std::string& term, const std::string& url,
              const std::string& text) {
  if (url.starts_with("http://") || url.starts_with("https://"))
    list += "<dt>" + term + "</dt><dd><a rel=\"noreferrer\" href=\"" + escaped(url) + "\">" +
            escaped(text.empty() ? url : text) + "</a></dd>";
}

std::string state_of(const engine::Incident& incident) {
  switch (incident.state) {
    case engine::IncidentState::open:
      return "open since " + format_rfc3339(incident.opened_at);
    case engine::IncidentState::acknowledged:
      return "acknowledged by " + incident.acknowledged_by + " at " +
             format_rfc3339(*incident.acknowledged_at);
    case engine::IncidentState::resolved:
      return "resolved at " + format_rfc3339(*incident.resolved_at);
  }
  return {};
}

std::string details(const engine::IncidentView& view) {
  const engine::Incident& i = view.incident;
  std::string list;
  add(list, "Whom it hurts", i.decision.impact);
  if (i.decision.runbook)
    add_link(list, "Runbook", i.decision.runbook->url, i.decision.runbook->title);
  add_link(list, "Manual", i.decision.manual, i.decision.manual);
  add(list, "State", state_of(i));
  add(list, "Service", i.service);
  add(list, "Team", i.decision.team);
  add(list, "Alerts", std::to_string(i.firing) + " firing of " + std::to_string(i.alerts.size()));
  if (!view.alerts.empty()) {
    const Alert& alert = view.alerts.front().alert;
    for (const auto& [name, value] : alert.annotations) add(list, escaped(name), value);
    std::string labels;
    for (const auto& [name, value] : alert.labels)
      labels += (labels.empty() ? "" : ", ") + std::string(name) + "=" + std::string(value);
    add(list, "Labels", labels);
    add_link(list, "At the source", alert.generator_url, alert.generator_url);
  }
  std::string why;
  for (const Reason& reason : i.decision.reasons)
    why += (why.empty() ? "" : "; ") + sentence(reason);
  add(list, "Why", why);
  return "<dl>" + list + "</dl>";
}

std::string timeline(const engine::Incident& incident) {
  std::string items;
  const std::size_t all = incident.timeline.size();
  for (std::size_t i = all > kMostEntriesShown ? all - kMostEntriesShown : 0; i < all; ++i)
    items += "<li>" + escaped(format_rfc3339(incident.timeline[i].at)) + " " +
             escaped(incident.timeline[i].text) + "</li>";
  return "<h2>What happened</h2><ol>" + items + "</ol>";
}

}  // namespace

HttpResponse page_view(const engine::IncidentView& view, const std::string& person) {
  const engine::Incident& i = view.incident;
  const std::string severity(to_string(i.decision.severity));
  std::string body = "<p><span class=\"severity " + severity + "\">" + severity +
                     "</span></p><h1>" + escaped(i.title) + "</h1>";
  if (i.state == engine::IncidentState::open)
    body += "<form method=\"post\"><button>Acknowledge" +
            (person.empty() ? std::string() : " as " + escaped(person)) + "</button></form>";
  return page(200, i.title,
              body + details(view) + timeline(i) + "<p>Incident " + escaped(i.id.text) + "</p>");
}

HttpResponse page_sentence(int status, const std::string& sentence) {
  return page(status, "tocsin", "<h1>tocsin</h1><p>" + escaped(sentence) + "</p>");
}

}  // namespace tocsin::api
