#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/text.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;

const std::string kIncidents = "/api/v1/incidents";

std::string text_of(const json& object, const char* name) {
  const json& value = object.at(name);
  return value.is_null() ? "-" : value.is_string() ? value.get<std::string>() : value.dump();
}

// What it waits for, in one word or a few.
std::string state_of(const json& incident) {
  std::string state = incident.at("state");
  if (!incident.at("snoozed_until").is_null()) state = "snoozed";
  if (!incident.at("held").is_null()) state += ", held";
  if (!incident.at("queued").is_null()) state += ", queued";
  return state;
}

// Nobody is to take a drill for a real one, or the reverse.
std::string title_of(const json& incident) {
  const std::string title = incident.at("title");
  return incident.at("gameday").is_null()
             ? title
             : gameday::mark(incident.at("gameday").get<std::string>()) + " " + title;
}

std::string list_text(const json& answer) {
  const json& incidents = answer.at("incidents");
  std::string text = "no such incidents\n";
  if (!incidents.empty()) {
    std::vector<std::vector<std::string>> rows{
        {"ID", "SEVERITY", "STATE", "OPENED", "TEAM", "WHO", "TITLE"}};
    for (const json& i : incidents)
      rows.push_back({i.at("id"), i.at("severity"), state_of(i), i.at("opened_at"),
                      text_of(i, "team"), text_of(i, "acknowledged_by"), title_of(i)});
    text = table(rows);
  }
  if (answer.contains("incomplete")) text += one_line(text_of(answer, "incomplete")) + "\n";
  if (!answer.at("next").is_null())
    text += "more follow: ask with --cursor " + one_line(text_of(answer, "next")) + "\n";
  return text;
}

void add(std::vector<std::vector<std::string>>& rows, const char* name, const json& object,
         const char* member) {
  if (!object.at(member).is_null()) rows.push_back({name, text_of(object, member)});
}

void add_hold(std::vector<std::vector<std::string>>& rows, const json& i) {
  if (const json& held = i.at("held"); !held.is_null())
    rows.push_back({"held", text_of(held, "why")});
  add(rows, "snoozed until", i, "snoozed_until");
  if (const json& remedy = i.at("remedy"); !remedy.is_null())
    rows.push_back({"hook", text_of(remedy, "hook") + ": " + text_of(remedy, "status")});
  for (const json& tried : i.at("tried")) rows.push_back({"tried", tried.get<std::string>()});
}

// Who has it, who is to have it, and for whom it waits.
void add_people(std::vector<std::vector<std::string>>& rows, const json& i) {
  if (i.at("snoozed_until").is_null()) add(rows, "until", i, "acknowledged_until");
  if (i.at("state") == "open")
    for (const json& each : i.at("acknowledgements"))
      rows.push_back({"acknowledged by", text_of(each, "by") + ", " + text_of(each, "at")});
  for (const json& person : i.at("waiting_for"))
    rows.push_back({"waits for", person.get<std::string>()});
  add(rows, "assigned to", i, "assigned_to");
  if (const json& queued = i.at("queued"); !queued.is_null())
    rows.push_back({"queued", text_of(queued, "why")});
}

std::string one_text(const json& i) {
  std::vector<std::vector<std::string>> rows{
      {"incident", i.at("id")}, {"title", title_of(i)}, {"state", state_of(i)}};
  add(rows, "severity", i, "severity");
  add(rows, "impact", i, "impact");
  add(rows, "service", i, "service");
  add(rows, "team", i, "team");
  add(rows, "opened at", i, "opened_at");
  add(rows, "acknowledged by", i, "acknowledged_by");
  add(rows, "acknowledged at", i, "acknowledged_at");
  add_people(rows, i);
  add(rows, "resolved by", i, "resolved_by");
  add(rows, "resolved at", i, "resolved_at");
  add_hold(rows, i);
  if (const json& runbook = i.at("runbook"); !runbook.is_null())
    rows.push_back({"runbook", text_of(runbook, "url")});
  for (const json& reason : i.at("decision").at("reasons"))
    rows.push_back({"because", text_of(reason, "text")});
  rows.push_back({"alerts", text_of(i, "alert_count")});
  std::string text = table(rows, LastColumn::whole) + "\n";
  rows.clear();
  for (const json& entry : i.at("timeline"))
    rows.push_back({text_of(entry, "at"), text_of(entry, "text")});
  return text + table(rows, LastColumn::whole);
}

std::string changed_text(const json& i) {
  const std::string text = text_of(i, "id") + " is " + state_of(i) + ": " + text_of(i, "title");
  const json& answer = i.at("answer");
  return one_line(text) + "\n" +
         (answer.is_null() ? "" : one_line(answer.get<std::string>()) + "\n");
}

