#include "router/api/gameday_report.hpp"

#include "tests/api/drilled_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

HttpResponse report(DrilledHouse& house, const std::string& format = "",
                    const std::string& last = "") {
  return house.ask("GET", std::string(house.kOne) + "/report", {house.set}, "", "viewer",
                   {{"format", format}, {"last", last}});
}
json runs_of(DrilledHouse& house) { return json_of(report(house)).at("runs"); }

/// The set is on, its alert fires, pages, and is over after so long.
void run(DrilledHouse& house, Duration restored, const std::string& why) {
  json_of(house.on(R"({"why":")" + why + R"("})"));
  house.clock.advance(1min);
  house.drill("Disk");
  house.clock.advance(10s);
  house.conclude(Attempt::accepted("delivered"));
  house.clock.advance(restored - 10s);
  house.drill("Disk", AlertStatus::resolved);
  house.clock.advance(5min);
  json_of(house.off(R"({"why":"done"})"));
  house.outbox.started.clear();
  house.clock.advance(2h);
  house.settle();
}

}  // namespace

TEST_CASE("a GameDay that was restored in 56 minutes and then in 27 is reported as 51 percent") {
  DrilledHouse house;
  run(house, 56min, "first");
  run(house, 27min, "second");
  const json runs = runs_of(house);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].at("restored_seconds") == 56 * 60);
  CHECK(runs[0].at("change").is_null());
  CHECK(runs[1].at("restored_seconds") == 27 * 60);
  CHECK(runs[1].at("change") == json({{"run", 1}, {"percent", -51}}));
  CHECK(runs[1].at("by") == "fixer");
  CHECK(runs[1].at("why") == "second");
  CHECK(runs[1].at("ended") == json({{"kind", "off"}, {"by", "fixer"}, {"why", "done"}}));
  CHECK(runs[1].at("alerts_copied") == 1);
  CHECK(runs[1].at("paged_seconds") == 10);
  const json incident = runs[1].at("incidents").at(0);
  CHECK(incident.at("paged") == json::array({"linus"}));
  CHECK(incident.at("paged_seconds") == 10);
  CHECK(incident.at("resolved_seconds") == 27 * 60);
  CHECK(incident.at("cut_off") == false);
  const HttpResponse text = report(house, "markdown");
  CHECK(text.content_type == "text/markdown; charset=utf-8");
  for (const char* says :
       {"# GameDay pilots-staging, team pilots", "restored in 27m, 51 % quicker than run 1",
        "| 10s (linus) |", "turned off by fixer: done",
        "on: 2026-11-22T01:52:43.000Z by fixer: first"}) {
    INFO(text.body);
    CHECK(text.body.find(says) != std::string::npos);
  }
  CHECK(json_of(report(house, "json", "1")).at("runs").at(0).at("change").at("percent") == -51);
}

TEST_CASE("an incident that ended because its run did is told from one that was resolved") {
  DrilledHouse house;
  json_of(house.on());
  house.drill("Disk");
  house.drill("Net");
  house.clock.advance(10min);
  house.change(house.id_of("Net"), "resolve");
  house.clock.advance(10min);
  json_of(house.off());
  house.settle();
  house.clock.advance(1min);
  house.settle();
  const json run = runs_of(house).at(0);
  CHECK(run.at("restored") == false);
  CHECK(run.at("restored_seconds").is_null());
  for (const json& incident : run.at("incidents")) {
    INFO(incident);
    CHECK_FALSE(incident.at("resolved_at").is_null());
    CHECK(incident.at("cut_off") == (incident.at("title") == "Disk"));
  }
  CHECK(report(house, "markdown").body.find("open when the run ended") != std::string::npos);
}

TEST_CASE("who acknowledged a drill and who resolved it are in its report") {
  DrilledHouse house;
  json_of(house.on());
  house.drill("Disk");
  const std::string id = house.id_of("Disk");
  house.clock.advance(3min);
  house.change(id, "acknowledge");
  house.clock.advance(9min);
  house.change(id, "resolve");
  const json run = runs_of(house).at(0);
  CHECK(run.at("state") == "on");
  CHECK(run.at("ended").is_null());
  CHECK(run.at("restored_seconds") == 12 * 60);
  const json incident = run.at("incidents").at(0);
  CHECK(incident.at("acknowledged_seconds") == 3 * 60);
  CHECK(incident.at("acknowledged_by") == "fixer");
  CHECK(incident.at("resolved_by") == "fixer");
  CHECK(report(house, "markdown").body.find("| 3m (fixer) | 12m (fixer) |") != std::string::npos);
}

TEST_CASE("a report has the incidents that memory has no longer") {
  DrilledHouse house;
  run(house, 30min, "first");
  for (const auto& [partition, id] : house.state.resolved())
    if (const auto closed = house.state.closed(partition, id)) {
      store::History kept = house.history(id.text, closed->incident.opened_at);
      kept.gameday = house.set;
      kept.id.text += "0";  // of another incident of that run, which only the store has
      engine::Incident other = closed->incident;
      other.id = kept.id;
      other.title = "kept";
      kept.body = engine::encode_closed(other, {});
      const store::History all[] = {kept};
      REQUIRE(house.store.save(all, {}));
    }
  const json incidents = runs_of(house).at(0).at("incidents");
  REQUIRE(incidents.size() == 2);
  CHECK((incidents[0].at("title") == "kept" || incidents[1].at("title") == "kept"));
}

TEST_CASE("a set that was never on has an empty report and odd questions are refused") {
  DrilledHouse house;
  CHECK(runs_of(house).empty());
  CHECK(report(house, "markdown").body.find("not been on yet") != std::string::npos);
  for (const char* last : {"0", "51", "x", "-1"})
    CHECK(detail_of(report(house, "", last), 400).starts_with("last: "));
  CHECK(detail_of(report(house, "html"), 400).starts_with("format: "));
}

TEST_CASE("what strangers write into titles stays in its cell") {
  gameday::RunReport run;
  run.run.number = 1;
  run.run.length = 1h;
  gameday::DrillIncident incident;
  incident.title = "a|b\n# c <script> `d` [e](f)";
  run.incidents = {incident};
  const std::string text = api::report_markdown({"s", "", {run}, ""}, {});
  CHECK(text.find(R"(| a\|b \# c \<script\> \`d\` \[e\](f) ()") != std::string::npos);
}
