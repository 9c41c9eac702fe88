// Hooks that repair: the page is held for them, and goes out whenever they do not help.
#include <set>

#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

std::string with_hook(const std::string& remediate,
                      const std::string& limit = "{runs: 2, per: 1h}") {
  std::string yaml = kPlainSettings;
  const std::string rule = "rules:\n";
  yaml.insert(
      yaml.find(rule) + rule.size(),
      "  - {name: stuck, matchers: ['alertname=~\"stuck.*\"'], severity: critical, remediate: " +
          remediate + ", page: escalating}\n");
  return yaml +
         "hooks:\n  - {name: restart, type: webhook, url: \"http://127.0.0.1:9\", limit: " + limit +
         "}\n";
}

const std::string kAutomatic = "{hook: restart, mode: automatic, wait: 3m}";
const std::string kApprove = "{hook: restart, mode: approve, wait: 3m}";

bool tried(const connectors::Notification& page, const std::string& words) {
  return std::any_of(page.tried.begin(), page.tried.end(),
                     [&](const std::string& text) { return text.find(words) != text.npos; });
}

}  // namespace

TEST_CASE("a hook that works means that nobody is paged and the incident says why") {
  World world(with_hook(kAutomatic));
  world.fire("stuck");
  world.hook("restart").next_of(MessageKind::hook, "stuck");
  world.advance(1min);
  world.resolve("stuck");
  world.advance(1h);
  world.phone("ada").silent();
  const auto incident = world.incident().incident;
  CHECK(incident.remedy->status == RemedyStatus::worked);
  CHECK(incident.decision->outcome == Outcome::remediate);
  CHECK(std::any_of(incident.timeline.begin(), incident.timeline.end(), [](const auto& entry) {
    return entry.text.find("nobody was paged") != entry.text.npos;
  }));
}

TEST_CASE("an alert that still fires when the hook had its time is paged with what was tried") {
  World world(with_hook(kAutomatic));
  world.fire("stuck");
  world.advance(2min + 50s);
  world.phone("ada").silent();
  world.advance(15s);
  const auto page = world.phone("ada").expects("stuck");
  CHECK(tried(page, "still fires after 3m"));
  CHECK(world.hook("restart").attempts() == 1);
}

TEST_CASE("a hook that says no is followed by the page at once and is not called again") {
  World world(with_hook(kAutomatic));
  world.hook("restart").always(Attempt::rejected("500 Internal Server Error"));
  world.fire("stuck");
  CHECK(tried(world.phone("ada").expects("stuck"), "failed: 500 Internal Server Error"));
  world.advance(1h);
  CHECK(world.hook("restart").attempts() == 1);
}

TEST_CASE("a start without a recorded result is a failure and the page goes out after a crash") {
  World world(with_hook(kAutomatic));
  world.hold_attempts = true;
  world.fire("stuck");
  world.hold_attempts = false;
  world.crash();
  CHECK(tried(world.phone("ada").expects("stuck"), "no answer came; it may have run"));
  CHECK(world.hook("restart").attempts() == 0);
  world.advance(1h);
  CHECK(world.hook("restart").attempts() == 0);
}

TEST_CASE("past its limit a hook is not started and the page says so") {
  World world(with_hook(kAutomatic));
  for (const char* name : {"stuck1", "stuck2"}) world.fire(name);
  CHECK(world.hook("restart").attempts() == 2);
  world.phone("ada").silent();
  world.crash();  // runs are counted across restarts
  world.phone("ada").forget();
  world.fire("stuck3");
  CHECK(tried(world.phone("ada").expects("stuck3"), "its limit of 2 runs in 1h is reached"));
  CHECK(world.hook("restart").attempts() == 2);
  world.advance(61min);
  world.phone("ada").forget();
  world.fire("stuck4");
  CHECK(world.hook("restart").attempts() == 3);
}

TEST_CASE("a hundred alerts at once start a hook no more often than its limit") {
  World world(with_hook(kAutomatic, "{runs: 5, per: 1h}"));
  for (int i = 0; i < 100; ++i) world.fire("stuck" + std::to_string(i));
  CHECK(world.hook("restart").attempts() == 5);
  CHECK(world.phone("ada").waiting() == 95);
}

TEST_CASE("a proposed hook pages at once and runs when somebody says yes") {
  World world(with_hook(kApprove));
  world.fire("stuck");
  world.phone("ada").expects("stuck");
  CHECK(world.hook("restart").attempts() == 0);
  CHECK(world.incident().incident.remedy->status == RemedyStatus::proposed);
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
  CHECK(world.hook("restart").next_of(MessageKind::hook, "stuck").why == "ada");
  CHECK(world.approve(world.incident(), "bob", "restart") == "hook restart runs already");
  world.advance(2min + 50s);
  world.phone("ada").silent();
  world.advance(15s);
  CHECK(tried(world.phone("ada").expects("stuck"), "approved by ada"));
  CHECK(world.hook("restart").attempts() == 1);
}

