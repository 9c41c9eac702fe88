// Which news of rotas people are told, and that they are told once.
#include "tests/engine/watched_rotas.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;
using namespace std::chrono_literals;

// On 2026-11-22 ada comes on call at 10:00, bob the day after.

TEST_CASE("whoever comes on call hears until when and whoever goes off who has it now") {
  WatchedRotas world;
  CHECK(world.look().empty());
  CHECK(world.watch(59min).empty());
  const Told told = world.watch(1min);
  CHECK(told == Told{"ada: You are on call for primary until Mon 2026-11-23 10:00 GMT",
                     "bob: You are not on call for primary any more"});
  CHECK(world.last.text == "ada is on call now until Mon 2026-11-23 10:00 GMT");
  CHECK(world.watch(6h).empty());
}

TEST_CASE("a hand-over is told once whoever looks and however often") {
  WatchedRotas world;
  world.look();
  CHECK(world.watch(1h).size() == 2);
  world.restart();
  CHECK(world.look().empty());
  world.lookout.look_again();
  CHECK(world.watch(20min).empty());
}

TEST_CASE("a hand-over while nobody looked is told if it was a moment ago and never later") {
  for (const bool late : {false, true}) {
    WatchedRotas world;
    world.look();
    world.pass(late ? 2h : 1h + 5min);
    if (late) world.restart();
    CHECK(world.look().size() == (late ? 0 : 2));
    world.restart();
    CHECK(world.look().empty());
  }
}

TEST_CASE("a clock that is set back tells nothing anew") {
  WatchedRotas world;
  world.look();
  CHECK(world.watch(1h).size() == 2);
  world.now.wall -= 30min;
  CHECK(world.watch(1h).empty());
}

TEST_CASE("a hand-over in a storm of them is told to everybody in several turns") {
  WatchedRotas world;
  world.reload([](Configuration& c) {
    for (int i = 0; i < 300; ++i) {
      oncall::Rota rota = c.rotas.at("primary");
      rota.name = "rota" + std::to_string(i);
      c.rotas.emplace(rota.name, rota);
    }
  });
  world.look();
  world.pass(1h);
  const std::size_t once =
      world.lookout.look(world.state, world.configuration, {world.now, 7}).size();
  CHECK(once > 0);
  CHECK(once <= kMostNoticesPerTurn + 2);
  world.lookout.look_again();  // it was not said
  CHECK(world.look().size() == 602);
}

TEST_CASE("an override from now on is told as the hand-over that it is") {
  WatchedRotas world;
  world.look();
  world.override("o1", "eve", "2026-11-22T09:00:00Z", "2026-11-22T18:00:00Z");
  CHECK(world.look() == Told{"eve: You are on call for primary until Sun 2026-11-22 18:00 GMT",
                             "bob: You are not on call for primary any more",
                             "ada: You are not on call for primary from Sun 2026-11-22 10:00 "
                             "until Sun 2026-11-22 18:00 GMT"});
  world.restart();
  CHECK(world.look().empty());
}

TEST_CASE("an override that began an hour ago is told as a hand-over too") {
  WatchedRotas world;
  world.look();
  world.override("o1", "eve", "2026-11-22T08:00:00Z", "2026-11-22T09:30:00Z");
  CHECK(world.look() == Told{"eve: You are on call for primary until Sun 2026-11-22 09:30 GMT",
                             "bob: You are not on call for primary any more"});
  // And its end: bob has it again, until ten.
  CHECK(world.watch(30min) ==
        Told{"bob: You are on call for primary until Sun 2026-11-22 10:00 GMT",
             "eve: You are not on call for primary any more"});
}

TEST_CASE("an override for later is told to whoever it names and to whoever it replaces") {
  WatchedRotas world;
  world.look();
  world.override("o1", "eve", "2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z");
  CHECK(world.look() ==
        Told{"eve: You are on call for primary from Tue 2026-11-24 12:00 until Wed 2026-11-25 "
             "12:00 GMT",
             "ada: You are not on call for primary from Tue 2026-11-24 12:00 until Wed 2026-11-25 "
             "10:00 GMT",
             "bob: You are not on call for primary from Wed 2026-11-25 10:00 until Wed 2026-11-25 "
             "12:00 GMT"});
  CHECK(world.last.text == "eve is on call instead; override by boss: swapped");
  world.restart();
  CHECK(world.look().empty());
}

TEST_CASE("whoever changes their own shift is not told what they did") {
  WatchedRotas world;
  world.look();
  world.override("o1", "eve", "2026-11-24T12:00:00Z", "2026-11-24T18:00:00Z", "eve");
  CHECK(world.look().size() == 1);  // ada is
  world.override("o2", "bob", "2026-11-24T18:00:00Z", "2026-11-24T19:00:00Z", "ada");
  CHECK(world.look() == Told{"bob: You are on call for primary from Tue 2026-11-24 18:00 until "
                             "Tue 2026-11-24 19:00 GMT"});
}

TEST_CASE("an override that is ended before it begins is taken back") {
  WatchedRotas world;
  world.look();
  world.override("o1", "eve", "2026-11-24T12:00:00Z", "2026-11-24T18:00:00Z");
  world.look();
  world.pass(2h);
  world.look();
  world.say(control::RotaOverrideEnded{{"o1"}, "boss", world.now.wall});
  CHECK(world.look() == Told{"eve: You are not on call for primary from Tue 2026-11-24 12:00 "
                             "until Tue 2026-11-24 18:00 GMT after all",
                             "ada: You are on call for primary from Tue 2026-11-24 12:00 until "
                             "Tue 2026-11-24 18:00 GMT after all"});
  CHECK(world.last.text == "boss ended the override by boss: swapped");
}

