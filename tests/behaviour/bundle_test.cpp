// A storm: everybody gets a bounded number of messages, what is critical gets through at once, and
// nothing is lost or held in silence.
#include "tests/behaviour/storms.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

TEST_CASE("a storm gives a person a few pages and then one bundle within a minute") {
  StormWorld world;
  world.storm(1'000);
  CHECK(world.pages("ada") == kLimit);
  CHECK(world.count("ada", engine::MessageStatus::bundled) == 1'000 - kLimit);
  world.advance(kPer - 1s);
  world.phone("ada").silent();
  world.advance(1s);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "990 incidents at once");
  CHECK(bundle.bundled_in_all == 1'000 - kLimit);
  CHECK(bundle.bundled.size() == engine::kMostNamedInBundle);
  CHECK(bundle.why == "ada had 10 pages in 1m, so the others come together");
  CHECK(bundle.acknowledge_url.empty());
  CHECK(bundle.bundled.front().acknowledge_url == "http://tocsin/p/" + bundle.bundled[0].incident);
  world.phone("ada").silent();
  CHECK(world.count("ada", engine::MessageStatus::accepted) == 1'000);
  world.advance(50s);
  world.phone("ada").silent();
}

TEST_CASE("what is held says so in its incident's timeline and so does what was told") {
  StormWorld world;
  world.storm(20);
  world.advance(kPer);
  std::size_t held = 0;
  for (const auto& view : world.all()) {
    const engine::Incident& i = view.incident;
    const bool bundled = says(i,
                              "held: ada had 10 pages in 1m; ada (phone) is told in a bundle at "
                              "01:53:43 UTC at the latest");
    held += bundled;
    CHECK(bundled == says(i, "page to ada (phone): accepted (in a bundle of 10)"));
    CHECK(i.reached == std::vector<Contact>{{"ada", "phone", "ada"}});
  }
  CHECK(held == 20 - kLimit);
}

TEST_CASE("the first page of what is critical is never held and stands first in no bundle") {
  StormWorld world;
  world.storm(100);
  CHECK(world.pages("ada") == kLimit);
  world.fire("db-dead", {{"level", "critical"}});
  world.phone("ada").expects("db-dead");
  world.fire("db-dying", {{"level", "critical"}});
  world.phone("ada").expects("db-dying");
  world.advance(kPer);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  for (const auto& each : bundle.bundled) CHECK(each.severity == Severity::error);
}

TEST_CASE("a bundle names the gravest and of these the oldest first") {
  StormWorld world;
  for (int i = 0; i < 12; ++i) world.fire("db-mild-" + std::to_string(i), {{"level", "info"}});
  CHECK(world.pages("ada") == kLimit);
  world.advance(1s);
  world.storm(2);
  world.advance(kPer);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "the gravest: db-");
  REQUIRE(bundle.bundled.size() == 4);
  CHECK(bundle.bundled[0].severity == Severity::error);
  CHECK(bundle.bundled[1].severity == Severity::error);
  CHECK(bundle.bundled[2].severity == Severity::info);
  CHECK(bundle.bundled[2].opened_at <= bundle.bundled[3].opened_at);
}

TEST_CASE("what is held and becomes critical pages at once and is not told again") {
  StormWorld world;
  world.storm(30);
  CHECK(world.pages("ada") == kLimit);
  const std::string title = [&] {
    for (const auto& view : world.all())
      if (view.incident.messages.front().status == engine::MessageStatus::bundled)
        return view.incident.title.str();
    return std::string();
  }();
  world.fire(title, {{"level", "critical"}, {"instance", "2"}});
  world.phone("ada").expects(title);
  world.advance(kPer);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "19 incidents at once");
  for (const auto& each : bundle.bundled) CHECK(each.title != title);
}

TEST_CASE("what is acknowledged or over before its bundle goes is not in it and no other is lost") {
  StormWorld world;
  world.storm(20);
  CHECK(world.pages("ada") == kLimit);
  int ended = 0;
  for (const auto& view : world.all()) {
    if (view.incident.messages.front().status != engine::MessageStatus::bundled) continue;
    ++ended;
    if (ended <= 3) world.acknowledge(view, "bob");
    if (ended > 3 && ended <= 6) world.resolve_by_hand(view, "bob");
  }
  world.advance(kPer);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "4 incidents at once").bundled_in_all == 4);
  world.phone("ada").silent();  // of those that bob resolved she never heard
}

