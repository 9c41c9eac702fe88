// A storm: everybody gets a bounded number of messages, what is critical gets through at once, and
// nothing is lost or held in silence.
#include "router/engine/decide.hpp"
#include "tests/behaviour/gameday.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const char* const kSettings = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [alertname], resolve_after: 7d}
channels:
  - {name: phone, type: log}
  - {name: mail, type: log}
people:
  - {name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, {after: 2m, channel: mail}]}
  - {name: bob, contacts: {phone: bob}}
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - name: crew
    steps:
      - {page: [{person: ada}], wait: 1h}
      - {page: [{person: bob}], wait: 1h}
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
rules:
  - {name: grave, matchers: ['level="critical"'], severity: critical, page: crew}
  - {name: mild, matchers: ['level="info"'], severity: info, page: crew}
  - {name: ours, matchers: ['alertname=~"db-.*"'], severity: error, page: crew}
)";

constexpr std::size_t kLimit = oncall::kBuiltInLimit.pages;
constexpr Duration kPer = oncall::kBuiltInLimit.per;

std::string many(std::size_t first, std::size_t end, WallTime ends_at) {
  std::string body;
  for (std::size_t i = first; i < end; ++i)
    body += (i > first ? "," : "") + (R"({"labels":{"alertname":"db-)" + std::to_string(i)) +
            R"("},"endsAt":")" + format_rfc3339(ends_at) + "\"}";
  return "[" + body + "]";
}

struct StormWorld : World {
  StormWorld() : World(kSettings) {}

  /// Incidents db-0 to db-(count - 1), at once.
  void storm(std::size_t count, std::size_t first = 0) {
    REQUIRE(post(many(first, first + count, clock.now().wall + 24h)) == 200);
  }
  void calm(std::size_t count) { REQUIRE(post(many(0, count, clock.now().wall - 1s)) == 200); }
  /// Takes the pages from the phone and says how many there were.
  std::size_t pages(const std::string& who) {
    std::size_t count = 0;
    for (; phone(who).waiting() > 0; ++count) phone(who).expects("db-");
    return count;
  }
  std::vector<engine::IncidentView> all() {
    engine::IncidentQuery query;
    query.limit = 1'000;
    std::vector<engine::IncidentView> found;
    do {
      auto page = state().list(query);
      found.insert(found.end(), page.incidents.begin(), page.incidents.end());
      query.cursor = page.next;
    } while (!query.cursor.empty());
    return found;
  }
  /// Takes everything up to the next bundle, and that.
  connectors::Notification bundle(const std::string& who) {
    connectors::Notification taken;
    for (;;) {
      REQUIRE(phone(who).waiting() > 0);
      taken = phone(who).next();
      if (is_bundle(taken.kind)) return taken;
    }
  }
  /// How many incidents have a page to this contact in this state.
  std::size_t count(const std::string& address, engine::MessageStatus status,
                    MessageKind kind = MessageKind::page) {
    std::size_t found = 0;
    for (const auto& view : all())
      found +=
          std::any_of(view.incident.messages.begin(), view.incident.messages.end(),
                      [&](const engine::MessageState& m) {
                        return m.contact.address == address && m.status == status && m.kind == kind;
                      });
    return found;
  }
};

bool says(const engine::Incident& incident, const std::string& text) {
  return std::any_of(incident.timeline.begin(), incident.timeline.end(),
                     [&](const auto& entry) { return entry.text.find(text) != std::string::npos; });
}

}  // namespace

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
                              "held: ada had 10 pages in 1m; ada is told in a bundle at "
                              "01:53:43 UTC at the latest");
    held += bundled;
    CHECK(bundled == says(i, "page to ada (phone ada): accepted (in a bundle of 10)"));
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
        return view.incident.title;
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

TEST_CASE("what joins while a bundle is under way is in the next one") {
  StormWorld world;
  world.storm(30);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer - 1s);
  world.hold_attempts = true;
  world.advance(1s);
  REQUIRE(world.runner.waiting() == 1);
  world.storm(5, 100);
  REQUIRE(world.runner.waiting() == 1 + 5);  // the minute is over, so these go by themselves
  world.storm(20, 200);
  world.hold_attempts = false;
  world.settle();
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 20);
  const std::size_t alone = world.pages("ada");
  CHECK(alone == kLimit - 1);
  world.advance(kPer);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 25 - alone);
  world.phone("ada").silent();
  CHECK(world.count("ada", engine::MessageStatus::accepted) == 55);
}

