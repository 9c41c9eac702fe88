// Rotas with mistakes in them, and rotas that are allowed and hardly meant.
#include "tests/settings/rota_world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

void check_rota(const std::vector<Wrong>& table) {
  for (const auto& [written, said] : table) {
    INFO(written);
    CHECK(faults_of(rota(written)) == said);
  }
}

std::string many(std::size_t count, const std::string& each) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += each + ", ";
  return "[" + all + "]";
}

}  // namespace

TEST_CASE("a rota has a name and a time zone and people who exist") {
  const auto said = [](const std::string& written) {
    return texts(load_service(written + kRotaRest).faults);
  };
  CHECK(said("rotas: [{people: [ada]}, {name: r, time_zone: UTC, people: [ada]}]") ==
        Texts{"tocsin.yaml:1:9: rotas[0].name: missing; policies refer to it",
              "tocsin.yaml:1:9: rotas[0].time_zone: missing; hand-overs are in it; write e.g. "
              "time_zone: Europe/Dublin"});
  CHECK(said("rotas: [{name: r, time_zone: Europe/Dublino, people: [ada]}]") ==
        Texts{"tocsin.yaml:1:30: rotas[0].time_zone: \"Europe/Dublino\": no such time zone on this "
              "machine; write an IANA name such as Europe/Dublin, or UTC (the names come with the "
              "package tzdata)"});
  CHECK(said("rotas: [{name: r, time_zone: UTC, people: [ada]}, {name: r, time_zone: UTC, people: "
             "[ada]}]") ==
        Texts{"tocsin.yaml:1:58: rotas[1].name: another rota is called \"r\" in tocsin.yaml:1; "
              "rename one of the two"});
  CHECK(said("rotas: [{name: quite-another, time_zone: UTC, people: [ada]}]") ==
        Texts{"tocsin.yaml:3:48: policies[0].steps[0].page[0].rota: no rota is called \"r\"; "
              "define it under rotas"});
  check_rota({
      {"people: [ada, grce]",
       {"rotas[0].people[1]: no person is called \"grce\"; did you mean \"grace\"?"}},
      {"people: []", {"rotas[0].people: empty; name who takes turns, e.g. [ada, grace]"}},
      {"people: ada", {"rotas[0].people: found text; wanted a list"}},
      {"only: {days: [Mon]}",
       {"rotas[0].people: missing; name who takes turns, e.g. [ada, grace]"}},
      {"people: [ada], handover: \"10:00\"",
       {"rotas[0].handover: belongs in rotation; write rotation: {every: 1w, handover: \"Monday "
        "10:00\"}"}},
      {"people: [ada], peeple: [ada]", {"rotas[0].peeple: unknown key; did you mean \"people\"?"}},
      {"people: " + many(201, "ada"),
       {"rotas[0].people: more than 200 people; make several rotas of it"}},
  });
}