TEST_CASE("a bundle of one is that one's own page and a bundle of none is no message") {
  for (const std::size_t left : {1, 0}) {
    StormWorld world;
    world.storm(15);
    CHECK(world.pages("ada") == kLimit);
    std::size_t bundled = 0;
    for (const auto& view : world.all())
      if (view.incident.messages.front().status == engine::MessageStatus::bundled)
        if (++bundled > left) world.acknowledge(view, "bob");
    world.advance(kPer);
    if (left == 1) CHECK_FALSE(world.phone("ada").expects("db-").acknowledge_url.empty());
    world.phone("ada").silent();
    // And the next storm is counted anew.
    world.advance(kPer);
    world.storm(15, 100);
    CHECK(world.pages("ada") == kLimit);
    world.advance(kPer);
    world.phone("ada").next_of(MessageKind::bundle, "5 incidents at once");
  }
}

TEST_CASE("whoever was told in a bundle hears how it ends and hears that in a bundle as well") {
  StormWorld world;
  world.storm(100);
  world.advance(kPer);
  world.phone("ada").forget();
  world.advance(30s);
  world.calm(100);
  for (std::size_t i = 0; i < kLimit; ++i) world.phone("ada").expects_resolved("db-");
  world.phone("ada").silent();
  world.advance(kPer);
  const auto bundle =
      world.phone("ada").next_of(MessageKind::resolved_bundle, "90 incidents are over");
  CHECK(bundle.bundled.size() == engine::kMostNamedInBundle);
  world.advance(1h);
  world.phone("ada").silent();
  CHECK(world.state().counts().waiting_messages == 0);
}

TEST_CASE("a bundle that its provider does not take means the next contact and is tried again") {
  StormWorld world;
  world.storm(100);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer - 1s);
  world.phone("ada").always(Attempt::retry_later("HTTP 503"));
  world.phone("ada-mail").silent();
  world.advance(1s);
  CHECK(world.pages("ada-mail") == kLimit);
  world.phone("ada").always(std::nullopt);
  world.advance(10s);
  world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  world.phone("ada-mail").silent();
  world.advance(kPer);
  CHECK(world.bundle("ada-mail").bundled_in_all >= 80);
  world.advance(2min);  // and the mail of the first ten, after their two minutes
  CHECK(world.count("ada-mail", engine::MessageStatus::accepted) == 100);
}

TEST_CASE("a bundle to a contact that does not work means the next contact for all of it") {
  StormWorld world;
  world.storm(50);
  CHECK(world.pages("ada") == kLimit);
  world.phone("ada").always(Attempt::rejected("gone"));
  world.advance(kPer);
  CHECK(world.count("ada", engine::MessageStatus::rejected) == 40);
  CHECK(world.pages("ada-mail") == kLimit);
  world.advance(kPer);
  CHECK(world.bundle("ada-mail").bundled_in_all >= 30);
  world.advance(2min);
  CHECK(world.count("ada-mail", engine::MessageStatus::accepted) == 50);
}

TEST_CASE("a limit that a reload lowers holds nobody longer than what joined since was told") {
  std::string yaml = kStormSettings;
  const std::string slow = "{name: ada, limit: {pages: 10, per: 10m}";
  yaml.replace(yaml.find("{name: ada"), 10, slow);
  World world(yaml);
  REQUIRE(world.post(many(0, 20, world.clock.now().wall + 24h)) == 200);
  for (std::size_t i = 0; i < kLimit; ++i) world.phone("ada").expects("db-");
  yaml.replace(yaml.find(slow), slow.size(), "{name: ada, limit: {pages: 10, per: 1m}");
  world.reload(yaml);
  REQUIRE(world.post(many(20, 21, world.clock.now().wall + 24h)) == 200);
  world.advance(1min);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "11 incidents at once").bundled_in_all ==
        11);
}
