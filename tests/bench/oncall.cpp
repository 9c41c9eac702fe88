// How long it takes to say who is on call in very many rotas at one instant, and to prove that
// rules are covered for ninety days.
//
//   oncall_bench [TIMES]    a figure is the median of so many, of the processor's time
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "router/oncall/board.hpp"
#include "router/oncall/coverage.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::oncall;
using std::chrono::hours;

constexpr std::size_t kPeople = 2000;
constexpr std::size_t kOverridesEach = 25;  // configured, and as many by API
constexpr hours kDay{24};

const std::vector<std::string> kZones{"Europe/Dublin",       "Europe/Berlin",
                                      "America/New_York",    "America/Los_Angeles",
                                      "America/Sao_Paulo",   "Asia/Kolkata",
                                      "Asia/Tokyo",          "Australia/Sydney",
                                      "Australia/Lord_Howe", "Africa/Nairobi",
                                      "Africa/Casablanca",   "Pacific/Auckland",
                                      "Asia/Kathmandu",      "UTC",
                                      "America/Mexico_City", "Asia/Singapore"};

WallTime now() { return parse_rfc3339("2026-11-22T01:52:43Z").value(); }

std::string person(std::size_t number) { return "person-" + std::to_string(number % kPeople); }

/// A world of so many rotas: a layer by the week, one at night by the day, one in office hours in
/// another zone; fifty overrides within half a year, of which some hold; every tenth is on leave.
struct World {
  Rotas rotas;
  Directory people;
  Overrides overrides;
  Policies policies;
  std::vector<Paging> pagings;

  explicit World(std::size_t count) {
    std::vector<Zone> zones;
    for (const std::string& name : kZones) zones.push_back(Zone::load(name).value());
    add_people(zones);
    for (std::size_t number = 0; number < count; ++number) add_rota(number, zones);
  }

  void add_people(const std::vector<Zone>& zones) {
    for (std::size_t number = 0; number < kPeople; ++number) {
      Person each;
      each.name = person(number);
      each.notify = {{"push", each.name, {}, {}}};
      each.time_zone = zones[number % zones.size()];
      if (number % 10 == 0) each.leave = {{now() - 3 * kDay, now() + 11 * kDay, "holiday"}};
      if (number % 2 == 0) each.quiet_hours = {daily(each.time_zone, 22, 7)};
      people.people.emplace(each.name, each);
    }
  }

  static Schedule daily(const Zone& zone, int from, int until) {
    Schedule schedule;
    schedule.zone = zone;
    schedule.from_minute = from * 60;
    schedule.until_minute = until * 60;
    return schedule;
  }

  static Layer layer(std::size_t number, ShiftLength every) {
    Layer made;
    for (std::size_t i = 0; i < 6; ++i) made.people.push_back(person(number * 7 + i * 31));
    made.rotation.every = {every};
    made.rotation.start = {2026, 1, 5, 9, 0, 0};
    return made;
  }

  void add_rota(std::size_t number, const std::vector<Zone>& zones) {
    Rota rota;
    rota.name = "rota-" + std::to_string(number);
    rota.time_zone = zones[number % zones.size()];
    rota.layers = {layer(number, {1, ShiftLength::Unit::week}),
                   layer(number + 1, {1, ShiftLength::Unit::day}),
                   layer(number + 2, {2, ShiftLength::Unit::week})};
    rota.layers[1].only = {daily(rota.time_zone, 20, 8)};
    rota.layers[2].time_zone = zones[(number / 3) % zones.size()];
    Schedule office = daily(*rota.layers[2].time_zone, 9, 17);
    office.days = Weekdays();
    for (int day = 0; day < 5; ++day) office.days.add(static_cast<Weekday>(day));
    rota.layers[2].only = {office};
    std::vector<Override>& made = overrides[rota.name];
    for (std::size_t i = 0; i < kOverridesEach; ++i) {
      const auto add = [&](std::vector<Override>& to, std::size_t spread) {
        const WallTime from = now() + hours((number * 13 + spread * 97) % 4400) - 90 * kDay;
        to.push_back({person(number + spread), from, from + kDay, "swapped", "", "ops"});
      };
      add(rota.overrides, 2 * i);
      add(made, 2 * i + 1);
    }
    rotas.emplace(rota.name, std::move(rota));
  }