std::string query_of(const IncidentOptions& options) {
  std::string query = "?limit=" + in_url(options.limit);
  const auto add_part = [&](const char* name, const std::string& value) {
    if (!value.empty()) query += std::string("&") + name + "=" + in_url(value);
  };
  add_part("state", options.state == "all" ? "" : options.state);
  add_part("team", options.team);
  add_part("severity", options.severity);
  add_part("cursor", options.cursor);
  for (const std::string& matcher : options.which) add_part("matcher", matcher);
  return query;
}

std::string body_of(std::initializer_list<std::pair<const char*, const std::string*>> fields) {
  json body = json::object();
  for (const auto& [name, text] : fields)
    if (!text->empty()) body[name] = *text;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What is done to one incident. `last`: what stands behind the incidents, where something does.
Result<std::string> ask(const IncidentOptions& o, const std::string& id, const std::string& last) {
  const std::string one = kIncidents + "/" + in_url(id);
  if (o.what == "show") return call(o.at, "GET", one);
  if (o.what == "ack") return call(o.at, "POST", one + "/acknowledge");
  if (o.what == "resolve") return call(o.at, "POST", one + "/resolve");
  if (o.what == "note") return call(o.at, "POST", one + "/note", body_of({{"text", &last}}));
  if (o.what == "snooze")
    return call(o.at, "POST", one + "/snooze", body_of({{"for", &o.length}, {"why", &o.text}}));
  if (o.what == "escalate")
    return call(o.at, "POST", one + "/escalate", body_of({{"why", &o.text}}));
  if (o.what == "assign")
    return call(o.at, "POST", one + "/assign", body_of({{"to", &last}, {"why", &o.text}}));
  return call(o.at, "POST", one + "/remediations/" + in_url(last) + "/" + o.what);
}

Result<std::string> report(const IncidentOptions& o) {
  return call(o.at, "POST", kIncidents,
              body_of({{"title", &o.title},
                       {"description", &o.description},
                       {"service", &o.service},
                       {"severity", &o.severity},
                       {"impact", &o.impact}}));
}

/// An id has nothing but letters and digits.
bool is_matcher(const std::string& text) { return text.find_first_of("=~") != std::string::npos; }

/// The ids of those that are not resolved and that all these match. Errors: refused, if none is.
Result<std::vector<std::string>> matched(IncidentOptions options) {
  options.limit = "1000";
  std::vector<std::string> ids;
  do {
    TOCSIN_TRY(const std::string answer, call(options.at, "GET", kIncidents + query_of(options)));
    const json page = json::parse(answer);
    for (const json& i : page.at("incidents")) ids.push_back(i.at("id"));
    options.cursor = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
  } while (!options.cursor.empty());
  if (ids.empty()) return refused("no incident that is not resolved matches");
  return ids;
}

int show(const IncidentOptions& options, const std::string& answer) {
  if (options.at.json) return std::printf("%s\n", answer.c_str()) < 0;
  const json parsed = json::parse(answer);
  const std::string text = options.what == "list"   ? list_text(parsed)
                           : options.what == "show" ? one_text(parsed)
                                                    : changed_text(parsed);
  std::fputs(text.c_str(), stdout);
  return 0;
}

/// Each of them, also when one cannot be.
int to_all(const IncidentOptions& options, const std::vector<std::string>& ids,
           const std::string& last) {
  int code = 0;
  json answers = json::array();
  for (const std::string& id : ids) {
    const auto answer = ask(options, id, last);
    if (!answer)
      code = failed(answer.error());
    else if (options.at.json)
      answers.push_back(json::parse(*answer));
    else
      show(options, *answer);
  }
  if (options.at.json)
    std::printf(
        "%s\n",
        json{{"incidents", answers}}.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
  return code;
}

bool has_last(const std::string& what) {
  return what == "note" || what == "assign" || what == "approve" || what == "reject";
}

int carry_out(IncidentOptions options) {
  const bool lists = options.what == "list";
  if (lists || options.what == "report") {
    const auto answer =
        lists ? call(options.at, "GET", kIncidents + query_of(options)) : report(options);
    return answer ? show(options, *answer) : failed(answer.error());
  }
  std::string last;
  if (has_last(options.what)) {
    last = options.which.back();
    options.which.pop_back();
  }
  const std::vector<std::string>& which = options.which;
  if (which.size() == 1 && !is_matcher(which.front())) {
    const auto answer = ask(options, which.front(), last);
    return answer ? show(options, *answer) : failed(answer.error());
  }
  if (const auto other = std::find_if_not(which.begin(), which.end(), is_matcher);
      other != which.end())
    return failed(invalid(one_line(*other) +
                          ": not a matcher; name one incident by its id, or several by matchers"));
  const auto ids = matched(options);
  return ids ? to_all(options, *ids, last) : failed(ids.error());
}

}  // namespace

int incident(const IncidentOptions& options) {
  try {
    return carry_out(options);
  } catch (const json::exception&) {
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  }
}

}  // namespace tocsin::commands
