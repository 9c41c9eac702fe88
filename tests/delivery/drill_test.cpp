// What of a drill leaves tocsin: delivery over a node's state, channels that remember, and a clock
// that stands still.
#include "connectors/journals/memory_journal.hpp"
#include "router/delivery/delivery.hpp"
#include "tests/catch.hpp"
#include "tests/delivery/samples.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;
using gameday::HookInDrill;

namespace {

constexpr Instant kInstant{kNow, 1, 5h};

struct StandingClock final : Clock {
  Instant now() const override { return kInstant; }
};

struct AtOnce final : delivery::Runner {
  bool run(const std::string&, std::function<void()> job) override {
    job();
    return true;
  }
};

struct Events final : delivery::DeliveryEvents {
  std::vector<std::string> started_in, finished_in, refused;
  std::size_t held_back = 0;
  void started(const engine::IncidentView& view, const engine::MessageState&,
               const Instant&) override {
    started_in.push_back(view.incident.realm.text());
  }
  void finished(const std::string&, const Realm& realm, const Attempt&) override {
    finished_in.push_back(realm.text());
  }
  void withheld(const std::string&, const std::string&) override { ++held_back; }
  void drill_refused(const Realm& realm, const std::string&, const std::string& why) override {
    refused.push_back(realm.gameday + ": " + why);
  }
};

// One message of one incident, whose attempt a turn has started, while the set cdp-staging is on.
struct Post {
  Heard heard;
  StandingClock clock;
  AtOnce runner;
  Events events;
  journal::MemoryJournal journal{1, "memory"};
  Mint mint{7, 1};
  engine::NodeState gate{1};
  std::string shown_title;  // of the incident, to whom makes links and JSON of it
  delivery::Delivery delivery{
      gate,
      journal,
      clock,
      mint,
      runner,
      [this](const engine::IncidentView& view, const engine::MessageState&, WallTime) {
        shown_title = view.incident.title;
        delivery::Links links;
        links.acknowledge_url = "link of " + view.incident.id.text;
        return links;
      },
      events};

  Post(const Realm& realm, MessageKind kind, HookInDrill outlet, bool is_on = true) {
    auto claim = sample_claim(realm, kind);
    engine::Incident& incident = claim.view.incident;
    engine::PartitionState state;
    if (kind == MessageKind::hook) {
      incident.remedy = engine::RemedyState{RemedyStatus::running, claim.message.id, {}, ""};
      state.hook_runs = {{"restart-api", "", incident.id, claim.message.id, kInstant, 0}};
    }
    incident.messages = {claim.message};
    state.incidents.insert_or_assign(incident.id, incident);
    gameday::Run run;
    run.number = 2;
    run.said = kInstant;
    run.starts_at = kNow;
    run.length = 1h;
    run.team = "cdp";
    if (!is_on) run.ending = gameday::Ending{gameday::EndKind::off, "ada", "", kNow};
    state.facts.gamedays["cdp-staging"] = {engine::KeptRun{run, 0}};
    gate.restore(state, 0);
    gate.confirm(kInstant.elapsed);
    auto configuration = std::make_shared<engine::Configuration>();
    gameday::Set set;
    set.name = "cdp-staging";
    set.page = "cdp-pilot";
    configuration->gamedays["cdp-staging"] = set;
    configuration->policies["cdp-pilot"] = {
        "cdp-pilot", "cdp", {Step{{tocsin::Target{tocsin::Target::Kind::person, "ada"}}}}};
    configuration->directory.people["ada"] = {"ada", {{"phone", "ada-phone"}}};
    configuration->hooks_in_drill["restart-api"] = HookInDrill::dry_run;
    gate.reconfigure(configuration);
    const delivery::Outlets all = outlets(heard, outlet);
    delivery.replace(all.channels);
    delivery.replace(all.hooks);
    delivery.start({0, incident.id, claim.message.id, 1, claim.message.contact.channel});
  }

  AttemptResult result() {
    journal::Cursor cursor(1);
    const auto batch = journal.read(cursor, 10);
    REQUIRE(batch);
    REQUIRE(batch->entries.size() == 1);
    const auto read = decode_result(batch->entries[0].record.body);
    REQUIRE(read);
    return *read;
  }
};

const Realm kRealm{"cdp-staging", 2};

}  // namespace

TEST_CASE("a drill that is on is sent marked and with the link of its own incident") {
  Post post(kRealm, MessageKind::page, HookInDrill::never);
  REQUIRE(post.heard.messages.size() == 1);
  const auto& n = post.heard.messages[0];
  CHECK(n.mark == "[GAMEDAY cdp-staging]");
  CHECK(n.title.starts_with(n.mark));
  CHECK(post.shown_title == n.title);
  CHECK(n.acknowledge_url == "link of " + n.incident);
  CHECK(post.events.started_in == std::vector<std::string>{"cdp-staging#2"});
  CHECK(post.events.finished_in == std::vector<std::string>{"cdp-staging#2"});
  CHECK(post.events.refused.empty());
  CHECK(post.result().said.outcome == AttemptOutcome::accepted);
}

TEST_CASE("what the gate refuses of a drill is counted for its set and nothing leaves") {
  Post post(kRealm, MessageKind::page, HookInDrill::never, false);
  CHECK(post.heard.nothing());
  CHECK(post.events.started_in.empty());
  CHECK(post.events.held_back == 1);
  CHECK(post.events.refused ==
        std::vector<std::string>{"cdp-staging: GameDay set cdp-staging was turned off by ada"});
  CHECK(post.result().said.outcome == AttemptOutcome::withheld);
}

TEST_CASE("a hook that is never for drills is not called even if the gate has let it through") {
  Post post(kRealm, MessageKind::hook, HookInDrill::never);
  CHECK(post.heard.nothing());
  CHECK(post.events.started_in.empty());
  CHECK(post.events.refused ==
        std::vector<std::string>{
            "cdp-staging: hook restart-api does not allow drills (gameday: never)"});
  CHECK(post.result().said.outcome == AttemptOutcome::withheld);
  Post allowed(kRealm, MessageKind::hook, HookInDrill::dry_run);
  REQUIRE(allowed.heard.calls.size() == 1);
  CHECK(allowed.heard.calls[0].dry_run);
}

TEST_CASE(
    "a real message of the drill's team says that it is not the drill and is counted as real") {
  Post post({}, MessageKind::page, HookInDrill::never);
  REQUIRE(post.heard.messages.size() == 1);
  CHECK(post.heard.messages[0].not_the_drill == "REAL, not the GameDay drill cdp-staging");
  CHECK(post.heard.messages[0].mark.empty());
  CHECK(post.shown_title == "HighLatency: p99 is 4.1 s");
  CHECK(post.events.finished_in == std::vector<std::string>{"real"});
  Post after({}, MessageKind::page, HookInDrill::never, false);
  REQUIRE(after.heard.messages.size() == 1);
  CHECK(after.heard.messages[0].not_the_drill.empty());
}

TEST_CASE("what the gate refuses in earnest is no drill's refusal") {
  Post post({}, MessageKind::resolved, HookInDrill::never);  // and it is not resolved
  CHECK(post.heard.nothing());
  CHECK(post.events.held_back == 1);
  CHECK(post.events.refused.empty());
}