TEST_CASE("a rotation says how long and when in words that fit each other") {
  const auto check_rotation = [](const std::vector<Wrong>& table) {
    for (const auto& [written, said] : table) {
      INFO(written);
      CHECK(faults_of(rota("people: [ada, grace], rotation: {" + written + "}")) == said);
    }
  };
  const std::string lengths = "write e.g. 1w, 2w, 1d, 12h or 1mo, or a list such as [5d, 2d]";
  const std::string weeks = "; write the day and the time, e.g. \"Monday 10:00\"";
  const std::string days =
      "; these shifts begin on any day, so write the time of day alone, e.g. \"10:00\"";
  const std::string months = "; write the day of the month and the time, e.g. \"1 10:00\"";
  const auto not_handover = [](const std::string& text, const std::string& remedy) {
    return Texts{"rotas[0].rotation.handover: \"" + text + "\" is no hand-over of such shifts" +
                 remedy};
  };
  check_rotation({
      {"every: weekly",
       {"rotas[0].rotation.every: \"weekly\" is not the length of a shift; " + lengths}},
      {"every: 30m", {"rotas[0].rotation.every: \"30m\" is not the length of a shift; " + lengths}},
      {"every: 1d12h",
       {"rotas[0].rotation.every: \"1d12h\" is not the length of a shift; " + lengths}},
      {"every: -1w", {"rotas[0].rotation.every: \"-1w\" is not the length of a shift; " + lengths}},
      {"every: 99999999999w",
       {"rotas[0].rotation.every: \"99999999999w\" is not the length of a shift; " + lengths}},
      {"every: 0w", {"rotas[0].rotation.every: \"0w\" is out of range; write 1w to 52w"}},
      {"every: 53w", {"rotas[0].rotation.every: \"53w\" is out of range; write 1w to 52w"}},
      {"every: 13mo", {"rotas[0].rotation.every: \"13mo\" is out of range; write 1mo to 12mo"}},
      {"every: []", {"rotas[0].rotation.every: empty; " + lengths}},
      {"every: [1w, 1mo]",
       {"rotas[0].rotation.every[1]: months stand alone, as no two are equally long; write every: "
        "1mo, or days and weeks here"}},
      {"every: [5d, 2m]",
       {"rotas[0].rotation.every[1]: \"2m\" is not the length of a shift; " + lengths}},
      {"every: " + many(101, "1d"), {"rotas[0].rotation.every: more than 100 lengths; use fewer"}},
      {"handover: \"10:00\"", not_handover("10:00", weeks)},
      {"handover: \"Munday 10:00\"", not_handover("Munday 10:00", weeks)},
      {"handover: \"Monday at 10:00\"", not_handover("Monday at 10:00", weeks)},
      {"handover: \"Monday 24:00\"", not_handover("Monday 24:00", weeks)},
      {"handover: \"Monday 9:00\"", not_handover("Monday 9:00", weeks)},
      {"every: 1d, handover: \"Monday 10:00\"", not_handover("Monday 10:00", days)},
      {"every: [5d, 2d], handover: \"1 10:00\"",
       not_handover("1 10:00", "; write e.g. \"10:00\" or \"Monday 10:00\"")},
      {"every: 1mo, handover: \"10:00\"", not_handover("10:00", months)},
      {"every: 1mo, handover: \"32 10:00\"", not_handover("32 10:00", months)},
      {"every: 1mo, handover: \"Monday 10:00\"", not_handover("Monday 10:00", months)},
      {"start: 2026-02-30",
       {"rotas[0].rotation.start: \"2026-02-30\" is no date; write e.g. 2026-01-05 (the time of "
        "day is the hand-over's)"}},
      {"start: 2026-01-05T10:00",
       {"rotas[0].rotation.start: \"2026-01-05T10:00\" is no date; write e.g. 2026-01-05 (the time "
        "of day is the hand-over's)"}},
      // A hand-over's words depend on the shifts, so of two mistakes only one is told.
      {"every: weekly, handover: noon",
       {"rotas[0].rotation.every: \"weekly\" is not the length of a shift; " + lengths}},
  });
}

TEST_CASE("a restriction says days or hours and nothing else") {
  check_rota({
      {"people: [ada], only: {}",
       {"rotas[0].only: says neither days nor hours; write e.g. {days: [Mon, Tue], hours: "
        "\"09:00-17:00\"}"}},
      {"people: [ada], only: []",
       {"rotas[0].only: empty; leave it out, or write e.g. {hours: \"09:00-17:00\"}"}},
      {"people: [ada], only: [{days: [Mon]}, {hours: 9-17}]",
       {"rotas[0].only[1].hours: \"9-17\" is no pair of times; write e.g. \"22:00-04:00\""}},
      {"people: [ada], only: {days: [Mon], time_zone: UTC}",
       {"rotas[0].only.time_zone: stands one level up, beside what these days and hours belong to; "
        "move it there"}},
      {"people: [ada], only: " + many(21, "{days: [Mon]}"),
       {"rotas[0].only: more than 20 entries; use fewer"}},
  });
}

TEST_CASE("a rota is one layer or a list of them") {
  check_rota({
      {"people: [ada], layers: [{people: [grace]}]",
       {"rotas[0].people: layers stands in this rota as well; move it into one of them, or keep it "
        "and remove layers"}},
      {"layers: []", {"rotas[0].layers: empty; write e.g. [{people: [ada, grace]}]"}},
      {"layers: [{rotation: {every: 1w}}]",
       {"rotas[0].layers[0].people: missing; name who takes turns, e.g. [ada, grace]"}},
      {"layers: [{people: [ada], time_zone: Nowhere}]",
       {"rotas[0].layers[0].time_zone: \"Nowhere\": no such time zone on this machine; write an "
        "IANA name such as Europe/Dublin, or UTC (the names come with the package tzdata)"}},
      {"layers: [{people: [ada], overrides: []}]",
       {"rotas[0].layers[0].overrides: unknown key; known here: people, rotation, only, "
        "time_zone"}},
      {"layers: " + many(21, "{people: [ada]}"),
       {"rotas[0].layers: more than 20 layers; make several rotas of it"}},
  });
}

