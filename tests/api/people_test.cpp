// People's contacts: what is known of them, and tests of them.
#include "router/api/contact_link.hpp"
#include "router/api/contacts.hpp"
#include "tests/api/on_call_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPeople = "/api/v1/people";
constexpr const char* kPerson = "/api/v1/people/([^/]+)";
constexpr const char* kTest = "/api/v1/people/([^/]+)/contacts/test";
constexpr const char* kTestOf = "/api/v1/people/([^/]+)/contacts/test/([^/]+)";
constexpr const char* kLink = "/c/([^/]+)";

struct PeopleHouse : OnCallHouse {
  json person(const std::string& name, const std::string& token = "responder",
              std::multimap<std::string, std::string> query = {}) {
    return json_of(ask("GET", kPerson, {name}, "", token, std::move(query)));
  }
  json contact(const std::string& name, const std::string& channel) {
    const json all = person(name);
    for (const json& each : all.at("contacts"))
      if (each.at("channel") == channel) return each;
    FAIL("no contact " << channel);
    return {};
  }
  json test(const std::string& name) { return json_of(ask("POST", kTest, {name}), 202); }
  json test(const std::string& name, const std::string& id) {
    return json_of(ask("GET", kTestOf, {name, id}));
  }
  /// The provider's word for everything that is being sent to this channel.
  void provider(const std::string& channel, const Attempt& said) {
    std::vector<engine::AttemptRef> rest;
    for (const engine::AttemptRef& ref : std::exchange(outbox.started, {}))
      if (ref.channel == channel)
        journal.append(ref.partition,
                       {mint.record(ref.partition, RecordKind::result, clock.now().wall,
                                    encode(AttemptResult{ref.incident, ref.message, ref.attempt,
                                                         clock.now(), said}))},
                       [](const journal::Appended&) {});
      else
        rest.push_back(ref);
    outbox.started = std::move(rest);
    settle();
  }
  /// The part of a test's link that is signed.
  std::string link(const std::string& id, const std::string& channel) {
    const auto notice = state.find_notice({id});
    REQUIRE(notice);
    for (const engine::MessageState& message : notice->messages)
      if (message.contact.channel == channel)
        return api.contact_path({id}, message.id, clock.now().wall).substr(3);
    FAIL("no message by " << channel);
    return {};
  }
  std::string status_of(const json& test, const std::string& channel) {
    for (const json& each : test.at("contacts"))
      if (each.at("channel") == channel) return each.at("status");
    return "";
  }
};

}  // namespace

TEST_CASE("people are shown with their contacts and where they are on call") {
  PeopleHouse house;
  const json all = json_of(house.ask("GET", kPeople, {}, "", "viewer")).at("people");
  REQUIRE(all.size() == 4);
  const json ada = all.at(0);
  CHECK(ada.at("name") == "ada");
  CHECK(ada.at("on_call") == json::array({"crew-primary"}));
  CHECK(ada.at("reachable") == true);
  CHECK(ada.at("notices") == true);
  CHECK(ada.at("contacts").at(0).at("channel") == "push");
  CHECK(ada.at("contacts").at(0).at("status") == "unverified");
  const json mute = house.person("mute");
  CHECK(mute.at("contacts").empty());
  CHECK(mute.at("reachable") == false);
  detail_of(house.ask("GET", kPerson, {"nobody"}), 404);
}

TEST_CASE("a viewer sees the beginning of an address and others the whole") {
  PeopleHouse house;
  CHECK(house.person("ada").at("contacts").at(1).at("address") == "ada@example.com");
  CHECK(house.person("ada", "viewer").at("contacts").at(1).at("address") == "ad…");
  CHECK(api::masked("+353861234567") == "+3…");
  CHECK(api::masked("üö@x") == "üö…");
  CHECK(api::masked("x") == "x…");
}

TEST_CASE("a test is sent to every contact and says what becomes of each") {
  PeopleHouse house;
  const json asked = house.test("ada");
  const std::string id = asked.at("id");
  CHECK(asked.at("person") == "ada");
  CHECK(asked.at("by") == "fixer");
  CHECK(asked.at("contacts").size() == 2);
  house.settle();
  CHECK(house.status_of(house.test("ada", id), "push") == "sending");
  house.provider("push", Attempt::accepted("queued"));
  house.provider("mail", Attempt::rejected("550 no such user"));
  const json then = house.test("ada", id);
  CHECK(house.status_of(then, "push") == "accepted");
  CHECK(house.status_of(then, "mail") == "failed");
  CHECK(then.at("contacts").at(1).at("detail") == "550 no such user");
  CHECK(house.contact("ada", "push").at("status") == "unverified");
  CHECK(house.contact("ada", "mail").at("status") == "failing");
  CHECK(house.contact("ada", "mail").at("failure") == "550 no such user");
  detail_of(house.ask("GET", kTestOf, {"grace", id}), 404);
  detail_of(house.ask("GET", kTestOf, {"ada", "notice_x"}), 404);
}

