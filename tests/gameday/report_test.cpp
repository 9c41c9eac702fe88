#include "router/gameday/report.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::gameday;
using namespace std::chrono_literals;

namespace {

const WallTime kMorning(std::chrono::seconds(1'795'312'800));

Run run_at(std::uint32_t number, WallTime at) {
  Run run;
  run.number = number;
  run.starts_at = at;
  run.said = {at, 1, 0s};
  run.length = 3h;
  return run;
}

DrillIncident incident(std::uint32_t run, WallTime opened, std::optional<Duration> paged,
                       std::optional<Duration> resolved) {
  DrillIncident made;
  made.run = run;
  made.alerts = 1;
  made.opened_at = opened;
  if (paged) made.paged_at = opened + *paged;
  if (resolved) made.resolved_at = opened + *resolved;
  return made;
}

}  // namespace

TEST_CASE("two runs of one day are compared: 56 minutes and then 27 are 51 percent quicker") {
  const WallTime second = kMorning + 4h;
  const auto runs =
      report({run_at(1, kMorning), run_at(2, second)},
             {incident(1, kMorning + 5min, 20s, 40min), incident(1, kMorning + 10min, 15s, 51min),
              incident(2, second + 2min, 9s, 27min), incident(2, second + 3min, 30s, 11min)});
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].restored_in == Duration(56min));
  CHECK(runs[0].first_alert == kMorning + 5min);
  CHECK(runs[0].paged_in == Duration(20s));
  CHECK(runs[0].alerts == 2);
  CHECK_FALSE(runs[0].change);
  CHECK(runs[1].restored_in == Duration(27min));
  CHECK(runs[1].change == Change{1, -51});
}

TEST_CASE("a slower run says by how much and equal ones by nothing") {
  const auto runs = report({run_at(1, kMorning), run_at(2, kMorning), run_at(3, kMorning)},
                           {incident(1, kMorning, {}, 27min), incident(2, kMorning, {}, 56min),
                            incident(3, kMorning, {}, 56min + 1s)});
  CHECK(runs[1].change == Change{1, 107});
  CHECK(runs[2].change == Change{2, 0});
}

TEST_CASE("a run with an incident that was open when it ended was not restored") {
  auto cut_off = incident(2, kMorning, 10s, 20min);
  cut_off.cut_off = true;
  const auto runs = report({run_at(1, kMorning), run_at(2, kMorning), run_at(3, kMorning)},
                           {incident(1, kMorning, {}, 40min), incident(2, kMorning, {}, 10min),
                            cut_off, incident(3, kMorning, {}, 20min)});
  CHECK_FALSE(runs[1].restored_in);
  CHECK_FALSE(runs[1].change);
  CHECK(runs[1].paged_in == Duration(10s));
  CHECK(runs[2].change == Change{1, -50});  // against the last that was restored
}

TEST_CASE("a run with an incident that is still open is not restored yet") {
  const auto runs = report({run_at(1, kMorning)},
                           {incident(1, kMorning, {}, 40min), incident(1, kMorning, {}, {})});
  CHECK_FALSE(runs[0].restored_in);
}

TEST_CASE("a run without alerts has nothing to restore") {
  const auto runs =
      report({run_at(1, kMorning), run_at(2, kMorning)}, {incident(2, kMorning, {}, 20min)});
  CHECK(runs[0].incidents.empty());
  CHECK_FALSE(runs[0].first_alert);
  CHECK_FALSE(runs[0].restored_in);
  CHECK_FALSE(runs[1].change);
}

TEST_CASE("clocks of two machines make no time that is less than nothing") {
  const auto runs = report({run_at(1, kMorning)}, {incident(1, kMorning, -3s, -2s)});
  CHECK(runs[0].paged_in == Duration(0s));
  CHECK(runs[0].restored_in == Duration(0s));
  CHECK(runs[0].incidents[0].after(runs[0].incidents[0].resolved_at) == Duration(0s));
}