TEST_CASE("an override says who and from when until when") {
  const auto overrides = [](const std::string& written) {
    return "people: [ada], overrides: [{" + written + "}]";
  };
  const std::string key = "rotas[0].overrides[0]";
  check_rota({
      {overrides("from: 2026-12-24T10:00, until: 2026-12-27T10:00"),
       {key + ".person: missing; say who is on call instead"}},
      {overrides("person: grace"),
       {key + ".from: missing; say when it begins",
        key + ".until: missing; say when the rotation goes on"}},
      {overrides("person: gracie, from: 2026-12-24T10:00, until: 2026-12-27T10:00"),
       {key + ".person: no person is called \"gracie\"; did you mean \"grace\"?"}},
      {overrides("person: grace, from: 2026-12-27T10:00, until: 2026-12-24T10:00"),
       {key + ".until: not after from; mend one of the two"}},
      {overrides("person: grace, from: 2026-12-24, until: 2026-12-27T10:00"),
       {key + ".from: \"2026-12-24\" is no time; write e.g. 2026-12-24T10:00, or with an offset "
              "2026-12-24T10:00:00Z"}},
      {overrides("person: grace, from: 2026-12-24T10:00, until: 2026-12-27T10:00, why: \"\""),
       {key + ".why: empty; write a text"}},
      {"people: [ada], overrides: " + many(1001, "{}"),
       {"rotas[0].overrides: more than 1000 overrides; remove those that are over"}},
  });
}

TEST_CASE("a rota that nobody pages is noted") {
  CHECK(notes_of(rota("people: [ada]")) == Texts{});
  CHECK(notes_of("rotas: [{name: q, time_zone: UTC, people: [ada]}, {name: r, time_zone: UTC, "
                 "people: [ada]}]" +
                 kRotaRest) ==
        Texts{"rotas[0]: no policy pages it; add {rota: q} to a step, or remove it"});
}

TEST_CASE("a layer that another one always stands over is noted") {
  const std::string note =
      "counts only while everybody of layers[1] is on leave, as that one stands over it at all "
      "times; give that one only:, or make two rotas of it if both are to be paged";
  CHECK(notes_of(rota("layers: [{people: [ada]}, {people: [grace]}]")) ==
        Texts{"rotas[0].layers[0]: " + note});
  CHECK(notes_of(rota("layers: [{people: [ada]}, {people: [grace], only: {days: [Sat]}}]")) ==
        Texts{});
  CHECK(notes_of(rota("layers: [{people: [ada]}, {people: [grace], rotation: {start: "
                      "2026-01-05}}]")) == Texts{});
}

TEST_CASE("an override that a later one hides and one to somebody away are noted") {
  const auto two = [](const std::string& later) {
    return rota(
        "people: [ada], overrides: [{person: grace, from: 2026-12-24T10:00, until: "
        "2026-12-27T10:00}, {person: linus, " +
        later + "}]");
  };
  CHECK(notes_of(two("from: 2026-12-24T10:00, until: 2026-12-27T10:00")) ==
        Texts{"rotas[0].overrides[0]: never counts, as overrides[1] holds for all of it and the "
              "last one counts; remove one of the two"});
  CHECK(notes_of(two("from: 2026-12-24T10:00, until: 2026-12-27T09:59")) == Texts{});

  const auto away = [](const std::string& until) {
    return "rotas: [{name: r, time_zone: UTC, people: [ada], overrides: [{person: ada, from: "
           "2026-12-24T10:00, until: 2026-12-27T10:00}]}]\n"
           "people: [{name: ada, contacts: {terminal: a}, leave: [{from: 2026-12-01T00:00:00Z, "
           "until: " +
           until + "}]}]\npolicies: [{name: base, steps: [{page: [{rota: r}]}]}]\n";
  };
  CHECK(notes_of(away("2026-12-24T10:00:01Z")) ==
        Texts{"rotas[0].overrides[0]: \"ada\" is on leave then (tocsin.yaml:2), and on call by "
              "this all the same; name somebody else if that is not meant"});
  CHECK(notes_of(away("2026-12-24T10:00:00Z")) == Texts{});
}

TEST_CASE("a rotation that has not begun is noted while that is so") {
  const std::string written =
      rota("people: [ada], rotation: {start: 2026-12-01, handover: \"Monday 10:00\"}");
  const auto notes = [&](std::optional<WallTime> now) {
    Environment at = environment();
    at.now = now;
    return without_places(
        load({{"tocsin.yaml", with_the_rest(written)}}, vocabulary(), at, Unset::fault).notes);
  };
  CHECK(notes(utc("2026-12-07T09:59:59Z")) ==
        Texts{"rotas[0].rotation.start: nobody is on call by this rotation before its first "
              "hand-over, 2026-12-07 10:00; write an earlier date if somebody should be"});
  CHECK(notes(utc("2026-12-07T10:00:00Z")) == Texts{});
  CHECK(notes(std::nullopt) == Texts{});
}
