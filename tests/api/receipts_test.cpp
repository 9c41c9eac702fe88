// What a provider posts to say that a page was delivered, or was not.
#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const std::string kReceipt = "/r/([^/]+)";

// A provider with a form of its own: a word, and "forged" is what it did not sign.
Result<connectors::Spoken> hear(const connectors::Hearing& hearing) {
  if (hearing.request.body == "forged") return refused("not signed");
  connectors::Spoken spoken;
  if (hearing.request.body == "digit 1") spoken.wish = connectors::Wish::acknowledge;
  return spoken;
}
connectors::Echo answer(const connectors::Hearing&, const connectors::Ended& ended) {
  return {{200, ended.sentence, "text/plain", {}}};
}
Result<std::optional<Attempt>> receipt(const connectors::Hearing& hearing) {
  if (hearing.request.body == "forged") return refused("not signed");
  if (hearing.request.body == "sent") return std::optional<Attempt>();
  return std::optional(Attempt::receipt(hearing.request.body == "delivered", "so it says"));
}
const connectors::Ear kEar{hear, answer, receipt, true};

// Ada is paged, and her phone's provider has taken it.
struct PagedHouse : LivedInHouse {
  PagedHouse() {
    auto with_ada = std::make_shared<engine::Configuration>(*configuration());
    with_ada->directory.people["ada"] = {"ada", {{"phone", "1"}}};
    owner.reconfigure(with_ada);
    fire("Errors");
    REQUIRE(outbox.started.size() == 1);
    Attempt taken = Attempt::accepted("queued");
    taken.receipt_within = 30s;
    const engine::AttemptRef& ref = outbox.started.front();
    journal.append(ref.partition,
                   {mint.record(ref.partition, RecordKind::result, clock.now().wall,
                                encode(AttemptResult{ref.incident, ref.message, ref.attempt,
                                                     clock.now(), taken}))},
                   [](const journal::Appended&) {});
    settle();
    REQUIRE(page().receipt == engine::Receipt::awaited);
  }
  void hear_phone() {
    auto heard = std::make_shared<api::HeardChannels>();
    (*heard)["phone"] = {"telephone", {}, &kEar};
    api.replace(heard);
  }
  engine::MessageState page() const {
    return state.find(outbox.started.front().incident.text)->incident.messages.front();
  }
  std::string link() const {
    const engine::AttemptRef& ref = outbox.started.front();
    return api.receipt_path(ref.incident, ref.message, ref.attempt, clock.now().wall).substr(3);
  }
  HttpResponse post(const std::string& signed_link, const std::string& body) {
    const HttpResponse answer = ask("POST", kReceipt, {signed_link}, body);
    settle();
    return answer;
  }
};

}  // namespace

TEST_CASE("a receipt is taken by its link alone and answered when it is stored") {
  PagedHouse house;
  house.journal.hold();
  const auto answer =
      house.begin("POST", kReceipt, {house.link()}, R"({"status":"delivered"})", "");
  house.settle();
  CHECK_FALSE(*answer);
  house.journal.release();
  house.settle();
  REQUIRE(*answer);
  CHECK((*answer)->status == 204);
  CHECK((*answer)->body.empty());
  CHECK(house.page().receipt == engine::Receipt::delivered);
}

TEST_CASE("a receipt that says no has its words in the timeline as one line") {
  PagedHouse house;
  CHECK(house.post(house.link(), R"({"status":"failed","detail":"handset\noff"})").status == 204);
  CHECK(house.page().receipt == engine::Receipt::denied);
  const json after = json_of(
      house.ask("GET", "/api/v1/incidents/([^/]+)", {house.outbox.started.front().incident.text}));
  CHECK(after.at("timeline").back().at("text") ==
        "page to ada (phone): undelivered (handset off)");
  CHECK(after.at("pages").at(0).at("receipt") == "denied");
}

TEST_CASE("a provider's own report is a receipt in its own form and must be signed by it") {
  PagedHouse house;
  house.hear_phone();
  CHECK(house.post(house.link(), "sent").status == 204);
  CHECK(house.page().receipt == engine::Receipt::awaited);
  detail_of(house.post(house.link(), "forged"), 401);
  CHECK(house.page().receipt == engine::Receipt::awaited);
  CHECK(house.post(house.link(), "failed").status == 204);
  CHECK(house.page().receipt == engine::Receipt::denied);
}

