// The explanation as people read it at night: what, who and when first; why after it; the rules
// last.
#include <algorithm>

#include "router/core/text.hpp"
#include "router/offline/explain.hpp"

namespace tocsin::offline {
namespace {

constexpr std::size_t kWidestColumn = 40;
constexpr std::size_t kMostTextBytes = 300;  // of one cell
constexpr std::size_t kMostLabelsBytes = 160;

std::string shown(std::string_view text) { return cut(one_line(text), kMostTextBytes); }

/// Columns as wide as their widest cell, within reason; the last one is ragged.
class Table {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text(std::size_t indent) const {
    std::vector<std::size_t> widths;
    for (const auto& cells : rows_)
      for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
        widths.resize(std::max(widths.size(), i + 1));
        widths[i] = std::min(std::max(widths[i], cells[i].size()), kWidestColumn);
      }
    std::string out;
    for (const auto& cells : rows_) {
      std::string line(indent, ' ');
      for (std::size_t i = 0; i < cells.size(); ++i) {
        line += cells[i];
        if (i + 1 == cells.size()) break;
        line.append(widths[i] - std::min(widths[i], cells[i].size()) + 2, ' ');
      }
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string heading(const ExplainedAlert& alert, std::size_t all) {
  std::string text = title_of(alert.alert);
  if (all > 1) text = std::to_string(alert.place) + ". " + text;
  if (!alert.gameday.empty()) text = gameday::mark(alert.gameday) + " " + text;
  return text + "\n";
}

/// All but the name, which is in the heading.
std::string labels_of(const Alert& alert) {
  std::string text;
  for (const auto& [name, value] : alert.labels)
    if (name != "alertname")
      text += (text.empty() ? "" : " ") + std::string(name) + "=" + std::string(value);
  return cut(one_line(text), kMostLabelsBytes);
}

std::string facts(const ExplainedAlert& alert) {
  const Decision& decision = alert.explanation.decision;
  Table table;
  table.row({"decided", shown(summary(decision))});
  table.row({"rule", decision.rule.empty() ? "none claims it" : decision.rule});
  if (!decision.impact.empty()) table.row({"impact", shown(decision.impact)});
  if (decision.runbook)
    table.row({"runbook", shown(decision.runbook->title) + "  " + shown(decision.runbook->url)});
  if (!decision.manual.empty()) table.row({"manual", shown(decision.manual)});
  if (const std::string labels = labels_of(alert.alert); !labels.empty())
    table.row({"labels", labels});
  return table.text(2);
}

std::string who_is_told(const ExplainedIncident& incident, const Explained& explained) {
  const Schedule schedule = schedule_of(incident.told);
  if (schedule.lines.empty())
    return "  who is told: nobody\n" +
           (incident.nobody.empty() ? "" : "    " + shown(incident.nobody) + "\n");
  Table table;
  for (const Line& line : schedule.lines) {
    if (line.more_rounds == 0)
      table.row({moment(line.told.after), shown(whom(line)), shown(what(line.told))});
    else
      table.row(
          {moment(line.told.after), "the same again, " + std::to_string(line.more_rounds) +
                                        (line.more_rounds == 1 ? " more round" : " more rounds")});
  }
  const bool paged = std::any_of(incident.told.begin(), incident.told.end(),
                                 [](const auto& told) { return told.kind == MessageKind::page; });
  std::string text = paged ? "  who is told, if nobody acknowledges\n" : "  who is told\n";
  text += table.text(4);
  if (schedule.then_every)
    text += "    then every " + format_duration(*schedule.then_every) +
            " until somebody acknowledges\n";
  else if (paged)
    text += "    and so on; followed for " + format_duration(explained.followed) + "\n";
  return text;
}

std::string reasons(const Decision& decision) {
  std::string text = "  why\n";
  for (const Reason& reason : decision.reasons) text += "    " + shown(sentence(reason)) + "\n";
  return text;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Those that did not match, the nearest first; `left` counts the ones that are not among them.
std::vector<const rules::TriedRule*> nearest(const rules::Explanation& explanation) {
  std::vector<const rules::TriedRule*> near;
  for (const rules::TriedRule& tried : explanation.rules)
    if (tried.verdict == rules::Verdict::not_matched) near.push_back(&tried);
  if (near.size() <= kMostNear) return near;
  std::stable_sort(near.begin(), near.end(), [](const auto* a, const auto* b) {
    return a->misfit->others != b->misfit->others ? a->misfit->others < b->misfit->others
                                                  : a->held > b->held;
  });
  near.resize(kMostNear);
  return near;
}

std::string rules_tried(const rules::Explanation& explanation) {
  if (explanation.rules.empty()) return "  rules: none\n";
  const auto near = nearest(explanation);
  Table table;
  std::vector<std::string> later;
  for (const rules::TriedRule& tried : explanation.rules) {
    if (tried.verdict == rules::Verdict::not_reached) {
      if (later.size() < kMostNear) later.push_back(tried.name);
    } else if (tried.verdict == rules::Verdict::matched ||
               std::find(near.begin(), near.end(), &tried) != near.end()) {
      table.row({tried.name, shown(sentence(tried))});
    }
  }
  std::string text = "  rules, in their order\n" + table.text(4);
  if (explanation.not_matched > near.size())
    text += "    " + counted(explanation.not_matched - near.size(), "other does", "others do") +
            " not match, being further from it\n";
  if (later.empty()) return text;
  std::string names;
  for (const std::string& name : later) names += (names.empty() ? "" : ", ") + name;
  if (explanation.not_reached > later.size())
    names += " and " + std::to_string(explanation.not_reached - later.size()) + " more";
  return text + "    not reached: " + names + "\n";
}

const ExplainedIncident* home_of(const ExplainedAlert& alert, const Explained& explained) {
  if (alert.incident.empty()) return nullptr;
  const auto found = std::find_if(explained.incidents.begin(), explained.incidents.end(),
                                  [&](const auto& i) { return i.id == alert.incident; });
  return found == explained.incidents.end() ? nullptr : &*found;
}

/// The alert before this one that shares its incident.
const ExplainedAlert* companion(const ExplainedAlert& alert, const Explained& explained) {
  if (alert.incident.empty()) return nullptr;
  for (const ExplainedAlert& other : explained.alerts) {
    if (&other == &alert) break;
    if (other.incident == alert.incident) return &other;
  }
  return nullptr;
}

std::string ended(const ExplainedAlert& alert) {
  std::string text = "  it has ended";
  if (alert.alert.ends_at)
    text += " (at " + format_rfc3339(*alert.alert.ends_at) +
            "); --at with a time before that shows it firing";
  return text + "\n  whoever was paged for it hears that it is over; nobody else is told\n" +
         "  were it firing: " + shown(summary(alert.explanation.decision)) + "\n";
}

std::string in_full(const ExplainedAlert& alert, const Explained& explained) {
  std::string text = heading(alert, explained.alerts.size() + explained.rejected.size());
  if (alert.alert.status == AlertStatus::resolved) return text + ended(alert);
  const Decision& decision = alert.explanation.decision;
  text += facts(alert);
  if (const ExplainedAlert* const other = companion(alert, explained)) {
    text +=
        "  joins the incident of alert " + std::to_string(other->place) + ": nobody is told anew\n";
    if (other->explanation.decision == decision) return text;
  } else if (const ExplainedIncident* const home = home_of(alert, explained)) {
    text += "\n" + who_is_told(*home, explained);
  } else {
    text += "\n  who is told: nobody\n";
  }
  return text + "\n" + reasons(decision) + "\n" + rules_tried(alert.explanation);
}

std::string on_a_line(const ExplainedAlert& alert) {
  const bool over = alert.alert.status == AlertStatus::resolved;
  return (alert.gameday.empty() ? "" : gameday::mark(alert.gameday) + " ") +
         std::to_string(alert.place) + ". " + title_of(alert.alert) + "  " +
         (over ? "it has ended" : shown(summary(alert.explanation.decision))) + "\n";
}

}  // namespace

std::string text_of(const Explained& explained) {
  std::string text = explained.integration + " at " + format_rfc3339(explained.at) + "\n\n";
  std::size_t shown_alerts = 0;
  for (const ExplainedAlert& alert : explained.alerts) {
    if (shown_alerts == kMostInFull + kMostOnALine) break;
    text += shown_alerts < kMostInFull ? in_full(alert, explained) + "\n" : on_a_line(alert);
    ++shown_alerts;
  }
  if (const std::size_t rest = explained.alerts.size() - shown_alerts; rest > 0)
    text += "and " + counted(rest, "more alert", "more alerts") + "; --json shows all\n";
  std::size_t shown_rejected = 0;
  for (const connectors::Rejected& rejected : explained.rejected) {
    if (shown_rejected++ == kMostOnALine) {
      text += "and " + std::to_string(explained.rejected.size() - kMostOnALine) +
              " more that are not taken\n";
      break;
    }
    text += std::to_string(rejected.index + 1) + ". not taken: " + shown(rejected.what) + "\n";
  }
  if (!explained.complete)
    text += "there was too much to follow all of it to its end; give fewer alerts at a time\n";
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace tocsin::offline