TEST_CASE("an override of long ago is no news to whoever starts") {
  WatchedRotas world;
  world.override("o1", "eve", "2026-11-24T12:00:00Z", "2026-11-24T18:00:00Z");
  world.pass(2h);
  world.restart();
  CHECK(world.look().empty());
}

TEST_CASE("a configuration that gives a shift to somebody else tells both") {
  WatchedRotas world;
  world.look();
  world.reload([](Configuration& c) {
    c.directory.people["ada"].leave.push_back(
        {at("2026-11-24T00:00:00Z"), at("2026-11-25T00:00:00Z"), "dentist"});
  });
  const Told told = world.look();
  CHECK(told == Told{"ada: Your shifts in primary have changed",
                     "bob: Your shifts in primary have changed"});
  CHECK(world.last.text.find("no longer from Mon 2026-11-23 10:00") != std::string::npos);
  CHECK(world.look().empty());
  // Another one that changes nothing here says nothing.
  world.reload([](Configuration& c) { c.policies["other"] = {}; });
  CHECK(world.look().empty());
}

TEST_CASE("people of a rota that is new or gone are told of it") {
  WatchedRotas world;
  world.look();
  world.reload([](Configuration& c) {
    oncall::Rota rota = c.rotas.at("primary");
    rota.name = "second";
    rota.layers.front().people = {"eve"};
    c.rotas.emplace(rota.name, rota);
  });
  CHECK(world.look() == Told{"eve: Your shifts in second have changed"});
  world.reload([](Configuration& c) { c.rotas.erase("second"); });
  CHECK(world.look() == Told{"eve: Your shifts in second have changed"});
  CHECK(world.last.text.starts_with("no longer from Sun 2026-11-22 09:00"));
}

namespace {

void away_on_tuesday(Configuration& c) {
  for (const char* person : {"ada", "bob"})
    c.directory.people[person].leave.push_back(
        {at("2026-11-24T12:00:00Z"), at("2026-11-24T18:00:00Z"), ""});
}

}  // namespace

TEST_CASE("a gap is told a day ahead to the team's channel and once") {
  WatchedRotas world;
  away_on_tuesday(*world.configuration);
  world.configuration->team_channels["crew"] = "room";
  world.look();
  Told told = world.watch(26h + 59min);
  std::erase_if(told, [](const std::string& each) { return !each.starts_with("room"); });
  CHECK(told.empty());
  CHECK(world.watch(1min) == Told{"room: Nobody will be on call for primary from Tue 2026-11-24 "
                                  "12:00 until Tue 2026-11-24 18:00 GMT"});
  CHECK(world.last.text.find("tocsin override add primary PERSON --from 2026-11-24T12:00:00.000Z "
                             "--until 2026-11-24T18:00:00.000Z") != std::string::npos);
  world.restart();
  for (const std::string& each : world.watch(30h)) CHECK_FALSE(each.starts_with("room"));
}

TEST_CASE("a gap of a team without a channel is told to whom the default policy pages first") {
  WatchedRotas world;
  away_on_tuesday(*world.configuration);
  world.pass(30h);
  CHECK(world.look() == Told{"eve: Nobody will be on call for primary from Tue 2026-11-24 12:00 "
                             "until Tue 2026-11-24 18:00 GMT"});
}

TEST_CASE("a gap that appears within the day is told at once and so is one that is there") {
  WatchedRotas world;
  world.look();
  world.reload([](Configuration& c) {
    for (const char* person : {"ada", "bob"})
      c.directory.people[person].leave.push_back(
          {at("2026-11-22T08:00:00Z"), at("2026-11-22T12:00:00Z"), ""});
  });
  const Told told = world.look();
  CHECK(std::find(told.begin(), told.end(),
                  "eve: Nobody is on call for primary until Sun 2026-11-22 12:00 GMT") !=
        told.end());
  world.restart();
  CHECK(world.look().empty());
}

TEST_CASE("hours that a rota leaves to others are no gap") {
  WatchedRotas world;
  Schedule day;
  day.from_minute = 9 * 60;
  day.until_minute = 17 * 60;
  world.configuration->rotas["primary"].layers.front().only = {day};
  world.configuration->rotas["primary"].layers.front().people = {"ada"};
  world.look();
  for (const std::string& each : world.watch(72h)) CHECK(each.find("obody") == std::string::npos);
}

TEST_CASE("a person who wants no notices gets none and others get theirs") {
  WatchedRotas world;
  world.configuration->directory.people["bob"].notices = false;
  world.look();
  CHECK(world.watch(1h).size() == 1);
}

TEST_CASE("a test goes to each of a person's contacts and to those of nobody else") {
  WatchedRotas world;
  world.configuration->directory.people["ada"].contacts = {
      {"push", "ada-phone", {}}, {"mail", "ada@example.com", {}}, {"sms", "+353", {}}};
  world.look();
  world.say(control::ContactTest{{"notice_t"}, "ada", "boss", world.now.wall});
  CHECK(world.look() == Told{"ada: Does this message reach you, ada?"});
  REQUIRE(world.last.messages.size() == 3);
  for (const PlannedMessage& message : world.last.messages)
    CHECK(message.kind == MessageKind::contact_test);
  CHECK(world.last.messages.back().contact.channel == "sms");
  CHECK(world.look().empty());
  world.say(control::ContactTest{{"notice_u"}, "nobody", "boss", world.now.wall});
  CHECK(world.look().empty());
}

TEST_CASE("without rotas and tests there is nothing to look out for") {
  WatchedRotas world;
  world.configuration->rotas.clear();
  CHECK(world.look().empty());
  CHECK_FALSE(world.lookout.next_in({world.now, 7}));
}
