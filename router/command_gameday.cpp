#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "router/commands.hpp"
#include "router/core/text.hpp"
#include "router/core/time.hpp"

namespace tocsin::commands {
namespace {

using json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr int kWrongUse = 2;

std::string text_of(const json& object, const char* name) {
  const json& value = object.at(name);
  return value.is_null() ? "-" : value.is_string() ? value.get<std::string>() : value.dump();
}

std::string joined(const json& list, const char* between = ", ") {
  std::string all;
  for (const json& each : list) all += (all.empty() ? "" : between) + each.get<std::string>();
  return all;
}

// As plain_lines(), with the empty lines that Markdown needs and an end of the last one.
std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += one_line(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Which are on is seen at a glance.
std::string state_of(const json& set) {
  const std::string state = set.at("state");
  return state == "on" ? "ON" : state;
}

std::string lever_text(const json& answer) {
  const json& lever = answer.at("lever");
  if (lever.is_null()) return {};
  return one_line("the GameDay lever of this node is pulled by " + text_of(lever, "by") +
                  " since " + text_of(lever, "at") + " (" + text_of(lever, "why") +
                  "): nothing of a drill leaves it") +
         "\n";
}

std::string ended_text(const json& set) {
  const json& ended = set.at("ended");
  if (ended.is_null()) return "-";
  const std::string kind = ended.at("kind");
  std::string text = kind == "off"      ? "turned off"
                     : kind == "paused" ? "paused"
                     : kind == "lever"  ? "stopped by the lever"
                                        : "its time was over";
  if (!ended.at("by").is_null()) text += " by " + text_of(ended, "by");
  if (!ended.at("why").is_null()) text += ": " + text_of(ended, "why");
  return text;
}

std::string list_text(const json& answer) {
  const json& sets = answer.at("gamedays");
  if (sets.empty()) return lever_text(answer) + "no GameDay sets\n";
  Rows rows{{"SET", "STATE", "SINCE", "UNTIL", "BY", "TEAM", "OPEN", "COPIED", "WHY"}};
  for (const json& set : sets) {
    const bool over = !set.at("ended").is_null();
    rows.push_back({set.at("name").get<std::string>() +
                        (set.at("configured").get<bool>() ? "" : " (not configured)"),
                    state_of(set), text_of(set, "since"), text_of(set, "until"), text_of(set, "by"),
                    text_of(set, "team"), text_of(set, "incidents_open"),
                    text_of(set, "alerts_copied"), over ? ended_text(set) : text_of(set, "why")});
  }
  return lever_text(answer) + table(rows);
}

std::string length_of(const json& set) {
  const auto from = parse_rfc3339(set.at("since").get<std::string>());
  const auto until = parse_rfc3339(set.at("until").get<std::string>());
  if (!from || !until) return "-";
  return format_duration(std::chrono::floor<std::chrono::seconds>(*until - *from));
}

std::string reach_text(const json& set) {
  const std::string people = joined(set.at("reaches").at("people"));
  const std::string channels = joined(set.at("reaches").at("channels"));
  std::string text = people.empty() ? "it can page nobody" : "it can page " + people;
  if (!channels.empty()) text += ", and tell the channels " + channels;
  return text + "; nobody else hears of it";
}

std::string on_text(const json& set) {
  const std::string name = set.at("name"), state = set.at("state");
  std::string text = "GameDay set " + name + " is " + state + ", run " + text_of(set, "run") + ": ";
  text += "from " + text_of(set, "since") + " until " + text_of(set, "until") + " (" +
          length_of(set) + ")\n" + reach_text(set) + "\n";
  if (const std::string copies = joined(set.at("copies"), " "); !copies.empty())
    text += "beside what is tagged for it, it copies " + copies + "\n";
  return harmless(text + "to end it before its time: tocsin gameday off " + name + "\n");
}

std::string off_text(const json& answer) {
  std::string text;
  const json sets =
      answer.contains("gamedays") ? answer.at("gamedays") : json::array({answer.at("gameday")});
  for (const json& set : sets) {
    if (set.is_null()) continue;
    text += "GameDay set " + set.at("name").get<std::string>() + " is " +
            set.at("state").get<std::string>();
    text += set.at("until").is_null() ? "\n" : " since " + text_of(set, "until") + "\n";
  }
  if (sets.empty()) text += "there are no GameDay sets\n";
  const json& in_flight = answer.at("in_flight");
  for (const json& each : in_flight)
    text += "being sent at that moment: " + text_of(each, "type") + " to " + text_of(each, "to") +
            " (" + text_of(each, "channel") + ") for " + text_of(each, "incident") + ", " +
            text_of(each, "title") + "\n";
  if (in_flight.empty()) text += "nothing was being sent at that moment\n";
  const json& nodes = answer.at("unconfirmed_nodes");
  if (nodes.empty()) return harmless(text + "every node that lives knows it\n");
  for (const json& node : nodes)
    text += "not yet confirmed by node " + node.get<std::string>() +
            ": it is silent 5 s after it last heard the journal\n";
  return harmless(text);
}

std::string status_text(const json& set) {
  Rows rows{{"set", set.at("name")}, {"state", state_of(set)}};
  const auto add = [&](const char* name, const char* member) {
    if (!set.at(member).is_null()) rows.push_back({name, text_of(set, member)});
  };
  add("team", "team");
  add("run", "run");
  add("since", "since");
  add("until", "until");
  add("by", "by");
  add("why", "why");
  if (!set.at("ended").is_null()) rows.push_back({"ended", ended_text(set)});
  add("pages", "page");
  rows.push_back({"reaches", reach_text(set)});
  rows.push_back({"copies", joined(set.at("copies"), " ")});
  add("longest", "longest");
  add("alerts copied", "alerts_copied");
  std::string text = lever_text(set) + table(rows, LastColumn::whole);
  rows = {{"INCIDENT", "STATE", "OPENED", "PAGED", "TITLE"}};
  Rows notes;
  for (const json& i : set.at("incidents")) {
    const std::string paged = joined(i.at("paged"));
    rows.push_back({i.at("id"), i.at("cut_off").get<bool>() ? "cut off" : text_of(i, "state"),
                    i.at("opened_at"), paged.empty() ? "-" : paged, i.at("title")});
    for (const json& m : i.at("in_flight"))
      notes.push_back({i.at("id"), "being sent", text_of(m, "type") + " to " + text_of(m, "to")});
    for (const json& r : i.at("refused"))
      notes.push_back({i.at("id"), "held back", text_of(r, "at") + " " + text_of(r, "text")});
  }
  if (rows.size() > 1) text += "\n" + table(rows);
  if (!notes.empty()) text += "\n" + table(notes, LastColumn::whole);
  rows = {{"RUN", "SINCE", "UNTIL", "BY", "ENDED", "WHY"}};
  for (const json& run : set.at("runs"))
    rows.push_back({text_of(run, "run"), text_of(run, "since"), text_of(run, "until"),
                    text_of(run, "by"), ended_text(run), text_of(run, "why")});
  if (rows.size() > 1) text += "\n" + table(rows);
  return text;
}

std::string body_of(const GamedayOptions& options) {
  json body = json::object();
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) body[name] = text;
  };
  add("for", options.length);
  add("at", options.from);
  add("why", options.why);
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> ask(const GamedayOptions& o) {
  const std::string all = "/api/v1/gamedays", one = all + "/" + in_url(o.set);
  if (o.what == "list") return call(o.at, "GET", all);
  if (o.what == "status") return call(o.at, "GET", one);
  if (o.what == "on") return call(o.at, "POST", one + "/on", body_of(o));
  if (o.what == "off") return call(o.at, "POST", (o.all ? all : one) + "/off", body_of(o));
  return call(
      o.at, "GET",
      one + "/report?format=" + (o.at.json ? "json" : "markdown") + "&last=" + in_url(o.last));
}

}  // namespace

int gameday(const GamedayOptions& options) {
  if (options.what == "clone") return clone(options.clone);
  if (options.what == "lever") return lever(options);
  if (options.what == "off" && options.set.empty() && !options.all) {
    std::fputs("name the set that is to be turned off, or say --all\n", stderr);
    return kWrongUse;
  }
  const auto answer = ask(options);
  if (!answer) return failed(answer.error());
  if (options.at.json) return std::printf("%s\n", answer->c_str()) < 0;
  if (options.what == "report") return std::fputs(harmless(*answer).c_str(), stdout) < 0;
  try {
    const json parsed = json::parse(*answer);
    const std::string text = options.what == "list"     ? list_text(parsed)
                             : options.what == "status" ? status_text(parsed)
                             : options.what == "on"     ? on_text(parsed)
                                                        : off_text(parsed);
    std::fputs(text.c_str(), stdout);
  } catch (const json::exception&) {
    return failed(corrupt("the answer is not what tocsin answers; is this its address?"));
  }
  return 0;
}

}  // namespace tocsin::commands
