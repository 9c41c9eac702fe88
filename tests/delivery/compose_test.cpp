// The words of drills, and of what must not be taken for one.
#include "router/delivery/compose.hpp"

#include "tests/catch.hpp"
#include "tests/delivery/samples.hpp"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace tocsin::tests;

namespace {

const Realm kRealm{"cdp-staging", 2};

connectors::Notification composed(const engine::NodeState::Claim& claim,
                                  const std::vector<std::string>& not_the_drill = {}) {
  return compose(claim.view, claim.message, {}, kNow, not_the_drill);
}

}  // namespace

TEST_CASE("the title of a drill begins with its mark once") {
  for (int kind = 0; kind <= static_cast<int>(kLastMessageKind); ++kind) {
    auto claim = sample_claim(kRealm, static_cast<MessageKind>(kind));
    const std::string once = composed(claim).title;
    CHECK(once.starts_with("[GAMEDAY cdp-staging] "));
    CHECK(once.find("[GAMEDAY", 1) == std::string::npos);
    claim.view.incident.title = "[GAMEDAY cdp-staging] " + claim.view.incident.title;
    CHECK(composed(claim).title == once);
  }
}

TEST_CASE("a drill's page says of which set it is and from what it was copied") {
  CHECK(composed(sample_claim(kRealm)).why ==
        "a drill of GameDay set cdp-staging, copied from an alert of prometheus-staging, decided "
        "as if environment=\"production\"; rule api-latency would page for service=\"api\"; step 1 "
        "of 1 of policy cdp-pilot");
  CHECK(composed(sample_claim(kRealm, MessageKind::resolved)).why.starts_with("a drill of "));
}

TEST_CASE("a message in earnest says nothing of drills") {
  for (int kind = 0; kind < static_cast<int>(MessageKind::drill_paused); ++kind) {
    const auto n = composed(sample_claim({}, static_cast<MessageKind>(kind)));
    CHECK((n.mark.empty() && n.gameday.empty() && n.not_the_drill.empty()));
    for (const std::string& text : {n.title, n.why})
      for (const char* of_drills : {"GAMEDAY", "GameDay", "drill"})
        CHECK(text.find(of_drills) == std::string::npos);
  }
}

TEST_CASE("a real message to somebody whose drill is on says that it is not the drill") {
  CHECK(composed(sample_claim({}), {"cdp-staging"}).not_the_drill ==
        "REAL, not the GameDay drill cdp-staging");
  CHECK(composed(sample_claim({}), {"a", "b", "c"}).not_the_drill ==
        "REAL, not the GameDay drills a, b and c");
  CHECK(composed(sample_claim(kRealm), {"cdp-staging"}).not_the_drill.empty());
}

TEST_CASE("a real alert that calls itself a drill is said to be real") {
  auto claim = sample_claim({});
  for (const char* title :
       {"[GAMEDAY cdp-staging] down", " [gameday x] down", "\t[GameDay] down"}) {
    claim.view.incident.title = title;
    CHECK(composed(claim).title == "REAL: " + std::string(title));
  }
  for (const char* title : {"[GAME] down", "down [GAMEDAY x]", "", "[gamed"}) {
    claim.view.incident.title = title;
    CHECK(composed(claim).title == title);
  }
  claim.view.incident.decision.edit().reasons = {
      {ReasonKind::gameday_mistaken, "cdp-staging", "there is no GameDay set of that name"}};
  CHECK(composed(claim).why.ends_with(
      "its tag gameday=\"cdp-staging\" is not heard: there is no GameDay set of that name"));
}

TEST_CASE("a drill that has paused says which real incident wins") {
  auto claim = sample_claim(kRealm, MessageKind::drill_paused);
  CHECK(composed(claim).why == "This drill has paused: a real incident opened");
  claim.view.incident.hold =
      Hold{HoldKind::gameday_paused, "cdp-staging",
           "GameDay set cdp-staging paused: a real incident opened for team cdp: db: down (9xx1)",
           std::nullopt};
  CHECK(composed(claim).why ==
        "This drill has paused: a real incident opened for team cdp: db: down (9xx1)");
}

TEST_CASE("a hook's call of a drill is a dry run unless the hook runs in drills") {
  using gameday::HookInDrill;
  for (const auto in_drill : {HookInDrill::never, HookInDrill::dry_run, HookInDrill::run}) {
    const auto drill = sample_claim(kRealm, MessageKind::hook), real = sample_claim({});
    const auto call = compose_call(drill.view, drill.message, {}, kNow, in_drill);
    CHECK(call.dry_run == (in_drill != HookInDrill::run));
    CHECK(call.gameday == "cdp-staging");
    CHECK(call.title.starts_with("[GAMEDAY cdp-staging] "));
    CHECK_FALSE(compose_call(real.view, real.message, {}, kNow, in_drill).dry_run);
  }
}

TEST_CASE("a bundle says how many, which is the gravest, and links each that it names") {
  for (const Realm& realm : {Realm{}, kRealm}) {
    const std::string mark = realm.is_production() ? "" : "[GAMEDAY cdp-staging] ";
    auto claim = sample_claim(realm, MessageKind::bundle);
    claim.view.incident.begins = "ada had 10 pages in 1m";
    claim.view.bundle =
        engine::BundleWords{38,
                            {{{"a1"}, {"msg_1"}, "db-down", Severity::critical, kNow},
                             {{"b2"}, {"msg_2"}, "disk", Severity::error, kNow}}};
    Links links;
    links.bundled = {"http://tocsin/p/1", "http://tocsin/p/2"};
    const auto n = compose(claim.view, claim.message, links, kNow);
    CHECK(n.title == mark + "38 incidents at once, the gravest: db-down");
    CHECK(n.why.ends_with("ada had 10 pages in 1m, so the others come together"));
    CHECK(n.severity == Severity::critical);
    CHECK(n.bundled_in_all == 38);
    REQUIRE(n.bundled.size() == 2);
    CHECK(n.bundled[1].title == mark + "disk");
    CHECK(n.bundled[1].acknowledge_url == "http://tocsin/p/2");
    CHECK(n.incident.empty());
    claim.message.kind = MessageKind::resolved_bundle;
    claim.view.bundle->count = 1;
    CHECK(compose(claim.view, claim.message, {}, kNow).title ==
          mark + "1 incident is over, the gravest: db-down");
  }
}

TEST_CASE("a page that came before its time says which contact did not take it") {
  auto claim = sample_claim({});
  engine::MessageState before = claim.message;
  before.id.text = "msg-0";
  before.contact = {"ada", "push", "ada-push"};
  before.status = engine::MessageStatus::retrying;
  before.failures = 1;
  before.detail = "HTTP 503";
  claim.message.due = {{kNow, 1, {}}, std::chrono::minutes(2)};
  claim.message.started_at = {kNow, 1, {}};
  claim.view.incident.messages = {before, claim.message};
  CHECK(compose(claim.view, claim.message, {}, kNow)
            .why.ends_with("; at once, since push failed for now (HTTP 503)"));
  claim.view.incident.messages[0].failures = 0;
  CHECK(compose(claim.view, claim.message, {}, kNow).why.find("at once") == std::string::npos);
}