TEST_CASE("an acknowledgement while a bundle waits for its channel takes that incident out of it") {
  StormWorld world;
  world.storm(13);
  CHECK(world.pages("ada") == kLimit);
  world.hold_attempts = true;
  world.advance(kPer);
  REQUIRE(world.runner.waiting() == 1);
  for (const auto& view : world.all())
    if (view.incident.messages.front().status == engine::MessageStatus::bundled) {
      world.acknowledge(view, "bob");
      break;
    }
  world.hold_attempts = false;
  world.settle();
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "at once").bundled_in_all == 2);
}

TEST_CASE("a restart in the middle of a storm loses nothing and tells nothing twice") {
  for (const bool snapshot : {false, true}) {
    StormWorld world;
    world.storm(100);
    CHECK(world.pages("ada") == kLimit);
    world.advance(30s);
    if (snapshot)
      world.crash_and_restore(world.snapshots());
    else
      world.crash();
    world.storm(10, 500);
    world.phone("ada").silent();  // the minute is not over
    world.advance(29s);
    world.phone("ada").silent();
    world.advance(1s);
    world.phone("ada").next_of(MessageKind::bundle, "100 incidents at once");
    world.advance(1min);
    world.phone("ada").silent();
    CHECK(world.count("ada", engine::MessageStatus::accepted) == 110);
  }
}

TEST_CASE("a process that dies with a bundle under way sends it once more with the same id") {
  StormWorld world;
  world.storm(100);
  CHECK(world.pages("ada") == kLimit);
  world.hold_attempts = true;
  world.advance(kPer);
  REQUIRE(world.runner.waiting() == 1);
  MessageId id;
  world.on_delivery = [&](const std::string& who, const connectors::Notification& n) {
    if (who != "ada" || n.kind != MessageKind::bundle) return;
    CHECK((id.empty() || id == n.id));
    id = n.id;
  };
  world.journal->hold();
  world.runner.run_one();
  world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  world.journal->fail_next(journal::Appended::Outcome::unknown);
  world.journal->release();
  world.hold_attempts = false;
  world.crash();
  world.phone("ada").next_of(MessageKind::bundle, "90 incidents at once");
  world.advance(1min);
  world.phone("ada").silent();
  CHECK(world.count("ada", engine::MessageStatus::accepted) == 100);
}

TEST_CASE("a person's own limit holds for its own time while the escalation goes on by its waits") {
  StormWorld world;
  world.change_people([](oncall::Directory& directory) {
    directory.people.at("ada").limit = {3, 2h};
  });
  world.storm(20);
  CHECK(world.pages("ada") == 3);
  world.advance(1h);
  CHECK(world.pages("bob") == kLimit);  // step 2, however much ada is spared
  world.advance(1min);
  world.phone("bob").next_of(MessageKind::bundle, "10 incidents at once");
  world.advance(59min - 1s);
  world.phone("ada").silent();
  world.advance(1s);
  world.phone("ada").next_of(MessageKind::bundle, "17 incidents at once");
}

