// What people say by way of a channel: who may, which incident, and what it comes to.
#include <sstream>

#include "connectors/channel.hpp"
#include "router/api/press_token.hpp"
#include "router/api/spoken_words.hpp"
#include "tests/api/lived_in_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;
using connectors::Echo;
using connectors::Ended;
using connectors::Hearing;
using connectors::Spoken;
using connectors::Wish;

namespace {

const std::string kAnswers = "/answers/([^/]+)";

// A provider whose requests are "ADDRESS WISH PRESS" or "ADDRESS WISH - CODE", and whose signature
// is that the body does not begin with "forged".
Result<Spoken> hear(const Hearing& hearing) {
  if (hearing.request.body.starts_with("forged")) return refused("not signed");
  std::istringstream words(hearing.request.body);
  std::string address, wish, press, code;
  words >> address >> wish >> press >> code;
  if (address.empty()) return invalid("nothing was said");
  Spoken spoken;
  spoken.wish =
      connectors::wish_named(wish).value_or(wish == "hello" ? Wish::unclear : Wish::nothing);
  spoken.press = press == "-" ? "" : press;
  spoken.code = code;
  spoken.addresses = {address};
  spoken.name = address;
  return spoken;
}
Echo answer(const Hearing& hearing, const Ended& ended) {
  json still = json::array();
  for (const Wish wish : ended.still) still.push_back(connectors::to_string(wish));
  return {{200,
           json{{"how", static_cast<int>(ended.how)},
                {"sentence", ended.sentence},
                {"state", ended.state},
                {"still", still},
                {"url", hearing.url}}
               .dump(),
           "application/json",
           {}},
          connectors::FollowUp{"https://provider.example.com", {}, ended.state}};
}
const connectors::Ear kEar{hear, answer, nullptr, true};
const connectors::Ear kUnsigned{hear, answer, nullptr, false};

struct Said {
  Ended::How how;
  std::string sentence, state;
  json still;
};

struct HeardHouse : LivedInHouse {
  HeardHouse() {
    auto with_people = std::make_shared<engine::Configuration>(*configuration());
    auto& people = with_people->directory.people;
    people["ada"] = {"ada", {{"phone", "+353 (87) 123-4567"}}};
    people["ada"].contacts = {{"phone", "+353 (87) 123-4567"}, {"room", "U1"}};
    people["grace"] = {"grace", {{"room", "@Grace"}}};
    people["twin"] = {"twin", {{"room", "U1"}}};
    with_people->hash = engine::hash_of(*with_people);
    owner.reconfigure(with_people);
    auto heard = std::make_shared<api::HeardChannels>();
    (*heard)["phone"] = {"sms", {}, &kEar};
    (*heard)["room"] = {"chat", {}, &kEar};
    (*heard)["other-room"] = {"chat", {}, &kEar};
    (*heard)["open-room"] = {"open", {}, &kUnsigned};
    api.replace(heard);
    fire("Errors");
  }
  std::string press(const std::string& title = "Errors") {
    return api.press({id_of(title)}, clock.now().wall);
  }
  HttpResponse post(const std::string& channel, const std::string& body) {
    return ask("POST", kAnswers, {channel}, body, "");
  }
  Said say(const std::string& channel, const std::string& body) {
    const json said = json_of(post(channel, body));
    return {static_cast<Ended::How>(said.at("how").get<int>()), said.at("sentence"),
            said.at("state"), said.at("still")};
  }
  engine::Incident incident(const std::string& title = "Errors") {
    return state.find(id_of(title))->incident;
  }
};

}  // namespace