TEST_CASE("only pressing the button proves a contact and the proof is of that one alone") {
  PeopleHouse house;
  const std::string id = house.test("ada").at("id");
  house.settle();
  house.provider("push", Attempt::accepted("queued"));
  const std::string link = house.link(id, "push");
  const HttpResponse shown = house.ask("GET", kLink, {link}, "", "nobody's");
  CHECK(shown.status == 200);
  CHECK(shown.body.find("It reached me") != std::string::npos);
  CHECK(house.contact("ada", "push").at("status") == "unverified");
  const HttpResponse pressed = house.ask("POST", kLink, {link}, "do=reached", "nobody's");
  CHECK(pressed.status == 200);
  CHECK(pressed.body.find("messages by push reach ada") != std::string::npos);
  const json contact = house.contact("ada", "push");
  CHECK(contact.at("status") == "verified");
  CHECK(contact.at("verified_by") == "test message");
  CHECK(contact.at("verified_at") == "2026-11-22T01:52:43.000Z");
  CHECK(house.status_of(house.test("ada", id), "push") == "answered");
  CHECK(house.contact("ada", "mail").at("status") == "unverified");
  CHECK(house.ask("POST", kLink, {link}, "do=something", "nobody's").status == 400);
}

TEST_CASE("a link of a test is good for an hour and for nothing else") {
  PeopleHouse house;
  const std::string id = house.test("ada").at("id");
  house.settle();
  const std::string link = house.link(id, "push");
  for (const std::string& wrong :
       {link.substr(0, link.size() - 1), link + "A", std::string("x"), std::string("..."),
        std::string("notice_x") + link.substr(link.find('.'))})
    CHECK(house.ask("POST", kLink, {wrong}, "", "nobody's").status == 403);
  house.clock.advance(61min);
  CHECK(house.ask("POST", kLink, {link}, "", "nobody's").status == 403);
  CHECK(house.contact("ada", "push").at("status") == "unverified");
}

TEST_CASE("an address that is another one since a reload is not verified") {
  PeopleHouse house;
  const std::string id = house.test("ada").at("id");
  house.settle();
  house.ask("POST", kLink, {house.link(id, "push")}, "", "nobody's");
  CHECK(house.contact("ada", "push").at("status") == "verified");
  house.configure([](engine::Configuration& c) {
    c.directory.people["ada"].contacts.front().address = "another-phone";
  });
  CHECK(house.contact("ada", "push").at("status") == "unverified");
}

TEST_CASE("a person is not asked again at once and a viewer asks nobody") {
  PeopleHouse house;
  house.test("ada");
  CHECK(detail_of(house.ask("POST", kTest, {"ada"}), 409).find("being tested") !=
        std::string::npos);
  house.test("grace");
  house.clock.advance(11s);
  house.test("ada");
  detail_of(house.ask("POST", kTest, {"ada"}, "", "viewer"), 403);
  detail_of(house.ask("POST", kTest, {"mute"}), 409);
  detail_of(house.ask("POST", kTest, {"nobody"}), 404);
}

TEST_CASE("whoever verified one contact is reached by verified ones alone") {
  const auto book = [](bool verified, bool failing, bool other_failing) {
    engine::ContactsHealth health;
    std::map<engine::ContactKey, engine::KeptProof> proofs;
    const WallTime now = parse_rfc3339("2026-11-22T01:52:43Z").value();
    const auto fail = [&](const std::string& channel) {
      engine::hear_result(health, {"ada", channel, channel + "-address"}, Attempt::rejected("gone"),
                          now - 1h);
    };
    if (failing) fail("push");
    if (other_failing) fail("mail");
    if (verified)
      proofs[{"ada", "push", hash_of_address("push-address")}] = {
          {"ada", "push", hash_of_address("push-address"), now - 2h, "test message"}, 1};
    return api::ContactBook(health, proofs, now);
  };
  oncall::Person ada;
  ada.name = "ada";
  ada.contacts = {{"push", "push-address", {}}, {"mail", "mail-address", {}}};
  const auto reached = [&](bool verified, bool failing, bool other_failing) {
    return book(verified, failing, other_failing).reaches(ada, false);
  };
  CHECK(reached(false, false, false));      // nothing is known
  CHECK(reached(false, true, false));       // one is left of which nothing bad is known
  CHECK_FALSE(reached(false, true, true));  // all fail
  CHECK(reached(true, false, true));        // the verified one works
  CHECK_FALSE(reached(true, true, false));  // it fails, and nobody knows of the other
  CHECK_FALSE(book(false, false, false).reaches(ada, true));
  CHECK(book(true, false, false).reaches(ada, true));
}

