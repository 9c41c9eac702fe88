// Retention: old records go, and nothing that is still open goes with them.
#include "router/engine/state_codec.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::vector<settings::File> kept_for(const std::string& retention) {
  return {
      {"tocsin.yaml", std::string(kPlainSettings) + "journal: {retention: " + retention + "}\n"}};
}

// Days of alerts that come and go, while what is open is sent again every few hours.
void days_go_by(World& world, int days, const std::vector<std::string>& open) {
  for (int day = 0; day < days; ++day)
    for (int part = 0; part < 6; ++part) {
      const std::string name = "passing" + std::to_string(day * 6 + part);
      world.fire(name);
      world.resolve(name);
      for (const std::string& each : open) world.fire(each);
      world.advance(4h);
    }
}

}  // namespace

TEST_CASE(
    "an incident older than retention stays open and known after the journal's beginning is gone") {
  World world(kept_for("2d"), 16);
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.acknowledge(world.incident(), "ada");
  world.fire("chatter");
  world.fire("chatter", {{"host", "b"}});
  const SilenceId silence = world.silence({"alertname=\"db-quiet\""}, 24h * 30);
  const auto before = world.incident();
  days_go_by(world, 6, {"db-down", "chatter"});
  REQUIRE(world.journal->first(0) > 1);
  world.phone("linus").forget();
  world.phone("ada").forget();

  world.crash();  // folded from what is left of the journal alone
  const auto after = world.state().find(before.incident.id.text);
  REQUIRE(after);
  CHECK(after->incident.state == engine::IncidentState::acknowledged);
  CHECK(after->incident.opened_at == before.incident.opened_at);
  CHECK(after->incident.alerts == before.incident.alerts);
  CHECK(after->alerts.at(0).alert.labels == before.alerts.at(0).alert.labels);
  world.advance(1h);
  world.phone("ada").silent();
  world.phone("linus").silent();
  REQUIRE(world.state().silences().size() == 1);
  CHECK(world.state().silences().front().id == silence);
  world.fire("db-quiet");
  world.advance(10min);
  world.phone("ada").silent();
  world.resolve("db-down");
  CHECK(world.state().find(before.incident.id.text)->incident.state ==
        engine::IncidentState::resolved);
}

TEST_CASE("a page that nobody has answered goes on when the records it began with are gone") {
  World world(kept_for("2d"), 16);
  world.fire("db-down");
  days_go_by(world, 5, {"db-down"});
  REQUIRE(world.journal->first(0) > 1);
  world.crash();
  world.phone("linus").forget();
  world.advance(20min);
  world.phone("linus").expects("db-down");  // the default policy goes on every fifteen minutes
}

TEST_CASE(
    "what deciding made of an alert can be explained when its configuration's record is gone") {
  World world(kept_for("2d"), 16);
  world.fire("db-down");
  const std::string hash = *world.incident().alerts.at(0).configuration;
  days_go_by(world, 5, {"db-down"});
  world.crash();
  CHECK(world.state().configuration(hash));
}

TEST_CASE("without retention's help an input that nobody decided is never dropped") {
  World world(kept_for("2d"), 16);
  world.decide = [](auto&&...) -> std::optional<Turn> { return std::nullopt; };
  world.crash();
  world.fire("db-down");
  days_go_by(world, 4, {});
  CHECK(world.journal->first(0) == 1);
}

TEST_CASE("a hook's limit counts runs whose records retention has dropped") {
  std::string yaml = kPlainSettings;
  const std::string rule = "rules:\n";
  yaml.insert(yaml.find(rule) + rule.size(),
              "  - {name: stuck, matchers: ['alertname=~\"stuck.*\"'], severity: critical, "
              "remediate: {hook: restart, mode: automatic, wait: 3m}, page: escalating}\n");
  yaml +=
      "hooks:\n  - {name: restart, type: webhook, url: \"http://127.0.0.1:9\", limit: {runs: "
      "1, per: 7d}}\n"
      "journal: {retention: 2d}\n";
  World world({{"tocsin.yaml", yaml}}, 16);
  world.fire("stuck1");
  world.advance(1s);
  world.resolve("stuck1");
  REQUIRE(world.hook("restart").attempts() == 1);
  days_go_by(world, 5, {});
  REQUIRE(world.journal->first(0) > 1);
  world.crash();
  world.fire("stuck2");
  CHECK(world.hook("restart").attempts() == 1);
  world.advance(24h * 3);
  world.crash();
  world.fire("stuck3");
  CHECK(world.hook("restart").attempts() == 2);
}

namespace {

struct Troubles final : engine::OwnerEvents {
  void trouble(const std::string& why) override { all.push_back(why); }
  std::vector<std::string> all;
};

}  // namespace

TEST_CASE("a journal that refuses what must be carried is asked ever more seldom, and it is told") {
  World world(kept_for("365d"), 16);  // which keeps what another keeper is to drop
  world.fire("db-down");
  for (int i = 0; i < 20; ++i) world.fire("passing" + std::to_string(i));
  world.clock.advance(24h * 5);
  for (int i = 0; i < 20; ++i) world.fire("later" + std::to_string(i));
  Mint mint(4711, world.journal->partitions());
  Troubles troubles;
  engine::Keeper keeper(*world.journal, mint, world.state(), troubles);
  Duration last{};
  for (std::size_t times = 1; times <= 12; ++times) {
    for (int i = 0; i < 200; ++i) world.journal->fail_next(journal::Appended::Outcome::refused);
    const std::vector<bool> mine(world.journal->partitions(), true);
    const Duration pause = keeper.step(24h * 2, mine, world.clock.now());
    REQUIRE(troubles.all.size() == times);
    CHECK(pause >= std::min<Duration>(last * 2, engine::kKeepEvery));
    CHECK(pause <= engine::kKeepEvery);
    last = pause;
  }
  CHECK(last == engine::kKeepEvery);
  CHECK(troubles.all.front().find("retention drops nothing") == 0);
}
