#include "router/api/page_view.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/steps.hpp"
#include "router/gameday/set.hpp"

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
    ".run{background:#2f5f9e}.on{background:#444}.now{font-size:1.15rem;font-weight:700}.said{"
    "border-left:.3rem solid "
    "#c98a00;padding-left:.7rem}"
    // A drill is seen to be one before a word is read, and without colour by its frame.
    ".drill{background:#2a1245;border:.5rem dashed #c77dff;min-height:calc(100vh - 3.4rem)}"
    ".drill button{background:#7b2cbf}.mark{margin:-1.2rem -1.2rem 1rem;padding:.6rem 1.2rem;"
    "background:#c77dff;color:#1a0630;font-weight:700}"
    "ol,ul{padding-left:1.2rem}li{margin:.3rem 0;overflow-wrap:anywhere}a{color:#8ab4f8}";

// `mark`: of a drill; empty in earnest.
HttpResponse page(int status, const std::string& title, const std::string& body,
                  const std::string& mark = {}) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
      "content=\"noindex\"><title>" +
      escaped(title) + "</title><style>" + std::string(kStyle) + "</style></head>" +
      (mark.empty()
           ? "<body>"
           : "<body class=\"drill\"><p class=\"mark\">" + escaped(mark) + " This is a drill.</p>") +
      body + "</body></html>";
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

constexpr std::size_t kDateBytes = 10, kTimeBegins = 11, kTimeBytes = 5;

// The date only where it is not of the last or the next day.
std::string at(WallTime time, WallTime now) {
  const std::string text = format_rfc3339(time);
  const Duration apart = time > now ? time - now : now - time;
  const std::string day = apart < std::chrono::hours(24) ? "" : text.substr(0, kDateBytes) + " ";
  return day + text.substr(kTimeBegins, kTimeBytes) + " UTC";
}

std::string words_of(Duration length) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(length).count();
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return std::to_string(minutes) + " min";
  const auto hours = minutes / 60;
  if (hours < 48)
    return std::to_string(hours) + " h" +
           (minutes % 60 ? " " + std::to_string(minutes % 60) + " min" : "");
  return std::to_string(hours / 24) + " days";
}

std::string since(WallTime time, WallTime now) {
  return "for " + words_of(std::max(now - time, Duration::zero())) + " (since " + at(time, now) +
         ")";
}

std::string who_has_it(const engine::Incident& i, const std::string& person, WallTime now) {
  std::vector<std::string> people;
  for (const engine::Acknowledgement& each : engine::acknowledgements_of(i))
    people.push_back(each.by);
  if (people.empty()) people.push_back(i.acknowledged_by);
  const bool mine =
      !person.empty() && std::find(people.begin(), people.end(), person) != people.end();
  const std::string who = engine::names(people);
  std::string text = mine ? "You have it: acknowledged by " + who
                          : who + (people.size() > 1 ? " have" : " has") + " it: acknowledged";
  text += " " + since(i.acknowledged_at.value_or(now), now);
  if (const auto until = engine::acknowledged_until(i))
    text += std::string(i.snoozed ? ". Snoozed until " : ". That holds until ") + at(*until, now) +
            (i.snoozed ? "; then it pages again"
                       : "; unless it is over by then or acknowledged again, it pages anew");
  return text + ".";
}

// Of an open one: who has to acknowledge, each of them, or nobody has it yet.
std::string who_is_missing(const engine::Incident& i, const std::string& person) {
  const std::vector<std::string> left = engine::waiting_for(i);
  if (left.empty()) return "nobody has it yet.";
  std::string text = engine::has_acknowledged(i, person) ? "you have acknowledged, and it " : "it ";
  return text + "goes on until " + engine::names(left) + (left.size() == 1 ? " has" : " have") +
         " acknowledged.";
}

std::string state_of(const engine::Incident& i, const std::string& person, WallTime now) {
  switch (i.state) {
    case engine::IncidentState::open:
      return "Open " + since(i.opened_at, now) + "; " + who_is_missing(i, person);
    case engine::IncidentState::acknowledged:
      return who_has_it(i, person, now);
    case engine::IncidentState::resolved:
      return "Resolved at " + at(i.resolved_at.value_or(now), now) +
             (i.resolved_by.empty() ? ": its alerts are over." : " by " + i.resolved_by + ".");
  }
  return {};
}

std::string paragraph(std::string_view text, std::string_view kind) {
  return text.empty() ? "" : "<p class=\"" + std::string(kind) + "\">" + escaped(text) + "</p>";
}

std::string held(const engine::Incident& i, WallTime now) {
  if (i.state != engine::IncidentState::open || !i.hold) return {};
  std::string text = i.hold->why;
  // The reason has the time as records have it; a person at 3 a.m. wants the clock's.
  if (i.hold->until) {
    const std::string precise = format_rfc3339(*i.hold->until);
    if (const std::size_t found = text.find(precise); found != std::string::npos)
      text.replace(found, precise.size(), at(*i.hold->until, now));
  }
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return paragraph(text + ". Nobody is paged meanwhile.", "said");
}

std::string queued(const engine::Incident& i) {
  if (!engine::is_queued(i) || i.escalation.nobody.empty()) return {};
  return paragraph("Queued: " + i.escalation.nobody + ".", "said");
}

std::string passed(const engine::Incident& i) {
  if (i.passed_in.empty()) return {};
  return paragraph(
      "It opened and ended while tocsin was away. Nobody was paged; its team is told in a digest.",
      "said");
}