TEST_CASE("a contact that no page goes to reaches nobody") {
  engine::ContactsHealth health;
  std::map<engine::ContactKey, engine::KeptProof> proofs;
  const WallTime now = parse_rfc3339("2026-11-22T01:52:43Z").value();
  oncall::Person ada;
  ada.name = "ada";
  ada.contacts = {{"push", "push-address", {}}, {"mail", "mail-address", {}}};
  ada.notify = {{"push", "push-address", {}}};
  const auto reached = [&] { return api::ContactBook(health, proofs, now).reaches(ada, false); };
  CHECK(reached());
  engine::hear_result(health, {"ada", "push", "push-address"}, Attempt::rejected("gone"), now - 1h);
  CHECK_FALSE(reached());
  // One severity without a contact that works is one too many.
  ada.notify.push_back({"mail", "mail-address", {}, {Severity::critical}});
  CHECK_FALSE(reached());
  ada.notify.back().severities.clear();
  CHECK(reached());
}

TEST_CASE("an answer that came after a failure says that the contact works again") {
  engine::ContactsHealth health;
  const WallTime now = parse_rfc3339("2026-11-22T01:52:43Z").value();
  const Contact contact{"ada", "push", "ada-phone"};
  engine::hear_result(health, contact, Attempt::rejected("gone"), now - 2h);
  std::map<engine::ContactKey, engine::KeptProof> proofs;
  CHECK(api::ContactBook(health, proofs, now).known(contact).standing == api::Standing::failing);
  proofs[{"ada", "push", hash_of_address("ada-phone")}] = {
      {"ada", "push", hash_of_address("ada-phone"), now - 1h, "test message"}, 1};
  CHECK(api::ContactBook(health, proofs, now).known(contact).standing == api::Standing::verified);
  engine::hear_result(health, contact, Attempt::rejected("gone"), now - 1min);
  const api::KnownContact known = api::ContactBook(health, proofs, now).known(contact);
  CHECK(known.standing == api::Standing::failing);
  CHECK(known.failure == "gone");
}

TEST_CASE("rotas say whether whoever is on call can be reached") {
  PeopleHouse house;
  CHECK(house.on_call("crew-primary").at("on_call").at("reachable") == true);
  CHECK(house.on_call("crew-primary", {{"strict", "true"}}).at("on_call").at("reachable") == false);
  CHECK(house.on_call("office").at("on_call").at("reachable") == false);
  detail_of(house.ask("GET", OnCallHouse::kOnCall, {}, "", "viewer", {{"strict", "yes"}}), 400);
}

TEST_CASE("the metrics of a rota show a gap while nobody with a working contact is on call") {
  PeopleHouse house;
  const auto gauge = [&](const std::string& rota) {
    for (const api::RotaGauge& each : house.api.rota_gauges())
      if (each.rota == rota) return each;
    FAIL("no rota " << rota);
    return api::RotaGauge{};
  };
  CHECK_FALSE(gauge("crew-primary").gap);
  CHECK_FALSE(gauge("crew-primary").next_gap);
  CHECK(gauge("office").gap);
  CHECK(gauge("office").closed);  // it is Sunday
  house.test("ada");
  house.settle();
  house.provider("push", Attempt::rejected("gone"));
  house.provider("mail", Attempt::rejected("gone"));
  CHECK_FALSE(gauge("crew-primary").gap);  // from memory, for a while
  house.clock.advance(api::kGaugesKept);
  CHECK(gauge("crew-primary").gap);
  CHECK_FALSE(gauge("crew-primary").closed);
  house.override(R"({"person":"linus","for":"8h"})");
  house.clock.advance(api::kGaugesKept);
  CHECK_FALSE(gauge("crew-primary").gap);
  house.configure([](engine::Configuration& c) {
    c.directory.people["grace"].leave.push_back({parse_rfc3339("2026-11-24T00:00:00Z").value(),
                                                 parse_rfc3339("2026-11-25T00:00:00Z").value(),
                                                 ""});
    c.rotas.erase("crew-primary");
  });
  house.clock.advance(api::kGaugesKept);
  REQUIRE(house.api.rota_gauges().size() == 1);
  REQUIRE(gauge("office").next_gap);
  const Duration until = parse_rfc3339("2026-11-24T09:00:00Z").value() - house.clock.now().wall;
  CHECK(*gauge("office").next_gap == until);
}