TEST_CASE("a hook that a person does not want stays unstarted and the escalation goes on") {
  World world(with_hook(kApprove));
  world.fire("stuck");
  world.phone("ada").expects("stuck");
  CHECK(world.reject(world.incident(), "ada", "restart") == "");
  CHECK(world.incident().incident.remedy->status == RemedyStatus::rejected);
  CHECK(world.approve(world.incident(), "ada", "other") ==
        "no hook other belongs to this incident");
  world.advance(6min);
  world.phone("bob").expects("stuck");
  CHECK(world.hook("restart").attempts() == 0);
}

TEST_CASE("a silenced alert starts no hook before its silence has ended") {
  World world(with_hook(kAutomatic));
  world.silence({"alertname=\"stuck\""}, 1h);
  world.fire("stuck");
  world.advance(30min);
  CHECK(world.hook("restart").attempts() == 0);
  world.advance(31min);
  CHECK(world.hook("restart").attempts() == 1);
  world.phone("ada").silent();
}

TEST_CASE("a hook waits for the rule's after as a page would") {
  std::string yaml = with_hook(kAutomatic);
  yaml.replace(yaml.find("severity: critical, remediate"), 18, "after: 2m");
  World world(yaml);
  world.fire("stuck");
  world.advance(1min + 55s);
  CHECK(world.hook("restart").attempts() == 0);
  world.advance(10s);
  CHECK(world.hook("restart").attempts() == 1);
}

TEST_CASE("an acknowledged incident hears no more although its hook fails") {
  World world(with_hook(kApprove));
  world.fire("stuck");
  world.phone("ada").expects("stuck");
  world.acknowledge(world.incident(), "ada");
  world.hook("restart").always(Attempt::rejected("no"));
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
  world.advance(1h);
  world.phone("ada").silent();
  CHECK(world.incident().incident.remedy->status == RemedyStatus::failed);
}

TEST_CASE("a hook that is under way when its incident is reopened is not called a second time") {
  std::string yaml = with_hook(kAutomatic);
  const std::string integration = "resolve_after: 7d";
  yaml.replace(yaml.find(integration), integration.size(), "resolve_after: 7d, reopen_within: 5m");
  World world(yaml);
  world.hold_attempts = true;  // the call is made, and its answer is awaited
  world.fire("stuck");
  REQUIRE(world.runner.waiting() == 1);
  world.resolve("stuck");
  world.fire("stuck");
  const auto incident = world.incident().incident;
  CHECK(incident.state == engine::IncidentState::open);
  CHECK(std::count_if(incident.messages.begin(), incident.messages.end(),
                      [](const auto& message) { return message.kind == MessageKind::hook; }) == 1);
  CHECK(world.approve(world.incident(), "ada", "restart").find("it runs already") !=
        std::string::npos);
  world.hold_attempts = false;
  world.advance(1s);
  CHECK(tried(world.phone("ada").expects("stuck"), "it runs already for this group"));
  CHECK(world.hook("restart").attempts() <= 1);
}

TEST_CASE("a hook that takes longer than the page waits is not called a second time") {
  World world(with_hook("{hook: restart, mode: approve, wait: 20s}"));
  world.fire("stuck");
  world.hold_attempts = true;
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
  world.advance(25s);
  CHECK(world.incident().incident.remedy->status == RemedyStatus::spent);
  CHECK(world.approve(world.incident(), "ada", "restart").find("it runs already") !=
        std::string::npos);
  world.advance(1min);  // no answer will come by now
  CHECK(world.approve(world.incident(), "ada", "restart") == "");
}

TEST_CASE("no two calls of a hook share an id however often an incident has called it") {
  World world(with_hook(kApprove, "{runs: 1000, per: 1h}"));
  world.fire("stuck");
  world.acknowledge(world.incident(), "ada");
  world.hook("restart").always(Attempt::rejected("no"));
  std::set<MessageId> ids;
  const int calls = static_cast<int>(engine::kMostMessages) + 20;
  for (int i = 0; i < calls; ++i) {
    REQUIRE(world.approve(world.incident(), "ada", "restart") == "");
    ids.insert(world.incident().incident.remedy->message);
  }
  CHECK(ids.size() == static_cast<std::size_t>(calls));
}