  /// Rules and policies, each policy with a rota of its own while there are as many.
  void add_rules(std::size_t count, std::size_t policy_count) {
    for (std::size_t number = 0; number < policy_count; ++number) {
      Policy policy;
      policy.name = "policy-" + std::to_string(number);
      const std::string rota = "rota-" + std::to_string(number % rotas.size());
      Step first, second;
      first.page = {{Target::Kind::rota, rota}};
      second.page = {{Target::Kind::rota, rota}, {Target::Kind::person, person(number)}};
      second.only.hours = {daily(rotas.at(rota).time_zone, 8, 20)};
      policy.steps = {first, second};
      policies.emplace(policy.name, policy);
    }
    for (std::size_t number = 0; number < count; ++number) {
      Paging paging;
      paging.rule = "rule-" + std::to_string(number);
      paging.policy = "policy-" + std::to_string(number % policy_count);
      if (number % 3 != 0) paging.severity = Severity::critical;
      pagings.push_back(paging);
    }
  }

  Roster roster() const { return {rotas, people, overrides}; }
};

/// Of this process, whoever else the machine works for.
double processor_ms() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

template <typename Work>
double median_ms(std::size_t times, Work work) {
  std::vector<double> took;
  for (std::size_t i = 0; i < times; ++i) {
    const double begin = processor_ms();
    work(i);
    took.push_back(processor_ms() - begin);
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

void on_call_at_once(std::size_t times) {
  const World world(10'000);
  const Roster roster = world.roster();
  // Every time another instant, half an hour later, so that nothing is the same as before.
  std::size_t somebody = 0;
  const auto moment_of = [](std::size_t i) { return now() + i * std::chrono::minutes(30); };
  const auto count_all = [&](const auto& all) {
    for (const auto& each : all) somebody += each.second.person.empty() ? 0 : 1;
  };
  const double made = median_ms(times, [&](std::size_t) { static_cast<void>(Board(roster)); });
  const Board board(roster);
  const double on_board = median_ms(times, [&](std::size_t i) {
    At moment(moment_of(i));
    count_all(board.everybody(moment));
  });
  const double together = median_ms(times, [&](std::size_t i) {
    At moment(moment_of(i));
    count_all(everybody(roster, moment));
  });
  const double one_by_one = median_ms(times, [&](std::size_t i) {
    for (const auto& each : roster.rotas)
      somebody += on_call(roster, each.first, moment_of(i)).person.empty() ? 0 : 1;
  });
  if (somebody < 10'000) std::abort();
  std::printf("10,000 rotas of three layers and fifty overrides, who is on call at one instant\n");
  std::printf("  on a board, all together            %8.2f ms\n", on_board);
  std::printf("  from the rotas, all together        %8.2f ms\n", together);
  std::printf("  from the rotas, each by itself      %8.2f ms\n", one_by_one);
  std::printf("  making the board, once              %8.2f ms\n", made);
}

void covered(std::size_t rotas, std::size_t policies, std::size_t times) {
  World world(rotas);
  world.add_rules(1'000, policies);
  std::size_t gaps = 0;
  const double took = median_ms(times, [&](std::size_t) {
    const Coverage coverage = cover(
        world.pagings, world.policies, "policy-0", world.roster(),
        [](std::string_view who, std::string_view, std::string_view) { return who != "person-7"; },
        now(), now() + 90 * kDay);
    gaps = coverage.gaps.size() + coverage.left_out;
  });
  std::printf("1,000 rules, %4zu policies, %4zu rotas: ninety days %8.0f ms, %zu gaps\n", policies,
              rotas, took, gaps);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t times = argc > 1 ? static_cast<std::size_t>(std::atoi(argv[1])) : 21;
  on_call_at_once(std::max<std::size_t>(times, 1));
  for (const std::size_t count : {100U, 1'000U})
    covered(count, count, std::max<std::size_t>(times / 7, 1));
  return 0;
}
