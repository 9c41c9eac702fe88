// GameDay sets: listed, turned on and off, and what their runs showed.
#include <algorithm>
#include <charconv>

#include "router/api/answers.hpp"
#include "router/api/api.hpp"
#include "router/api/gameday_json.hpp"
#include "router/api/gameday_report.hpp"
#include "router/core/problem.hpp"
#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

using engine::CommandAnswer;

/// So long an answer to `off` waits for the other nodes to say that they have read it.
constexpr Duration kConfirmWait = std::chrono::milliseconds(900);
constexpr std::size_t kMostDrills = 1'000;
constexpr std::uint32_t kRunsReported = 5;

const char* const kStopsAtOnce =
    "; `tocsin gameday lever pull` on a node's own disk stops its drills at once, whatever is away";

/// Where several facts are one request: answers when all have been.
struct Gathering {
  std::mutex mutex;
  std::size_t missing = 0;
  CommandAnswer worst{CommandAnswer::What::done, "", 0};

  /// The answer of all, once there is one.
  std::optional<CommandAnswer> add(const CommandAnswer& answer) {
    const std::lock_guard lock(mutex);
    const Position at = std::max(worst.at, answer.at);
    if (answer.what != CommandAnswer::What::done) worst = answer;
    worst.at = at;
    return --missing == 0 ? std::optional(worst) : std::nullopt;
  }
};

Result<std::uint32_t> last_asked(std::string_view text) {
  std::uint32_t last = kRunsReported;
  if (text.empty()) return last;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), last);
  if (fault != std::errc() || end != text.data() + text.size() || last < 1 ||
      last > gameday::kMostRunsKept)
    return invalid("last: a number from 1 to " + std::to_string(gameday::kMostRunsKept));
  return last;
}

}  // namespace

void Api::add_gameday_routes(std::vector<HttpRoute>& routes) {
  const std::string all = "/api/v1/gamedays", one = all + "/([^/]+)";
  const auto look = [this](auto handler) {
    return guarded(Access::view,
                   [this, handler](const auto& request, const Caller&, const HttpReply& reply) {
                     (this->*handler)(request, reply);
                   });
  };
  routes.push_back({"GET", all, look(&Api::list_gamedays)});
  routes.push_back({"GET", one, look(&Api::show_gameday)});
  routes.push_back({"GET", one + "/report", look(&Api::report_gameday)});
  routes.push_back(
      {"POST", all + "/off",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         turn_off(request, caller, "", std::move(reply));
       })});
  routes.push_back(
      {"POST", one + "/on",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         turn_on(request, caller, std::move(reply));
       })});
  routes.push_back(
      {"POST", one + "/off",
       guarded(Access::respond, [this](const auto& request, const Caller& caller, HttpReply reply) {
         turn_off(request, caller, request.matches.at(0), std::move(reply));
       })});
}

std::shared_ptr<const engine::Configuration> Api::configured() const {
  static const auto kNone = std::make_shared<const engine::Configuration>();
  const auto configuration = deps_.configuration ? deps_.configuration() : nullptr;
  return configuration ? configuration : kNone;
}

std::optional<gameday::Lever> Api::lever() const {
  return deps_.lever ? deps_.lever() : std::nullopt;
}

// `configuration` is what the sets point into.
std::vector<KnownSet> Api::known_sets(const engine::Configuration& configuration) const {
  std::map<std::string, KnownSet> sets;
  for (const auto& [name, set] : configuration.gamedays)
    sets[name] = {name, &set, reach_of(set, configuration, {}), {}, {}};
  for (auto& [name, runs] : owner_.state().gamedays()) {
    sets[name].name = name;
    sets[name].runs = std::move(runs);
  }
  const auto counts = owner_.state().drills();
  std::vector<KnownSet> all;
  for (auto& each : sets) {
    KnownSet& known = each.second;
    if (!known.set && known.runs.empty()) continue;
    if (const gameday::Run* const run = known.last_run())
      if (const auto found = counts.find({known.name, run->number}); found != counts.end())
        known.counts = found->second;
    all.push_back(std::move(known));
  }
  return all;
}

