// Random configurations, alerts, toggles, crashes and stepped clocks: no drill reaches production,
// none is sent while its set is off, and production's pages are the same, page for page, as in a
// twin of the world where nobody ever turned a set on. With one of the gates taken out the others
// hold alone. TOCSIN_SEED runs one seed, TOCSIN_SEEDS another number of them.
#include <cstdlib>
#include <random>

#include "tests/behaviour/gameday.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

enum class Without {
  nothing,
  name_space,    // drills are grouped as if they were real
  destinations,  // the decision leaves production's policy and rooms in a drill
  gate           // what a turn starts is sent, and nobody asks again
};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 random_;
};

/// Ways of the rules and of the sets, at random; within what `tocsin check` accepts.
std::string random_team(Chance& chance) {
  const auto maybe = [&](const std::string& text) { return chance.one_in(2) ? text : ""; };
  std::string team = "team: cdp\nchannel: room\npolicies:\n";
  team += "  - {name: escalating, steps: [{page: [{person: ada}], wait: 5m}" +
          maybe(", {page: [{channel: room}], wait: 5m}") + "]" + maybe(", repeat: 1") + "}\n";
  team += "  - {name: pilot, steps: [{page: [{person: pia}], wait: 3m}" +
          maybe(", {page: [{person: pia}, {channel: drill-room}], wait: 4m}") + "]" +
          maybe(", repeat: 2") + "}\n";
  team += "hooks:\n";
  team +=
      R"(  - {name: restart, type: webhook, url: "http://127.0.0.1:9/", limit: {runs: 2, per: 1h}, gameday: )" +
      chance.of<std::string>({"run", "dry-run", "never"}) + "}\n";
  team +=
      R"(  - {name: wipe, type: webhook, url: "http://127.0.0.1:9/", limit: {runs: 9, per: 1h}})"
      "\n";
  team += "rules:\n";
  const std::vector<std::string> outcomes{
      "page: escalating",
      "severity: critical, page: escalating",
      "after: 2m, page: escalating",
      "remediate: {hook: restart, mode: automatic, wait: 1m}, page: escalating",
      "remediate: {hook: wipe, mode: automatic, wait: 1m}, page: escalating",
      R"(advise: {manual: "https://m.example.com", tell: [{channel: room}]})",
      "suppress: nobody needs to know"};
  for (int i = 0; i < 6; ++i)
    team += "  - {name: r" + std::to_string(i) + ", matchers: ['alertname=\"a" + std::to_string(i) +
            "\"'" + maybe(", 'environment=\"production\"'") + "], " + chance.of(outcomes) + "}\n";
  team += "gamedays:\n";
  team += "  - {name: drill, as: {environment: production}, page: pilot" +
          maybe(", channels: {room: drill-room}") + maybe(", stop_if: {severity: critical}") +
          ", longest: 2h}\n";
  team += R"(  - {name: copying, copies: ['environment="staging"')" +
          maybe(R"(, 'alertname=~"a[0-3]"')") + "], as: {environment: production}, page: pilot" +
          maybe(", channels: {room: drill-room}") + ", longest: 1h}\n";
  return team;
}

struct Real {
  Duration at{};  // since the beginning
  std::string who;
  MessageKind kind{};
  std::string title;
};

/// What a world's phones were brought, each thing at its time.
struct Heard {
  std::vector<Real> real;
  std::vector<std::string> wrong;  // what must never be
};

class Story {
 public:
  Story(unsigned seed, Without without, bool toggles)
      : chance_(seed), toggles_(toggles), world_(random_team(chance_)) {
    if (without == Without::destinations) world_.decide = production_in_drills;
    if (without == Without::name_space) world_.decide = one_name_space;
    world_.ungated = without == Without::gate;
    world_.crash();  // what was set holds from the next start on
    begin_ = world_.clock.now();
    world_.on_delivery = [this](const std::string& who, const connectors::Notification& n) {
      hear(who, n);
    };
  }

  Heard live() {
    for (int i = 0; i < 60; ++i) {
      act();
      world_.advance(std::chrono::seconds(5 + 10 * chance_.below(20)));
    }
    return std::move(heard_);
  }