TEST_CASE("what a button brings back is good for one incident until it expires") {
  const WallTime now{1'795'312'363s};
  const IncidentId incident{"7zq4m2k9w1x3c5v8"};
  const std::string token = api::sign_press(incident, now + 1h, "secret");
  CHECK(token.size() <= connectors::kMostPressBytes);
  CHECK(api::verify_press(token, "secret", now)->text == incident.text);
  CHECK(api::verify_press(token, "secret", now + 1h).error().kind == ErrorKind::refused);
  CHECK(api::verify_press(token, "another", now).error().kind == ErrorKind::invalid);
  CHECK(api::verify_press(token, "", now).error().kind == ErrorKind::invalid);
  CHECK_FALSE(api::verify_press(api::sign_press(incident, now + 1h, ""), "", now));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string other = token;
    other[at] = other[at] == 'a' ? 'b' : 'a';
    CHECK_FALSE(api::verify_press(other, "secret", now));
  }
  for (const std::string& wrong :
       {std::string(), std::string("."), std::string(".."), token + "a", std::string(10'000, '.')})
    CHECK_FALSE(api::verify_press(wrong, "secret", now));
}

TEST_CASE("a button acknowledges as whoever has that contact and the message shows it") {
  HeardHouse house;
  const Said said = house.say("room", "grace acknowledge " + house.press());
  CHECK(said.how == Ended::How::done);
  CHECK(said.state.starts_with("Acknowledged by grace at "));
  CHECK(said.sentence == said.state + ".");
  CHECK(said.still == json{"resolve", "escalate"});
  const engine::Incident incident = house.incident();
  CHECK(incident.state == engine::IncidentState::acknowledged);
  CHECK(incident.acknowledged_by == "grace");
  CHECK(incident.timeline.back().text == "acknowledged by grace (chat)");
}

TEST_CASE("every button does what it says") {
  HeardHouse house;
  const std::string press = house.press();
  CHECK(house.say("room", "grace snooze " + press).state.starts_with("Snoozed by grace"));
  CHECK(house.incident().snoozed);
  const Said escalated = house.say("other-room", "U1 escalate " + press);
  INFO(escalated.sentence);
  CHECK((escalated.how == Ended::How::done));
  CHECK(house.say("room", "grace resolve " + press).state.starts_with("Resolved by grace at "));
  CHECK(house.incident().resolved_by == "grace");
}

TEST_CASE("who has no contact there changes nothing and is told what to do") {
  HeardHouse house;
  for (const char* channel : {"room", "phone", "open-room"})
    for (const char* who : {"mallory", "ada", "+353871234568", "U2"}) {
      const Said said = house.say(channel, std::string(who) + " acknowledge " + house.press());
      CHECK(said.how == Ended::How::stranger);
      CHECK(said.sentence.find(who) != std::string::npos);
      CHECK(said.state.empty());
    }
  CHECK(house.incident().state == engine::IncidentState::open);
}

TEST_CASE("what is forged or is no answer changes nothing") {
  HeardHouse house;
  detail_of(house.post("room", "forged"), 401);
  detail_of(house.post("room", ""), 400);
  detail_of(house.post("nowhere", "grace acknowledge " + house.press()), 404);
  // A provider that signs vouches for who it was; the button must be ours all the same.
  const std::string forged = house.press() + "A";
  CHECK(house.say("room", "grace acknowledge " + forged).how == Ended::How::over);
  detail_of(house.post("open-room", "grace acknowledge " + forged), 401);
  const std::string press = house.press();
  house.clock.advance(api::kPageLinkLife);
  CHECK(house.say("room", "grace acknowledge " + press).how == Ended::How::over);
  CHECK(house.incident().state == engine::IncidentState::open);
}

TEST_CASE("a request that comes twice changes once and is answered by how things are") {
  HeardHouse house;
  const std::string escalate = "grace escalate " + house.press();
  house.say("room", escalate);
  const std::size_t entries = house.incident().timeline.size();
  CHECK(house.say("room", escalate).how == Ended::How::done);
  CHECK(house.incident().timeline.size() == entries);
  const std::string press = house.press();
  house.say("room", "grace acknowledge " + press);
  const Said late = house.say("room", "U1 acknowledge " + press);
  CHECK(late.state.starts_with("Acknowledged by grace"));
}

TEST_CASE("what could not be stored is said so and may be pressed again") {
  HeardHouse house;
  const std::string press = "grace acknowledge " + house.press();
  house.journal.fail_next(journal::Appended::Outcome::refused);
  CHECK(house.say("room", press).how == Ended::How::again);
  CHECK(house.incident().state == engine::IncidentState::open);
  CHECK(house.say("room", press).how == Ended::How::done);
  CHECK(house.incident().acknowledged_by == "grace");
}

TEST_CASE("a button of an incident that is over says so and by whom") {
  HeardHouse house;
  const std::string press = house.press();
  house.fire("Errors", "api", AlertStatus::resolved);
  const Said said = house.say("room", "grace acknowledge " + press);
  CHECK(said.how == Ended::How::over);
  CHECK(said.sentence.starts_with("Errors is over already. Resolved at "));
  CHECK(said.still.empty());
  const std::string kept = house.api.press({"0000000000000000"}, house.clock.now().wall);
  CHECK(house.say("room", "grace acknowledge " + kept).how == Ended::How::over);
}

TEST_CASE("of two who share a contact it was the one who was paged") {
  HeardHouse house;
  CHECK(house.say("room", "U1 acknowledge " + house.press())
            .state.starts_with("Acknowledged by ada"));
}

TEST_CASE("whoever answers from their own contact has shown that it works") {
  HeardHouse house;
  const Contact contact{"ada", "phone", "+353 (87) 123-4567"};
  CHECK_FALSE(house.state.contact_health()[contact].confirmed_at);
  house.say("phone", "+353871234567 acknowledge -");
  CHECK(house.state.contact_health().at(contact).confirmed_at == house.clock.now().wall);
}

TEST_CASE("a reply without a code is of the only page and otherwise asks which") {
  HeardHouse house;
  const std::string ada = "+353871234567";
  house.fire("Disk");
  const Said which = house.say("phone", ada + " acknowledge -");
  CHECK(which.how == Ended::How::unclear);
  for (const char* title : {"Errors", "Disk"})
    CHECK(which.sentence.find("\n" + house.id_of(title).substr(0, 5) + " " + title) !=
          std::string::npos);
  CHECK(house.say("phone", ada + " acknowledge - zzzzz").how == Ended::How::unclear);
  const Said disk = house.say("phone", ada + " acknowledge - " + house.id_of("Disk").substr(0, 5));
  CHECK(disk.how == Ended::How::done);
  CHECK(house.incident("Disk").acknowledged_by == "ada");
  CHECK(house.incident().state == engine::IncidentState::open);
  CHECK(house.say("phone", ada + " acknowledge -").how == Ended::How::done);
  CHECK(house.incident().acknowledged_by == "ada");
  CHECK(house.say("phone", ada + " hello -").how == Ended::How::unclear);
  CHECK(house.say("phone", ada + " resolve -").how == Ended::How::unclear);
  CHECK(house.say("phone", ada + " resolve - " + house.id_of("Disk").substr(0, 4)).how ==
        Ended::How::done);
  CHECK(house.say("phone", ada + " resolve -").how == Ended::How::done);
  CHECK(house.say("phone", ada + " resolve - zzzzz").how == Ended::How::over);
  CHECK(house.say("phone", ada + " hello -").how == Ended::How::over);
}

TEST_CASE("a code opens nothing to whoever was not paged for it") {
  HeardHouse house;
  const std::string code = house.id_of("Errors");
  CHECK(house.say("room", "grace acknowledge - " + code).how == Ended::How::over);
  CHECK(house.incident().state == engine::IncidentState::open);
}