Result<KnownSet> Api::known_set(const std::string& name,
                                const engine::Configuration& configuration) const {
  std::string names;
  for (KnownSet& known : known_sets(configuration)) {
    if (known.name == name) return std::move(known);
    names += (names.empty() ? "" : ", ") + known.name;
  }
  return not_found("there is no GameDay set " + one_line(name) +
                   "; there are: " + (names.empty() ? "none" : names));
}

std::vector<engine::Incident> Api::drills_of(const std::string& set, std::uint32_t run) const {
  engine::IncidentQuery query;
  query.gameday = set;
  query.limit = kMostDrills;
  std::vector<engine::Incident> drills;
  for (engine::IncidentView& view : owner_.state().list(query).incidents)
    if (view.incident.realm.run == run) drills.push_back(std::move(view.incident));
  return drills;
}

void Api::list_gamedays(const HttpRequest&, const HttpReply& reply) const {
  const auto configuration = configured();
  reply(json_answer(gamedays_json(known_sets(*configuration), lever(), clock_.now())));
}

void Api::show_gameday(const HttpRequest& request, const HttpReply& reply) const {
  const auto configuration = configured();
  const auto known = known_set(request.matches.at(0), *configuration);
  if (!known) return reply(problem_of(known.error()));
  const gameday::Run* const run = known->last_run();
  reply(json_answer(gameday_json(
      *known, lever(), run ? drills_of(known->name, run->number) : std::vector<engine::Incident>(),
      clock_.now())));
}

void Api::turn_on(const HttpRequest& request, const Caller& caller, HttpReply reply) {
  const auto configuration = configured();
  const std::string name = request.matches.at(0);
  const auto known = known_set(name, *configuration);
  if (!known) return reply(problem_of(known.error()));
  if (!known->set)
    return reply(problem(404, "GameDay set " + name + " is not configured any more"));
  const auto body = read_change(request.body, kGamedayOnFields);
  if (!body) return reply(problem_of(body.error()));
  auto run = run_asked(*body, *known->set, known->last_run(), clock_.now());
  if (!run) return reply(problem_of(run.error()));
  if (const auto pulled = lever())
    return reply(problem(409, sentence(*pulled) + "; nothing is turned on here until it is "
                                                  "released: tocsin gameday lever release"));
  run->by = caller.name;
  run->people = known->reach.people;
  owner_.submit(
      control::GamedayOn{name, std::move(*run), known->set->longest}, kCommandPatience,
      [this, name, reply = std::move(reply)](const CommandAnswer& answer) {
        if (answer.what != CommandAnswer::What::done) return reply(not_on(answer));
        const auto by = configured();
        const auto after = known_set(name, *by);
        reply(after ? json_answer(gameday_json(*after, clock_.now())) : problem_of(after.error()));
      });
}

HttpResponse Api::not_on(const CommandAnswer& answer) const {
  if (answer.what == CommandAnswer::What::refused) return problem(409, answer.why);
  if (deps_.on_island && deps_.on_island())
    return problem(503,
                   "the journal is away, and a drill must not begin where nobody else can hear of "
                   "it or end it; turn it on when the journal is back");
  return problem(503, "not confirmed, and it may be on all the same: look again, or turn it off: " +
                          answer.why);
}

HttpResponse Api::not_off(const CommandAnswer& answer) const {
  if (deps_.on_island && deps_.on_island())
    return problem(503,
                   "the journal is away, so that nobody can be told that it is off; drills are "
                   "silent anyway until the journal is back. Turn it off again then");
  return problem(503, "not confirmed, try again: " + answer.why + kStopsAtOnce);
}

