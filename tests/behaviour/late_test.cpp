// Senders that deliver at least once and in any order: what comes late changes nothing.
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* kKey = "aws-key-0123456789abcdef";

std::string settings() {
  std::string yaml = kPlainSettings;
  const std::string first = "integrations:\n";
  const std::string aws =
      "  - {name: aws, source: cloudwatch, key: aws-key-0123456789abcdef, raw: \"yes\"}\n";
  return yaml.insert(yaml.find(first) + first.size(), aws);
}

struct Aws {
  World world{settings()};
  const WallTime begin = world.clock.now().wall;

  /// As CloudWatch tells it: at what moment the state changed.
  void tells(const std::string& state, Duration at, const std::string& name = "db-queue") {
    const std::string body = R"({"AlarmName":")" + name +
                             R"(","AlarmArn":"arn:aws:cloudwatch:eu-west-1:1:alarm:)" + name +
                             R"(","NewStateValue":")" + state + R"(","StateChangeTime":")" +
                             format_rfc3339(begin + at) + "\"}";
    CHECK(world.send("aws", kKey, body) == 200);
  }
  std::size_t open() const {
    std::size_t open = 0;
    for (const auto& view : world.incidents())
      open += view.incident.state != engine::IncidentState::resolved;
    return open;
  }
  std::size_t lines(const std::string& kind) const {
    std::size_t found = 0;
    for (const auto& view : world.incidents())
      for (const auto& entry : view.incident.timeline) found += entry.kind == kind;
    return found;
  }
};

}  // namespace

TEST_CASE("an alarm that is told again after its end opens nothing and stands in the timeline") {
  Aws aws;
  aws.world.advance(1min);
  aws.tells("ALARM", 1min);
  aws.world.phone("ada").expects("db-queue");
  aws.world.advance(1min);
  aws.tells("OK", 2min);
  aws.world.phone("ada").expects_resolved("db-queue");
  aws.world.advance(1min);
  aws.tells("ALARM", 1min);
  aws.world.phone("ada").silent();
  CHECK(aws.world.incident().incident.state == engine::IncidentState::resolved);
  CHECK(aws.world.incident().alerts.at(0).count == 2);
  CHECK(aws.lines("told_late") == 1);
  // The next time that it fires it is new.
  aws.world.advance(1min);
  aws.tells("ALARM", 4min);
  aws.world.phone("ada").expects("db-queue");
  CHECK(aws.world.incidents().size() == 2);
}

TEST_CASE("an end that comes before its alarm leaves nothing open") {
  Aws aws;
  aws.world.advance(1min);
  aws.tells("OK", 30s);
  aws.tells("ALARM", 20s);
  aws.world.phone("ada").silent();
  CHECK(aws.world.incidents().empty());
  SECTION("and no later one is taken for it") {
    aws.tells("ALARM", 40s);
    aws.world.phone("ada").expects("db-queue");
    CHECK(aws.open() == 1);
  }
  SECTION("nor is it forgotten when tocsin is killed") {
    aws.world.crash();
    aws.tells("ALARM", 20s);
    aws.world.phone("ada").silent();
  }
  SECTION("nor when it starts from a snapshot") {
    aws.world.crash_and_restore(aws.world.snapshots());
    aws.tells("ALARM", 20s);
    aws.world.phone("ada").silent();
  }
}

TEST_CASE("the last of several ends counts in whatever order they come") {
  Aws aws;
  aws.world.advance(5min);
  aws.tells("ALARM", 1min);
  aws.tells("OK", 2min);
  aws.world.phone("ada").forget();
  // The second alarm and its end, the end first, and the first end once more.
  aws.tells("OK", 4min);
  aws.tells("OK", 2min);
  aws.tells("ALARM", 3min);
  aws.world.phone("ada").silent();
  CHECK(aws.open() == 0);
}

TEST_CASE("an old end that is told again does not end what fires now") {
  Aws aws;
  aws.world.advance(5min);
  aws.tells("ALARM", 1min);
  aws.tells("OK", 2min);
  aws.tells("ALARM", 3min);
  aws.world.phone("ada").forget();
  aws.tells("OK", 2min);
  aws.world.phone("ada").silent();
  CHECK(aws.open() == 1);
  CHECK(aws.lines("told_late") == 1);
  aws.tells("OK", 4min);
  CHECK(aws.open() == 0);
}

TEST_CASE("an alarm that nobody ended and that was given up is new when it fires again") {
  Aws aws;
  aws.tells("ALARM", 0s);
  aws.world.phone("ada").expects("db-queue");
  aws.world.acknowledge(aws.world.incident(), "ada");
  aws.world.clock.advance(24h * 9);
  aws.world.settle();
  CHECK(aws.open() == 0);
  aws.world.phone("ada").forget();
  aws.tells("ALARM", 24h * 9 - 1s);
  aws.world.phone("ada").expects("db-queue");
}

TEST_CASE("replicas that disagree on the time are believed and what fires after its end is new") {
  World world;
  const auto at = [&](Duration ahead) { return format_rfc3339(world.clock.now().wall + ahead); };
  const auto tell = [&](const std::string& starts, const std::string& ends) {
    CHECK(world.post(R"([{"labels":{"alertname":"db-down"},"startsAt":")" + starts +
                     R"(","endsAt":")" + ends + "\"}]") == 200);
  };
  const std::string began = at(-1min);
  tell(began, at(4min));
  world.phone("ada").expects("db-down");
  tell(began, at(-1s));
  world.phone("ada").expects_resolved("db-down");
  tell(began, at(4min));
  world.phone("ada").expects("db-down");
}
