// A provider that is down, hangs, or takes a page and never says that it arrived: the person's next
// contact is tried at once, and nothing sprints.
#include "router/engine/reach.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

// Ada has a phone and, two minutes later, a mailbox.
std::string with_two_contacts() {
  std::string yaml = kPlainSettings;
  const std::string plain = "{name: ada, contacts: {phone: ada}}";
  yaml.replace(yaml.find(plain), plain.size(),
               "{name: ada, contacts: {phone: ada, mail: ada-mail}, notify: [{channel: phone}, "
               "{after: 2m, channel: mail}]}");
  return yaml;
}

Attempt with_receipt(Duration within) {
  Attempt said = Attempt::accepted("queued");
  said.receipt_within = within;
  return said;
}

std::size_t told(const World& world, const std::string& text) {
  const auto view = world.incidents().front();
  return static_cast<std::size_t>(
      std::count_if(view.incident.timeline.begin(), view.incident.timeline.end(),
                    [&](const auto& e) { return e.text.find(text) != std::string::npos; }));
}

engine::MessageState first_page(const World& world) {
  return world.incident().incident.messages.front();
}

}  // namespace

TEST_CASE("a provider that refuses for now means the next contact at once and is tried again") {
  World world(with_two_contacts());
  world.phone("ada").always(Attempt::retry_later("HTTP 503"));
  world.fire("db-down");
  const auto page = world.phone("ada-mail").expects("db-down");
  CHECK(page.why.ends_with("; at once, since phone failed for now (HTTP 503)"));
  CHECK(told(world,
             "the next contact of ada at once, mail: phone failed for now "
             "(HTTP 503)") == 1);
  world.advance(10s);
  CHECK(world.phone("ada").attempts() >= 3);
  world.phone("ada").always(std::nullopt);
  world.advance(20s);
  world.phone("ada").expects("db-down");
  world.phone("ada-mail").silent();
  world.phone("bob").silent();
}

TEST_CASE("a contact whose time has come says nothing of the one before it") {
  World world(with_two_contacts());
  world.fire("db-down");
  world.advance(2min);
  CHECK(world.phone("ada-mail").expects("db-down").why.find("at once") == std::string::npos);
  CHECK(told(world, "the next contact") == 0);
}

TEST_CASE("a provider that hangs means the next contact when its attempt is given up") {
  World world(with_two_contacts());
  world.hold_attempts = true;
  world.fire("db-down");
  world.runner.drop_all();
  world.hold_attempts = false;
  world.advance(59s);
  world.phone("ada-mail").silent();
  world.advance(1s);
  world.phone("ada-mail").expects("db-down");
  world.phone("ada").expects("db-down");
  CHECK(told(world, "phone failed for now (no answer within 1m)") == 1);
}

TEST_CASE("a process that dies with a page under way blames no contact for it") {
  World world(with_two_contacts());
  world.hold_attempts = true;
  world.fire("db-down");
  world.hold_attempts = false;
  world.crash();
  world.phone("ada").expects("db-down");
  world.phone("ada-mail").silent();
  world.advance(2min);
  world.phone("ada-mail").expects("db-down");
}

TEST_CASE("a provider that is down for everybody drives the escalation on by a step a minute") {
  World world;
  for (const char* who : {"ada", "bob", "room", "linus"})
    world.phone(who).always(Attempt::retry_later("HTTP 503"));
  world.fire("db-down");
  const auto step = [&] {
    const engine::Escalation at = world.incident().incident.escalation;
    return std::tuple(at.fallback, at.round, at.step);
  };
  using At = std::tuple<bool, std::uint32_t, std::uint32_t>;
  // Three steps in two rounds, then the default policy, which has one step and stays there.
  for (const At& at : {At{false, 0, 0}, At{false, 0, 1}, At{false, 0, 2}, At{false, 1, 0},
                       At{false, 1, 1}, At{false, 1, 2}, At{true, 0, 0}}) {
    CHECK(step() == at);
    world.advance(engine::kNobodyReached - 1s);
    CHECK(step() == at);
    world.advance(1s);
  }
  CHECK(step() == At{true, 0, 0});
  CHECK(told(world, "nobody of the step could be reached for 1m: step 2 of policy escalating") ==
        2);
  world.advance(13min + 58s);
  CHECK(step() == At{true, 0, 0});
}

TEST_CASE("a step that has reached somebody waits for them however many others fail") {
  World world(with_two_contacts());
  world.phone("ada").always(Attempt::retry_later("HTTP 503"));
  world.fire("db-down");
  world.phone("ada-mail").expects("db-down");
  world.advance(4min + 59s);
  world.phone("bob").silent();
  world.advance(1s);
  world.phone("bob").expects("db-down");
}

TEST_CASE("a contact that works never and one that fails for now make a step that reached nobody") {
  World world(with_two_contacts());
  world.phone("ada").always(Attempt::rejected("no such number"));
  world.phone("ada-mail").always(Attempt::retry_later("HTTP 503"));
  world.fire("db-down");
  world.advance(59s);
  world.phone("bob").silent();
  world.advance(1s);
  world.phone("bob").expects("db-down");
}