// Said also of what is not on as far as this node knows: somebody may have turned it on a moment
// ago elsewhere.
void Api::turn_off(const HttpRequest& request, const Caller& caller, const std::string& name,
                   HttpReply reply) {
  const auto configuration = configured();
  std::vector<std::string> names;
  if (!name.empty()) {
    const auto known = known_set(name, *configuration);
    if (!known) return reply(problem_of(known.error()));
    names = {name};
  } else {
    for (const KnownSet& known : known_sets(*configuration)) names.push_back(known.name);
  }
  const auto body = read_change(request.body, kGamedayOffFields);
  if (!body) return reply(problem_of(body.error()));
  std::string why;
  if (body->text("why")) {
    auto words = needed_text(*body, "why", kMostNoteBytes);
    if (!words) return reply(problem_of(words.error()));
    why = std::move(*words);
  }
  const WallTime now = clock_.now().wall;
  const auto gathering = std::make_shared<Gathering>();
  gathering->missing = names.size();
  const bool all = name.empty();
  if (names.empty()) return are_off(names, all, 0, reply);
  for (const std::string& each : names)
    owner_.submit(control::GamedayEnded{each, {gameday::EndKind::off, caller.name, why, now}},
                  kCommandPatience, [this, gathering, names, all, reply](const auto& answer) {
                    const auto whole = gathering->add(answer);
                    if (!whole) return;
                    if (whole->what != CommandAnswer::What::done) return reply(not_off(*whole));
                    are_off(names, all, whole->at, reply);
                  });
}

// They are off on this node, at this moment. What was on its way then cannot be called back.
void Api::are_off(const std::vector<std::string>& names, bool all, Position at, HttpReply reply) {
  std::vector<engine::Incident> drills;
  const auto runs = owner_.state().gamedays();
  for (const std::string& name : names)
    if (const auto found = runs.find(name); found != runs.end() && !found->second.empty()) {
      const std::uint32_t run = found->second.back().number;
      for (engine::Incident& drill : drills_of(name, run)) drills.push_back(std::move(drill));
      // What is told at once may be under way as well.
      for (engine::Incident& host : owner_.state().bundles({name, run}))
        drills.push_back(std::move(host));
    }
  confirming_.await(at, kConfirmWait,
                    [this, names, all, in_flight = in_flight_json(drills),
                     reply = std::move(reply)](const std::vector<std::string>& unconfirmed) {
                      const auto configuration = configured();
                      const Instant now = clock_.now();
                      std::string sets, nodes;
                      for (const KnownSet& known : known_sets(*configuration))
                        if (std::find(names.begin(), names.end(), known.name) != names.end())
                          sets += (sets.empty() ? "" : ",") + gameday_json(known, now);
                      for (const std::string& node : unconfirmed)
                        nodes += (nodes.empty() ? "" : ",") + json_string(node);
                      if (all) sets = "[" + sets + "]";
                      if (sets.empty())
                        sets = "null";  // its configuration and its runs went at this moment
                      reply(json_answer(std::string("{\"") + (all ? "gamedays" : "gameday") +
                                        "\":" + sets + ",\"in_flight\":" + in_flight +
                                        ",\"unconfirmed_nodes\":[" + nodes + "]}"));
                    });
}

void Api::report_gameday(const HttpRequest& request, const HttpReply& reply) const {
  const auto configuration = configured();
  const auto known = known_set(request.matches.at(0), *configuration);
  if (!known) return reply(problem_of(known.error()));
  const auto last = last_asked(request.query_value("last"));
  if (!last) return reply(problem_of(last.error()));
  const std::string_view format = request.query_value("format");
  if (!format.empty() && format != "json" && format != "markdown")
    return reply(problem(400, "format: json or markdown"));
  std::vector<gameday::Run> runs = known->runs;
  const std::size_t looked_at = std::size_t{*last} + 1;  // each has one to be compared with
  if (runs.size() > looked_at)
    runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(looked_at));
  auto drills = drills_for_report(history_, known->name, runs);
  if (!drills) return reply(problem_of(drills.error()));
  const GamedayReport report{
      known->name, known->set ? known->set->team : "",
      last_of(gameday::report(std::move(runs), std::move(drills->incidents)), *last),
      drills->incomplete};
  const Instant now = clock_.now();
  if (format != "markdown") return reply(json_answer(report_json(report, now)));
  HttpResponse answer = json_answer(report_markdown(report, now));
  answer.content_type = "text/markdown; charset=utf-8";
  reply(std::move(answer));
}

}  // namespace tocsin::api