std::string remedy_words(const engine::Incident& i, WallTime now) {
  if (!i.remedy || !i.decision->remedy) return {};
  const std::string hook = "hook " + i.decision->remedy->hook;
  const std::string by = i.remedy->by.empty() ? "" : ", approved by " + i.remedy->by;
  switch (i.remedy->status) {
    case RemedyStatus::running:
      return hook + " runs " + since(i.remedy->wait.since.wall, now) + by;
    case RemedyStatus::worked:
      return hook + " ran" + by + ", and the alert ended";
    case RemedyStatus::rejected:
      return hook + " is not to run: somebody said no";
    case RemedyStatus::proposed:
      return hook + " can mend it, if you say yes";
    case RemedyStatus::failed:
    case RemedyStatus::spent:
    case RemedyStatus::limited:
      break;  // `tried` says it
  }
  return {};
}

std::string tried(const engine::Incident& i, WallTime now) {
  std::string items;
  for (const std::string& each : i.tried) items += "<li>" + escaped(each) + "</li>";
  if (const std::string words = remedy_words(i, now); !words.empty())
    items += "<li>" + escaped(words) + "</li>";
  return items.empty() ? "" : "<h2>What was tried</h2><ul>" + items + "</ul>";
}

std::string button(std::string_view choice, const std::string& kind, const std::string& text) {
  return "<form method=\"post\"><button name=\"do\" value=\"" + std::string(choice) + "\"" + kind +
         ">" + escaped(text) + "</button></form>";
}

bool can_run(const engine::Incident& i) {
  if (i.state == engine::IncidentState::resolved || !i.remedy || !i.decision->remedy) return false;
  const RemedyStatus status = i.remedy->status;
  return status == RemedyStatus::proposed || status == RemedyStatus::failed ||
         status == RemedyStatus::spent || status == RemedyStatus::limited;
}

// Whoever cannot look after it passes it on.
bool can_escalate(const engine::Incident& i) {
  return i.state != engine::IncidentState::resolved && !i.hold && !i.policy->steps.empty() &&
         !(i.escalation.begun && engine::ends_in_silence(i, i.escalation));
}

std::string buttons(const engine::Incident& i, const std::string& person) {
  std::string all;
  const bool drill = !i.realm.is_production();
  const bool open = i.state == engine::IncidentState::open;
  const bool again = i.state == engine::IncidentState::acknowledged && i.acknowledged_for;
  const bool heard = !engine::waiting_for(i).empty() && engine::has_acknowledged(i, person);
  if ((open && !heard) || again)
    all += button(kAcknowledgeButton, "",
                  std::string(drill ? "Acknowledge this drill" : "Acknowledge") +
                      (again ? " again" : "") + (person.empty() ? "" : " as " + person));
  if (can_run(i))
    all += button(kApproveButton, " class=\"run\"",
                  "Run " + i.decision->remedy->hook + (drill ? " for this drill" : ""));
  if (can_escalate(i))
    all += button(kEscalateButton, " class=\"on\"",
                  drill ? "Page the next step of this drill now" : "Page the next step now");
  return all;
}

std::string details(const engine::IncidentView& view) {
  const engine::Incident& i = view.incident;
  std::string list;
  add(list, "Whom it hurts", i.decision->impact);
  if (i.decision->runbook)
    add_link(list, "Runbook", i.decision->runbook->url, i.decision->runbook->title);
  add_link(list, "Manual", i.decision->manual, i.decision->manual);
  add(list, "Service", i.service);
  add(list, "Team", i.decision->team);
  add(list, "Assigned to", i.assigned_to);
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
  for (const Reason& reason : i.decision->reasons)
    why += (why.empty() ? "" : "; ") + sentence(reason);
  add(list, "Why", why);
  return "<dl>" + list + "</dl>";
}

std::string timeline(const engine::Incident& incident, WallTime now) {
  std::string items;
  const std::size_t all = incident.timeline.size();
  for (std::size_t i = all > kMostEntriesShown ? all - kMostEntriesShown : 0; i < all; ++i)
    items += "<li>" + escaped(at(incident.timeline[i].at, now)) + " " +
             escaped(incident.timeline[i].text) + "</li>";
  return "<h2>What happened</h2><ol>" + items + "</ol>";
}

}  // namespace

HttpResponse page_view(const engine::IncidentView& view, const std::string& person, WallTime now,
                       const std::string& said) {
  const engine::Incident& i = view.incident;
  const std::string severity(to_string(i.decision->severity));
  const std::string mark = i.realm.is_production() ? "" : gameday::mark(i.realm.gameday);
  const std::string title =
      mark.empty() || i.title.starts_with(mark) ? i.title.str() : mark + " " + i.title;
  return page(200, title,
              "<p><span class=\"severity " + severity + "\">" + severity + "</span></p><h1>" +
                  escaped(title) + "</h1>" + paragraph(said, "said") +
                  paragraph(state_of(i, person, now), "now") + held(i, now) + queued(i) +
                  passed(i) + buttons(i, person) + tried(i, now) + details(view) +
                  timeline(i, now) + "<p>Incident " + escaped(i.id.text) + "</p>",
              mark);
}

HttpResponse contact_view(const Contact& contact) {
  return page(200, "Does this message reach you?",
              "<h1>Does this message reach you?</h1>" +
                  paragraph("This is a test of " + contact.channel + " for " + contact.person +
                                ". Nothing is wrong.",
                            "now") +
                  button(kReachedButton, "", "It reached me"));
}

HttpResponse page_sentence(int status, const std::string& sentence) {
  return page(status, "tocsin", "<h1>tocsin</h1><p>" + escaped(sentence) + "</p>");
}

}  // namespace tocsin::api
