#include <filesystem>
#include <fstream>

#include "connectors/journals/memory_journal.hpp"
#include "router/data_directory.hpp"
#include "router/disk/data_names.hpp"
#include "router/engine/configuration_codec.hpp"
#include "router/lever_file.hpp"
#include "router/lever_watch.hpp"
#include "tests/api/lived_in_house.hpp"
#include "tests/service/scratch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const gameday::Lever kPulled{"ada@ops-1", "too much", WallTime(1'795'312'363s)};

/// A node's data directory, a set that is on, and what watches the lever.
struct Levered {
  Scratch scratch;
  LivedInHouse house;
  std::vector<std::string> told;
  LeverFile file{scratch.path / "data"};
  LeverWatch watch{file, house.owner, house.clock,
                   [this](const std::string& line) { told.push_back(line); }};

  Levered() {
    REQUIRE(DataDirectory::open(scratch.path / "data"));
    turn_on();
  }
  void turn_on() {
    gameday::Run run;
    run.said = house.clock.now();
    run.starts_at = run.said.wall;
    run.length = 2h;
    house.owner.submit(control::GamedayOn{"x", run, 3h}, 1s, [](const auto&) {});
    house.settle();
  }
  gameday::Run last() { return house.state.gamedays().at("x").back(); }
  bool on() { return gameday::is_on(last(), house.clock.now()); }
  void step(Duration after = 1s) {
    house.clock.advance(after);
    watch.step();
    house.settle();
  }
};

}  // namespace

TEST_CASE("a lever that is pulled stays so until it is released whatever process asks") {
  Scratch scratch;
  const fs::path data = scratch.path / "data";
  REQUIRE(DataDirectory::open(data));
  const LeverFile file(data);
  CHECK_FALSE(file.is_pulled());
  CHECK_FALSE(file.read());
  REQUIRE(file.pull(kPulled));
  CHECK(LeverFile(data).is_pulled());
  CHECK(LeverFile(data).read() == kPulled);
  REQUIRE(file.pull({"grace@ops-2", "again", {}}));
  CHECK(file.read() == kPulled);
  CHECK(is_own_name(kLeverFile));
  REQUIRE(file.release());
  CHECK_FALSE(LeverFile(data).is_pulled());
  REQUIRE(file.release());
}

TEST_CASE("a file that somebody made by hand is a lever that is pulled") {
  Scratch scratch;
  const fs::path data = scratch.path / "data";
  REQUIRE(DataDirectory::open(data));
  std::ofstream(data / "gameday.stop");
  CHECK(LeverFile(data).is_pulled());
  CHECK(LeverFile(data).read() == gameday::Lever{});
  fs::remove(data / "gameday.stop");
  fs::create_directory(data / "gameday.stop");
  CHECK(LeverFile(data).is_pulled());
  CHECK(LeverFile(data).read() == gameday::Lever{});
}

TEST_CASE("a lever cannot be pulled where no tocsin has been") {
  Scratch scratch;
  for (const fs::path& wrong : {scratch.path, scratch.path / "nowhere"}) {
    const Status pulled = LeverFile(wrong).pull(kPulled);
    REQUIRE_FALSE(pulled);
    CHECK(pulled.error().message.find("--data") != std::string::npos);
    CHECK_FALSE(LeverFile(wrong).is_pulled());
    CHECK_FALSE(LeverFile(wrong).release());
  }
}

TEST_CASE("a service that sees the lever pulled ends every set for all and says so once") {
  Levered node;
  node.step();
  CHECK(node.on());
  CHECK(node.told.empty());
  REQUIRE(node.file.pull(kPulled));
  node.step();
  CHECK_FALSE(node.on());
  CHECK(node.last().ending->kind == gameday::EndKind::lever);
  CHECK(node.last().ending->by == "ada@ops-1");
  CHECK(node.last().ending->why == "too much");
  const Position tail = node.house.journal.tail(0);
  node.step();
  node.step();
  CHECK(node.house.journal.tail(0) == tail);
  CHECK(node.told.size() == 1);
  // Turned on by way of another node.
  node.turn_on();
  CHECK(node.on());
  node.step();
  CHECK_FALSE(node.on());
  REQUIRE(node.file.release());
  node.step();
  CHECK(node.told.size() == 2);
  node.turn_on();
  node.step();
  CHECK(node.on());
}

TEST_CASE("a lever that is pulled while the journal is away ends the sets when it is back") {
  Levered node;
  node.house.journal.break_down("away");
  REQUIRE(node.file.pull(kPulled));
  node.step();
  CHECK(node.on());
  node.house.journal.mend();
  node.step();
  CHECK_FALSE(node.on());
}