TEST_CASE("what a provider posts to the page's link is as if its button was pressed") {
  PagedHouse house;
  const engine::AttemptRef& ref = house.outbox.started.front();
  const auto link =
      house.api.page_path(ref.incident, "ada", house.clock.now().wall, ref.message).substr(3);
  const auto press = [&](const std::string& body) {
    return house.ask("POST", "/p/([^/]+)", {link}, body, "");
  };
  const auto state = [&] { return house.state.find(ref.incident.text)->incident.state; };
  CHECK(press("digit 1").status == 400);  // nobody listens yet
  house.hear_phone();
  detail_of(press("forged"), 401);
  CHECK(press("digit 9").status == 200);
  CHECK(state() == engine::IncidentState::open);
  CHECK(press("digit 1").status == 200);
  CHECK(state() == engine::IncidentState::acknowledged);
  CHECK(house.state.find(ref.incident.text)->incident.acknowledged_by == "ada");
  CHECK(house.state.contact_health().at({"ada", "phone", "1"}).confirmed_at ==
        house.clock.now().wall);
  CHECK(press("do=acknowledge").content_type.starts_with("text/html"));
}

TEST_CASE("a receipt that was said before adds nothing to the journal") {
  PagedHouse house;
  house.post(house.link(), R"({"status":"delivered"})");
  const Position tail = house.journal.tail(house.outbox.started.front().partition);
  CHECK(house.post(house.link(), R"({"status":"delivered"})").status == 204);
  CHECK(house.post(house.link(), R"({"status":"failed"})").status == 204);
  CHECK(house.journal.tail(house.outbox.started.front().partition) == tail);
}

TEST_CASE("a receipt that the journal does not take is to be posted again") {
  PagedHouse house;
  house.journal.fail_next(journal::Appended::Outcome::refused);
  CHECK(house.post(house.link(), R"({"status":"delivered"})").status == 503);
  CHECK(house.page().receipt == engine::Receipt::awaited);
  CHECK(house.post(house.link(), R"({"status":"delivered"})").status == 204);
}

TEST_CASE("what is no receipt is refused and says what to write") {
  PagedHouse house;
  for (const char* body : {"", "{}", R"({"status":"read"})", R"({"status":7})", "delivered"})
    detail_of(house.post(house.link(), body), 400);
  CHECK(detail_of(house.post(house.link(), "{}"), 400).starts_with("status: it is needed"));
  CHECK(detail_of(house.post(house.link(), R"({"status":"failed","why":"x"})"), 400)
            .starts_with("why: no such field"));
  CHECK(house.page().receipt == engine::Receipt::awaited);
}

TEST_CASE("only the link of a receipt takes one and only for its message") {
  PagedHouse house;
  const std::string good = R"({"status":"delivered"})";
  const engine::AttemptRef& ref = house.outbox.started.front();
  const WallTime now = house.clock.now().wall;
  const auto page_link = house.api.page_path(ref.incident, "ada", now, ref.message).substr(3);
  detail_of(house.post(page_link, good), 403);
  detail_of(house.post(house.link() + "A", good), 403);
  detail_of(house.post(house.api.receipt_path(ref.incident, {"msg_other"}, 1, now).substr(3), good),
            404);
  detail_of(
      house.post(house.api.receipt_path({"0000000000000000"}, ref.message, 1, now).substr(3), good),
      404);
  const std::string early = house.link();
  house.clock.advance(api::kPageLinkLife);
  detail_of(house.post(early, good), 403);
  CHECK(house.page().receipt != engine::Receipt::delivered);
  // Nor does a receipt's link open the page.
  CHECK(house.ask("GET", "/p/([^/]+)", {house.link()}).status == 403);
}

TEST_CASE("whoever presses a page's link has shown that its contact works") {
  PagedHouse house;
  const engine::AttemptRef& ref = house.outbox.started.front();
  const Contact contact{"ada", "phone", "1"};
  CHECK_FALSE(house.state.contact_health().at(contact).confirmed_at);
  const auto link =
      house.api.page_path(ref.incident, "ada", house.clock.now().wall, ref.message).substr(3);
  CHECK(house.ask("GET", "/p/([^/]+)", {link}).status == 200);
  CHECK_FALSE(house.state.contact_health().at(contact).confirmed_at);  // it may be a scanner
  CHECK(house.ask("POST", "/p/([^/]+)", {link}).status == 200);
  CHECK(house.state.contact_health().at(contact).confirmed_at == house.clock.now().wall);
}
