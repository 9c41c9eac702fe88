#include "router/api/gameday_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "router/api/api.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/told.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }
json when(const std::optional<WallTime>& time) {
  return time ? json(format_rfc3339(*time)) : json(nullptr);
}

json lever_or_null(const std::optional<gameday::Lever>& lever) {
  if (!lever) return nullptr;
  return {
      {"by", text_or_null(lever->by)}, {"at", when(lever->at)}, {"why", text_or_null(lever->why)}};
}

json ended(const gameday::Run& run, const Instant& now) {
  const auto end = end_of(run, now);
  if (!end) return nullptr;
  return {{"kind", end->kind},
          {"by", text_or_null(end->by)},
          {"why", text_or_null(end->why)},
          {"at", when(end->at)}};
}

json run_json(const gameday::Run& run, const Instant& now) {
  return {{"run", run.number},
          {"state", state_of(&run, now)},
          {"since", when(run.starts_at)},
          {"until", when(run.over_at())},
          {"by", text_or_null(run.by)},
          {"why", text_or_null(run.why)},
          {"people", run.people},
          {"ended", ended(run, now)}};
}

json matchers(const gameday::Set& set) {
  json all = json::array();
  for (const rules::Matcher& matcher : set.copies) all.push_back(matcher.text());
  return all;
}

json set_json(const KnownSet& known, const Instant& now) {
  const gameday::Run* const run = known.last_run();
  const gameday::Set* const set = known.set;
  json all = {{"name", known.name},
              {"team", text_or_null(set   ? set->team
                                    : run ? run->team
                                          : "")},
              {"configured", set != nullptr},
              {"state", state_of(run, now)},
              {"run", run ? json(run->number) : json(nullptr)},
              {"since", run ? when(run->starts_at) : json(nullptr)},
              {"until", run ? when(run->over_at()) : json(nullptr)},
              {"by", run ? text_or_null(run->by) : json(nullptr)},
              {"why", run ? text_or_null(run->why) : json(nullptr)},
              {"ended", run ? ended(*run, now) : json(nullptr)},
              {"page", set ? text_or_null(set->page) : json(nullptr)},
              {"reaches", {{"people", known.reach.people}, {"channels", known.reach.channels}}},
              {"copies", set ? matchers(*set) : json::array()},
              {"longest", set ? json(format_duration(set->longest)) : json(nullptr)},
              {"incidents_open", known.counts.open},
              {"alerts_copied", known.counts.alerts}};
  return all;
}

std::string name_of(const Contact& contact) {
  return contact.person.empty() ? contact.channel : contact.person;
}

json message(const engine::Incident& incident, const engine::MessageState& m) {
  return {{"incident", incident.id.text},      {"title", incident.title},
          {"gameday", incident.realm.gameday}, {"type", to_string(m.kind)},
          {"to", name_of(m.contact)},          {"channel", m.contact.channel}};
}

json in_flight(const engine::Incident& incident) {
  json all = json::array();
  for (const engine::MessageState& m : incident.messages)
    if (m.status == engine::MessageStatus::sending) all.push_back(message(incident, m));
  return all;
}

json drill(const engine::Incident& incident) {
  json paged = json::array(), refused = json::array();
  for (const std::string& each : paged_of(incident)) paged.push_back(each);
  for (const engine::TimelineEntry& entry : engine::withheld_attempts(incident))
    refused.push_back({{"at", format_rfc3339(entry.at)}, {"text", entry.text}});
  return {{"id", incident.id.text},
          {"title", incident.title},
          {"state", engine::to_string(incident.state)},
          {"severity", to_string(incident.decision->severity)},
          {"opened_at", format_rfc3339(incident.opened_at)},
          {"acknowledged_at", when(incident.acknowledged_at)},
          {"acknowledged_by", text_or_null(incident.acknowledged_by)},
          {"resolved_at", when(incident.resolved_at)},
          {"cut_off", engine::was_cut_off(incident)},
          {"paged", paged},
          {"in_flight", in_flight(incident)},
          {"refused", refused}};
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Result<WallTime> start_asked(const std::string& text, bool is_on, const Instant& now) {
  const auto at = parse_rfc3339(text);
  if (!at) return invalid("at: " + at.error().message + "; write e.g. 2026-11-22T14:00:00Z");
  if (is_on)
    return refused(
        "at: the set is on already; leave it out to change its end, or turn the set off first");
  if (*at < now.wall) return invalid("at: it has passed; leave it out to begin now");
  if (*at > now.wall + kLatestStart)
    return invalid("at: at most " + format_duration(kLatestStart) + " from now");
  return *at;
}

}  // namespace

