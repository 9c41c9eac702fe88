#include "router/api/page_view.hpp"

#include <nlohmann/json.hpp>

#include "router/api/incident_json.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::api;
using engine::IncidentState;

namespace {

const std::string kHostile =
    "<script>alert('x')</script>\"><img src=x onerror=alert(1)> & \x1b[31m";

engine::IncidentView view_of(const std::string& text) {
  engine::IncidentView view;
  engine::Incident& i = view.incident;
  i.id.text = "k7q2m9xw4c1r8t3z";
  i.title = i.service = i.decision.edit().impact = i.decision.edit().team = text;
  i.decision.edit().reasons = {{ReasonKind::suppressed_by_rule, text, text}};
  i.timeline = {{{}, "opened", text, text}};
  engine::AlertState state;
  state.alert.labels = Fields(std::vector<Fields::Pair>{{text, text}});
  state.alert.annotations = Fields(std::vector<Fields::Pair>{{text, text}});
  state.alert.generator_url = "https://example.com/?" + text;
  i.alerts = {state.id};
  i.firing = 1;
  view.alerts = {state};
  return view;
}

constexpr WallTime kNow{std::chrono::seconds(1'795'312'363)};  // 2026-11-22T01:52:43Z

HttpResponse shown(const engine::IncidentView& view, const std::string& person) {
  return page_view(view, person, kNow);
}

bool has(const HttpResponse& page, const std::string& text) {
  return page.body.find(text) != std::string::npos;
}

std::size_t count(const std::string& body, const std::string& text) {
  std::size_t found = 0;
  for (std::size_t at = body.find(text); at != std::string::npos; at = body.find(text, at + 1))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("nothing that an alert or a person says becomes markup") {
  const HttpResponse plain = shown(view_of("word"), "ada");
  engine::IncidentView view = view_of(kHostile);
  for (const auto state :
       {IncidentState::open, IncidentState::acknowledged, IncidentState::resolved}) {
    view.incident.state = state;
    view.incident.acknowledged_by = kHostile;
    view.incident.acknowledged_at = view.incident.resolved_at = WallTime();
    const HttpResponse page = shown(view, kHostile);
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "<img"));
    CHECK_FALSE(has(page, "\x1b"));
    CHECK(has(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&gt;&lt;img"));
    if (state == IncidentState::open) CHECK(count(page.body, "<") == count(plain.body, "<"));
  }
  const HttpResponse sentence = page_sentence(403, kHostile);
  CHECK(count(sentence.body, "<") == count(page_sentence(403, "word").body, "<"));
}

TEST_CASE("only web addresses become links") {
  engine::IncidentView view = view_of("word");
  for (const char* url : {"javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:alert(1)", "//x",
                          " https://x", "file:///etc/passwd", "httpx://x", ""}) {
    view.alerts[0].alert.generator_url = url;
    CHECK_FALSE(has(shown(view, ""), "href"));
  }
  for (const char* url : {"http://prometheus:9090/graph", "https://prometheus/graph"}) {
    view.alerts[0].alert.generator_url = url;
    CHECK(has(shown(view, ""), std::string("href=\"") + url + "\""));
  }
}

TEST_CASE("the button is there while somebody is needed and names who presses it") {
  engine::IncidentView view = view_of("word");
  CHECK(has(shown(view, "ada"),
            "<form method=\"post\"><button name=\"do\" value=\"acknowledge\">Acknowledge as "
            "ada</button>"));
  CHECK(has(shown(view, ""), ">Acknowledge</button>"));
  view.incident.acknowledged_at = view.incident.resolved_at = WallTime();
  for (const auto state : {IncidentState::acknowledged, IncidentState::resolved}) {
    view.incident.state = state;
    CHECK_FALSE(has(shown(view, "ada"), "<button"));
  }
}

TEST_CASE("every page forbids scripts and frames and is kept nowhere") {
  for (const HttpResponse& page : {shown(view_of("word"), ""), page_sentence(403, "no")}) {
    CHECK(page.content_type == "text/html; charset=utf-8");
    std::string headers;
    for (const auto& [name, value] : page.headers) headers += name + ": " + value + "\n";
    CHECK(headers.find("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
                       "form-action 'self'; frame-ancestors 'none'\n") != std::string::npos);
    CHECK(headers.find("Referrer-Policy: no-referrer\n") != std::string::npos);
    CHECK(headers.find("Cache-Control: no-store\n") != std::string::npos);
    CHECK(headers.find("X-Content-Type-Options: nosniff\n") != std::string::npos);
  }
}

TEST_CASE("an incident without alerts or words can be shown") {
  CHECK(shown({}, "").status == 200);
  CHECK(page_sentence(404, "").status == 404);
}

TEST_CASE("of a long story the end is shown") {
  engine::IncidentView view;
  for (int i = 0; i < 300; ++i)
    view.incident.timeline.push_back({{}, "paged", "", "entry " + std::to_string(i) + "."});
  const HttpResponse page = shown(view, "");
  CHECK(has(page, "entry 299."));
  CHECK(has(page, "entry 280."));
  CHECK_FALSE(has(page, "entry 279."));
}

TEST_CASE("the page says who has it and since when") {
  engine::IncidentView view = view_of("word");
  view.incident.opened_at = kNow - std::chrono::minutes(12);
  CHECK(has(shown(view, "ada"), "Open for 12 min (since 01:40 UTC)"));
  view.incident.state = IncidentState::acknowledged;
  view.incident.acknowledged_by = "ada";
  view.incident.acknowledged_at = kNow - std::chrono::minutes(125);
  CHECK(
      has(shown(view, "ada"), "You have it: acknowledged by ada for 2 h 5 min (since 23:47 UTC)"));
  CHECK(has(shown(view, "grace"), "ada has it: acknowledged for 2 h 5 min"));
  view.incident.snoozed = Wait{{kNow, 1, {}}, std::chrono::hours(2)};
  CHECK(has(shown(view, "ada"), "Snoozed until 03:52 UTC; then it pages again"));
  view.incident.state = IncidentState::resolved;
  view.incident.resolved_at = kNow;
  CHECK(has(shown(view, "ada"), "Resolved at 01:52 UTC: its alerts are over."));
  view.incident.resolved_by = "grace";
  CHECK(has(shown(view, "ada"), "Resolved at 01:52 UTC by grace."));
  view.incident.resolved_at = kNow - std::chrono::hours(72);
  CHECK(has(shown(view, "ada"), "Resolved at 2026-11-19 01:52 UTC by grace."));
}

TEST_CASE("a drill's page is marked first and looks otherwise and holds no control in earnest") {
  engine::IncidentView view = view_of("word");
  view.incident.decision.edit().remedy = Remedy{.hook = "restart-api"};
  view.incident.remedy = engine::RemedyState{};
  const HttpResponse real = shown(view, "ada");
  for (const char* of_drills : {"GAMEDAY", "class=\"drill\"", "class=\"mark\"", "this drill"})
    CHECK_FALSE(has(real, of_drills));
  view.incident.realm = {"cdp-staging", 2};
  const HttpResponse drill = shown(view, "ada");
  CHECK(has(drill, "<title>[GAMEDAY cdp-staging] word</title>"));
  CHECK(
      has(drill, "<body class=\"drill\"><p class=\"mark\">[GAMEDAY cdp-staging] This is a drill."));
  CHECK(has(drill, "<h1>[GAMEDAY cdp-staging] word</h1>"));
  CHECK(has(drill, ">Acknowledge this drill as ada<"));
  CHECK(has(drill, ">Run restart-api for this drill<"));
  CHECK(count(drill.body, "<button") == count(drill.body, "this drill"));
  CHECK(count(drill.body, "<button") == 2);
  view.incident.title = "[GAMEDAY cdp-staging] word";
  CHECK(shown(view, "ada").body == drill.body);
}

TEST_CASE("the JSON of a drill says which run of its set it is") {
  engine::IncidentView view = view_of("word");
  auto json = nlohmann::json::parse(incident_json(view));
  CHECK((json.at("gameday").is_null() && json.at("run").is_null()));
  view.incident.realm = {"cdp-staging", 2};
  json = nlohmann::json::parse(incident_json(view));
  CHECK(json.at("gameday") == "cdp-staging");
  CHECK(json.at("run") == 2);
}

TEST_CASE("the page says plainly that it is silenced and what was tried") {
  engine::IncidentView view = view_of("word");
  const WallTime end = kNow + std::chrono::hours(2);
  view.incident.hold = Hold{HoldKind::silence, "id",
                            "silenced by ada until " + format_rfc3339(end) + ": deploying", end};
  view.incident.tried = {"hook restart-api failed: HTTP 500"};
  const HttpResponse page = shown(view, "ada");
  CHECK(has(page, "Silenced by ada until 03:52 UTC: deploying"));
  CHECK(has(page, "What was tried</h2><ul><li>hook restart-api failed: HTTP 500</li>"));
}

TEST_CASE("the second button is there while the hook may be run") {
  engine::IncidentView view = view_of("word");
  view.incident.decision.edit().remedy = Remedy{.hook = "restart-api"};
  CHECK_FALSE(has(shown(view, "ada"), "Run restart-api"));
  for (const auto& [status, may] :
       std::vector<std::pair<RemedyStatus, bool>>{{RemedyStatus::proposed, true},
                                                  {RemedyStatus::failed, true},
                                                  {RemedyStatus::spent, true},
                                                  {RemedyStatus::limited, true},
                                                  {RemedyStatus::running, false},
                                                  {RemedyStatus::rejected, false},
                                                  {RemedyStatus::worked, false}}) {
    view.incident.remedy = engine::RemedyState{};
    view.incident.remedy->status = status;
    CHECK(has(shown(view, "ada"), "value=\"approve\" class=\"run\">Run restart-api<") == may);
  }
  view.incident.remedy->status = RemedyStatus::proposed;
  view.incident.state = IncidentState::resolved;
  CHECK_FALSE(has(shown(view, "ada"), "<button"));
}

TEST_CASE("what passed while tocsin was away says so on its page and in its JSON") {
  engine::IncidentView view = view_of("word");
  CHECK_FALSE(has(shown(view, ""), "while tocsin was away"));
  auto json = nlohmann::json::parse(incident_json(view));
  CHECK((json.at("passed").is_null() && json.at("digest").is_null()));
  engine::Incident& i = view.incident;
  i.state = IncidentState::resolved;
  i.resolved_at = kNow;
  i.passed_in = i.id;
  i.digest = engine::Digest{38, {{i.id, "word", kNow, kNow}}, {}, true};
  CHECK(has(shown(view, ""), "It opened and ended while tocsin was away. Nobody was paged"));
  json = nlohmann::json::parse(incident_json(view));
  CHECK(json.at("passed").at("digest_of") == i.id.text.str());
  CHECK(json.at("digest") == nlohmann::json{{"count", 38},
                                            {"told", true},
                                            {"incidents",
                                             {{{"id", i.id.text},
                                               {"title", "word"},
                                               {"opened_at", "2026-11-22T01:52:43.000Z"},
                                               {"ended_at", "2026-11-22T01:52:43.000Z"}}}}});
}