 private:
  // Both worlds draw the same numbers; only what a toggle does is left out of one.
  void act() {
    const std::string alert = "a" + std::to_string(chance_.below(7));
    const bool tagged = chance_.one_in(2), from_staging = chance_.one_in(2);
    Labels labels;
    if (tagged) labels["gameday"] = chance_.one_in(8) ? "nosuch" : "drill";
    const std::size_t what = chance_.below(12);
    const std::string set = chance_.one_in(2) ? "drill" : "copying";
    const Duration length = std::chrono::minutes(1 + chance_.below(40));
    from_staging ? world_.as_staging() : world_.as_production();
    switch (what) {
      case 0:
      case 1:
        if (toggles_) turn_on(set, length);
        break;
      case 2:
        if (toggles_) turn_off(set);
        break;
      case 3:
        world_.crash();
        break;
      case 4:
        if (chance_.one_in(3)) world_.clock.step_wall(chance_.one_in(2) ? 40min : -40min);
        break;
      case 5:
        acknowledge_one();
        break;
      case 6:
      case 7:
        world_.resolve(alert, labels);
        break;
      default:
        world_.fire(alert, labels);
    }
  }

  // The same real one in both worlds; in this one perhaps a drill as well.
  void acknowledge_one() {
    std::vector<engine::IncidentView> real, drills;
    for (auto& view : world_.incidents())
      if (view.incident.state == engine::IncidentState::open)
        (view.incident.realm.is_production() ? real : drills).push_back(view);
    const auto by_title = [](const auto& a, const auto& b) {
      return std::tie(a.incident.title, a.incident.group) <
             std::tie(b.incident.title, b.incident.group);
    };
    std::sort(real.begin(), real.end(), by_title);
    const std::size_t which = chance_.below(1'000);
    if (!drills.empty()) world_.acknowledge(drills[which % drills.size()], "pia");
    if (!real.empty()) world_.acknowledge(real[which % real.size()], "ada");
  }

  struct On {
    Duration until{};  // on the steady clock
    WallTime wall_until{};
    Duration longest_until{};
    bool on = false;
  };
  void turn_on(const std::string& set, Duration length) {
    const Instant now = world_.clock.now();
    On& known = on_[set];
    // Over by either clock, and what begins then is another run, which may be on for as long again.
    const bool was_on =
        known.on && now.elapsed < known.until && now.wall < known.wall_until && !has_paused(set);
    const Duration longest = set == "drill" ? Duration(2h) : Duration(1h);
    if (!was_on) known.longest_until = now.elapsed + longest;
    known.until = std::min(now.elapsed + std::min(length, longest), known.longest_until);
    known.wall_until = now.wall + (known.until - now.elapsed);
    known.on = true;
    REQUIRE(world_.gameday_on(set, length).empty());
  }
  bool has_paused(const std::string& set) {
    const auto all = world_.state().gamedays();
    const auto runs = all.find(set);
    return runs != all.end() && !runs->second.empty() && runs->second.back().ending;
  }
  void turn_off(const std::string& set) {
    world_.gameday_off(set);
    on_[set].on = false;
  }
  // As far as the test knows: a set may have paused by itself.
  bool is_on(const std::string& set, const Instant& now) {
    const On& known = on_[set];
    return known.on && now.elapsed <= known.until;
  }

  void hear(const std::string& who, const connectors::Notification& n) {
    const Instant now = world_.clock.now();
    const bool drills_own = who == "pia" || who == "drill-room" ||
                            (who == "hook:restart" && world_.hooks_drill("restart"));
    if (n.gameday.empty()) {
      if (who == "pia" || who == "drill-room")
        heard_.wrong.push_back("in earnest to " + who + ": " + n.title);
      heard_.real.push_back({now.elapsed - begin_.elapsed, who, n.kind, n.title});
      return;
    }
    if (!drills_own) heard_.wrong.push_back("a drill to " + who + ": " + n.title);
    if (n.kind != MessageKind::drill_paused && !is_on(n.gameday, now))
      heard_.wrong.push_back("while " + n.gameday + " is off, to " + who + ": " + n.title);
  }

  // A drill is decided as if its set replaced nothing.
  static std::optional<Turn> production_in_drills(const engine::PartitionState& state,
                                                  const engine::View& view,
                                                  const engine::Configuration& configuration,
                                                  const engine::Moment& moment,
                                                  std::span<const IncidentId> due,
                                                  std::span<const AlertId> over,
                                                  const engine::Caution& caution) {
    engine::Configuration careless = configuration;
    for (auto& each : careless.gamedays) {
      each.second.page = "escalating";
      each.second.channels = {{"room", "room"}};
    }
    careless.hooks_in_drill = {{"wipe", gameday::HookInDrill::run},
                               {"restart", gameday::HookInDrill::run}};
    return engine::decide_turn(state, view, careless, moment, due, over, caution);
  }

  // Drills open in the groups of what is real.
  static std::optional<Turn> one_name_space(const engine::PartitionState& state,
                                            const engine::View& view,
                                            const engine::Configuration& configuration,
                                            const engine::Moment& moment,
                                            std::span<const IncidentId> due,
                                            std::span<const AlertId> over,
                                            const engine::Caution& caution) {
    auto turn = engine::decide_turn(state, view, configuration, moment, due, over, caution);
    if (!turn) return turn;
    for (Effect& effect : turn->effects) {
      auto* const opened = std::get_if<effect::Opened>(&effect);
      if (!opened || opened->realm.is_production()) continue;
      const std::string realm = opened->realm.text();
      const std::string own = std::to_string(realm.size()) + ":" + realm;
      if (opened->group.starts_with(own)) opened->group.replace(0, own.size(), "4:real");
    }
    return turn;
  }

  Chance chance_;
  const bool toggles_;
  GamedayWorld world_;
  Instant begin_;
  std::map<std::string, On> on_;
  Heard heard_;
};

unsigned from_environment(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

// What is due at one moment goes out in no particular order.
std::vector<Real> in_order(std::vector<Real> all) {
  std::stable_sort(all.begin(), all.end(), [](const Real& a, const Real& b) {
    return std::tie(a.who, a.kind, a.title, a.at) < std::tie(b.who, b.kind, b.title, b.at);
  });
  return all;
}

void same_pages(const std::vector<Real>& with, const std::vector<Real>& without) {
  for (std::size_t i = 0; i < std::max(with.size(), without.size()); ++i) {
    const auto words = [i](const std::vector<Real>& all) {
      if (i >= all.size()) return std::string("nothing");
      return std::string(to_string(all[i].kind)) + " to " + all[i].who + ": " + all[i].title;
    };
    INFO("with drills, number " << i << " is " << words(with) << "; without, " << words(without));
    REQUIRE(words(with) == words(without));
    REQUIRE(std::chrono::abs(with[i].at - without[i].at) <= 1s);
  }
}

void run(Without without, unsigned usual) {
  const unsigned only = from_environment("TOCSIN_SEED", 0);
  const unsigned seeds = from_environment("TOCSIN_SEEDS", usual);
  for (unsigned seed = only ? only : 1; seed <= (only ? only : seeds); ++seed) {
    INFO("seed " << seed << ": TOCSIN_SEED=" << seed << " runs it alone");
    const Heard heard = Story(seed, without, true).live();
    for (const std::string& wrong : heard.wrong) FAIL_CHECK(wrong);
    const Heard twin = Story(seed, without, false).live();
    same_pages(in_order(heard.real), in_order(twin.real));
  }
}

}  // namespace

TEST_CASE("over random worlds no drill reaches production or is sent while off or changes a page") {
  run(Without::nothing, 1'000);
}

TEST_CASE("over random worlds whose drills are grouped as if they were real nothing real changes") {
  run(Without::name_space, 300);
}

TEST_CASE("over random worlds whose drills are decided for production the gate alone holds them") {
  run(Without::destinations, 300);
}

TEST_CASE("over random worlds without a sending gate no drill reaches production") {
  run(Without::gate, 300);
}