TEST_CASE("a page of which no receipt comes means the next contact at once") {
  World world(with_two_contacts());
  world.phone("ada").always(with_receipt(30s));
  world.fire("db-down");
  const auto page = world.phone("ada").expects("db-down");
  world.advance(29s);
  world.phone("ada-mail").silent();
  world.advance(1s);
  CHECK(world.phone("ada-mail")
            .expects("db-down")
            .why.ends_with("; at once, since phone gave no receipt within 30s"));
  CHECK(told(world, "page to ada (phone): no receipt within 30s") == 1);
  world.phone("ada").silent();  // a page that was taken is not sent again
  // It is taken late as well.
  CHECK(world.receipt(page, true, "read at last"));
  CHECK(first_page(world).receipt == engine::Receipt::delivered);
  CHECK(told(world, "page to ada (phone): delivered (read at last)") == 1);
}

TEST_CASE("a receipt in time keeps the order of the contacts and one that says no does not") {
  for (const bool delivered : {true, false}) {
    World world(with_two_contacts());
    world.phone("ada").always(with_receipt(30s));
    world.fire("db-down");
    const auto page = world.phone("ada").expects("db-down");
    world.advance(10s);
    CHECK(world.receipt(page, delivered, "by the network"));
    CHECK(world.receipt(page, delivered, "by the network"));  // said twice
    CHECK(world.phone("ada-mail").waiting() == (delivered ? 0 : 1));
    CHECK(told(world, "(by the network)") == (delivered ? 1 : 2));  // once more as the reason
    world.advance(1min + 49s);
    CHECK(world.phone("ada-mail").waiting() == (delivered ? 0 : 1));
    world.advance(1s);
    CHECK(world.phone("ada-mail").waiting() == 1);
    CHECK(told(world, "no receipt") == 0);
  }
}

TEST_CASE("a receipt that comes before the answer to its attempt holds") {
  for (const bool delivered : {true, false}) {
    World world(with_two_contacts());
    world.phone("ada").answers({with_receipt(30s)});
    world.on_delivery = [&](const std::string& who, const connectors::Notification& n) {
      if (who != "ada" || n.kind != MessageKind::page) return;
      const auto view = world.state().find(n.incident);
      world.owner().submit(*view,
                           AttemptResult{view->incident.id, n.id, 1, world.clock.now(),
                                         Attempt::receipt(delivered, "early")},
                           5s, [](const engine::CommandAnswer&) {});
    };
    world.fire("db-down");
    world.advance(40s);
    CHECK(first_page(world).status == engine::MessageStatus::accepted);
    CHECK(first_page(world).receipt ==
          (delivered ? engine::Receipt::delivered : engine::Receipt::denied));
    CHECK(world.phone("ada-mail").waiting() == (delivered ? 0 : 1));
    CHECK(told(world, "no receipt") == 0);
  }
}

TEST_CASE("a receipt for a page whose answer was a time-out ends its retries") {
  World world(with_two_contacts());
  world.phone("ada").answers({Attempt::retry_later("no answer within 10s")});
  world.hold_attempts = true;
  world.fire("db-down");
  REQUIRE(world.runner.run_one());
  world.settle();
  const engine::MessageState page = first_page(world);
  REQUIRE(page.status == engine::MessageStatus::retrying);
  connectors::Notification sent;
  sent.id = page.id;
  sent.incident = world.incident().incident.id.text;
  CHECK(world.receipt(sent, true));
  CHECK(first_page(world).status == engine::MessageStatus::accepted);
  world.runner.drop_all();  // the next contact's attempt, which had begun
  world.hold_attempts = false;
  world.advance(30s);
  world.phone("ada").silent();
  world.resolve("db-down");
  world.phone("ada").expects_resolved("db-down");  // she was paged, so she hears the end
}

TEST_CASE("a denial of an earlier attempt says nothing of the one that was taken") {
  World world(with_two_contacts());
  world.phone("ada").answers({Attempt::retry_later("HTTP 503"), with_receipt(30s)});
  world.fire("db-down");
  world.phone("ada-mail").expects("db-down");
  world.advance(5s);
  const auto page = world.phone("ada").expects("db-down");
  CHECK(world.receipt(page, false, "of the first", 1));
  CHECK(first_page(world).receipt == engine::Receipt::awaited);
  CHECK(world.receipt(page, false, "of the second", 2));
  CHECK(first_page(world).receipt == engine::Receipt::denied);
}

TEST_CASE("an acknowledgement makes receipts moot") {
  World world(with_two_contacts());
  world.phone("ada").always(with_receipt(30s));
  world.fire("db-down");
  const auto page = world.phone("ada").expects("db-down");
  CHECK(world.acknowledge(world.incident(), "bob"));
  world.advance(10min);
  world.phone("ada-mail").silent();
  CHECK(told(world, "no receipt") == 0);
  CHECK(world.receipt(page, false, "too late to matter"));
  world.phone("ada-mail").silent();
}

TEST_CASE("what a receipt is waited for until survives a restart and a snapshot") {
  for (const bool snapshot : {false, true}) {
    World world(with_two_contacts());
    world.phone("ada").always(with_receipt(30s));
    world.fire("db-down");
    world.phone("ada").expects("db-down");
    world.advance(20s);
    if (snapshot)
      world.crash_and_restore(world.snapshots());
    else
      world.crash();
    world.advance(9s);
    world.phone("ada-mail").silent();
    world.advance(1s);
    world.phone("ada-mail").expects("db-down");
    world.phone("ada").silent();
  }
}

TEST_CASE("a step whose only contact gives no receipt has reached nobody after a minute") {
  World world;
  world.phone("ada").always(with_receipt(30s));
  world.fire("db-down");
  world.phone("ada").expects("db-down");
  world.advance(59s);
  world.phone("bob").silent();
  world.advance(1s);
  world.phone("bob").expects("db-down");
}