TEST_CASE("what has no limit gets every page by itself") {
  StormWorld world;
  world.change_people(
      [](oncall::Directory& directory) { directory.people.at("ada").limit = oncall::kNoLimit; });
  world.storm(1'500);
  CHECK(world.pages("ada") == 1'500);
  world.storm(10, 2'000);
  CHECK(world.pages("ada") == 10);
}

TEST_CASE("pages that waited for the morning come as a few and a bundle") {
  StormWorld world;
  world.change_people([](oncall::Directory& directory) {
    Schedule night;
    night.from_minute = 22 * 60;
    night.until_minute = 7 * 60;
    directory.people.at("ada").quiet_hours = {night};
  });
  world.storm(60);
  world.phone("ada").silent();
  world.advance(*parse_rfc3339("2026-11-22T07:00:00Z") - world.clock.now().wall);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer);
  world.phone("ada").next_of(MessageKind::bundle, "50 incidents at once");
}

TEST_CASE("a storm in a drill holds nothing of production's and its bundle is marked") {
  std::string team = kGamedayTeam;
  const std::string ours = "severity: critical, impact: Nobody can log in";
  team.replace(team.find(ours), ours.size(), "severity: error");
  const std::string ada = "{page: [{person: ada}], wait: 5m}";
  team.replace(team.find(ada), ada.size(), "{page: [{person: pia}], wait: 5m}");
  GamedayWorld world(team);
  REQUIRE(world.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) world.fire_tagged("cpu-" + std::to_string(i));
  CHECK(world.phone("pia").waiting() == kLimit);
  world.phone("pia").forget();
  // Pia is production's as well: the drill has used up nothing of hers in earnest. It pauses, and
  // of a drill that has paused nothing is told any more but that.
  world.as_production();
  world.fire("cpu-real");
  world.phone("pia").expects("cpu-real");
  world.phone("pia").forget();
  world.advance(2min);
  world.phone("pia").silent();

  GamedayWorld calm(team);
  REQUIRE(calm.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) calm.fire_tagged("cpu-" + std::to_string(i));
  calm.phone("pia").forget();
  calm.advance(kPer);
  const auto bundle =
      calm.phone("pia").next_of(MessageKind::bundle, "[GAMEDAY drill] 10 incidents at once");
  CHECK(bundle.mark == "[GAMEDAY drill]");
  for (const auto& each : bundle.bundled) CHECK(each.title.starts_with("[GAMEDAY drill] "));
}

TEST_CASE("a set that is turned off while its bundle waits is silent") {
  std::string team = kGamedayTeam;
  const std::string ours = "severity: critical, impact: Nobody can log in";
  team.replace(team.find(ours), ours.size(), "severity: error");
  GamedayWorld world(team);
  REQUIRE(world.gameday_on("drill").empty());
  for (int i = 0; i < 20; ++i) world.fire_tagged("cpu-" + std::to_string(i));
  world.phone("pia").forget();
  REQUIRE(world.gameday_off("drill").empty());
  world.advance(10min);
  world.phone("pia").silent();
}

TEST_CASE("whoever presses the link of one in a bundle acknowledges that one alone") {
  StormWorld world;
  world.storm(13);
  CHECK(world.pages("ada") == kLimit);
  world.advance(kPer);
  const auto bundle = world.phone("ada").next_of(MessageKind::bundle, "3 incidents at once");
  REQUIRE(bundle.bundled.size() == 3);
  const auto view = world.state().find(bundle.bundled[0].incident);
  REQUIRE(view);
  CHECK(world.acknowledge(*view, "ada"));
  std::size_t open = 0;
  for (const auto& each : world.all()) open += each.incident.state == engine::IncidentState::open;
  CHECK(open == 12);
}

TEST_CASE("ten thousand incidents are a few messages and turns of a bounded size") {
  StormWorld world;
  world.storm(kMostAlertsPerRequest);
  world.advance(kPer);
  CHECK(world.pages("ada") == kLimit);
  CHECK(world.phone("ada").next_of(MessageKind::bundle, "9990 incidents").bundled_in_all ==
        kMostAlertsPerRequest - kLimit);
  journal::Cursor cursor(world.journal->partitions(), 0);
  for (;;) {
    const auto batch = world.journal->read(cursor, 1'000);
    REQUIRE(batch);
    if (batch->entries.empty()) break;
    for (const auto& entry : batch->entries) {
      if (entry.record.kind != RecordKind::turn) continue;
      const auto turn = decode_turn(entry.record.body);
      REQUIRE(turn);
      const auto held = std::count_if(
          turn->effects.begin(), turn->effects.end(),
          [](const Effect& effect) { return std::holds_alternative<effect::Bundled>(effect); });
      CHECK(static_cast<std::size_t>(held) <= engine::kMostDuePerTurn);
    }
  }
  CHECK(world.count("ada", engine::MessageStatus::accepted) == kMostAlertsPerRequest);
}