std::vector<std::string> paged_of(const engine::Incident& incident) {
  std::vector<std::string> names;
  for (const engine::MessageState& m : incident.messages)
    if (m.kind == MessageKind::page && m.status == engine::MessageStatus::accepted)
      add(names, name_of(m.contact));
  return names;
}

Reach reach_of(const gameday::Set& set, const engine::Configuration& configuration,
               const oncall::Overrides& overrides) {
  Reach reach;
  for (const Contact& contact : engine::everybody_of(set, configuration, overrides))
    add(contact.person.empty() ? reach.channels : reach.people, name_of(contact));
  return reach;
}

std::string_view state_of(const gameday::Run* last, const Instant& now) {
  if (!last) return "off";
  if (gameday::is_on(*last, now)) return "on";
  if (!gameday::is_over(*last, now)) return "scheduled";
  const bool paused = last->ending && last->ending->kind == gameday::EndKind::paused;
  return paused ? "paused" : "off";
}

std::optional<RunEnd> end_of(const gameday::Run& run, const Instant& now) {
  if (!gameday::is_over(run, now)) return std::nullopt;
  // Whoever turns everything off to be sure has not ended what was over by then.
  const bool by_itself =
      !run.ending || (run.ending->at >= run.ends_at() && run.ends_at() <= now.wall);
  if (by_itself) return RunEnd{"time", "", "", run.ends_at()};
  return RunEnd{std::string(to_string(run.ending->kind)), run.ending->by, run.ending->why,
                run.over_at()};
}

std::string gamedays_json(const std::vector<KnownSet>& sets,
                          const std::optional<gameday::Lever>& lever, const Instant& now) {
  json all = json::array();
  for (const KnownSet& set : sets) all.push_back(set_json(set, now));
  return dump({{"lever", lever_or_null(lever)}, {"gamedays", all}});
}

std::string gameday_json(const KnownSet& set, const Instant& now) {
  return dump(set_json(set, now));
}

std::string gameday_json(const KnownSet& set, const std::optional<gameday::Lever>& lever,
                         const std::vector<engine::Incident>& drills, const Instant& now) {
  json all = set_json(set, now);
  json runs = json::array(), incidents = json::array();
  for (const gameday::Run& run : set.runs) runs.push_back(run_json(run, now));
  for (const engine::Incident& incident : drills) incidents.push_back(drill(incident));
  all["lever"] = lever_or_null(lever);
  all["runs"] = runs;
  all["incidents"] = incidents;
  return dump(all);
}

std::string in_flight_json(const std::vector<engine::Incident>& drills) {
  json all = json::array();
  for (const engine::Incident& incident : drills)
    for (json& each : in_flight(incident)) all.push_back(std::move(each));
  return dump(all);
}

Result<gameday::Run> run_asked(const ChangeBody& body, const gameday::Set& set,
                               const gameday::Run* last, const Instant& now) {
  const bool is_on = last && gameday::is_on(*last, now);
  gameday::Run run;
  run.number = last ? last->number + 1 : 1;  // unless it goes on in the one before
  run.said = now;
  run.starts_at = now.wall;
  run.team = set.team;
  if (const std::string* const at = body.text("at")) {
    TOCSIN_TRY(run.starts_at, start_asked(*at, is_on, now));
  }
  if (body.text("why")) {
    TOCSIN_TRY(run.why, needed_text(body, "why", kMostNoteBytes));
  }
  const Duration longest = std::min(set.longest, gameday::kLongestOfAll);
  // One that is on is as long as it may be from its beginning.
  const Duration most = is_on ? last->starts_at + longest - now.wall : longest;
  if (most <= Duration::zero())
    return invalid("GameDay set " + set.name + " is on since " + format_rfc3339(last->starts_at) +
                   ", longer than " + format_duration(longest) +
                   ", its longest by now; turn it off first");
  run.length = most;
  const std::string* const length = body.text("for");
  if (!length) return run;
  const auto parsed = parse_duration(*length);
  if (!parsed) return invalid("for: " + parsed.error().message + R"(; write e.g. "2h" or "30m")");
  if (*parsed <= Duration::zero()) return invalid(R"(for: longer than nothing; write e.g. "2h")");
  if (*parsed > longest)
    return invalid("for: GameDay set " + set.name + " is on for " + format_duration(longest) +
                   " at the longest");
  if (*parsed > most)
    return invalid(
        "for: GameDay set " + set.name + " is on since " + format_rfc3339(last->starts_at) +
        ", and for " + format_duration(longest) + " at the longest: from now on " +
        format_duration(std::chrono::floor<std::chrono::seconds>(most)) + " at the most");
  run.length = *parsed;
  return run;
}

}  // namespace tocsin::api
