// Rotas as they are written: who takes turns, and where the first shift begins.
#include <fstream>
#include <iterator>

#include "tests/settings/rota_world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;
using LengthUnit = oncall::ShiftLength::Unit;

namespace {

oncall::Rotation rotation(const std::string& written) {
  const Settings settings = loaded_of(rota("people: [ada, grace], rotation: {" + written + "}"));
  return settings.rotas.at("r").layers.at(0).rotation;
}

CivilTime civil(std::string_view text) { return parse_civil(text).value(); }

Zone zone(const std::string& name) { return Zone::load(name).value(); }

}  // namespace

TEST_CASE("a rota becomes exactly what it says") {
  const Loaded loaded = load_files({{"tocsin.yaml", with_the_rest(R"(
people: [{name: ada, contacts: {terminal: a}}, {name: grace, contacts: {terminal: g}}]
)")},
                                    {"teams/cdp.yaml", R"(team: cdp
rotas:
  - name: primary
    time_zone: Europe/Dublin
    people: [ada, grace, ada]
    rotation: {every: 1w, handover: "Monday 10:00", start: 2026-01-05}
    only: {days: [Mon, Tue], hours: "09:00-17:00"}
    overrides:
      - {person: grace, from: 2026-07-01T10:00, until: 2026-07-02T10:00, why: a wedding}
      - {person: ada, from: 2026-08-01T10:00:00Z, until: 2026-08-01T14:00:00+02:00}
policies: [{name: cdp, steps: [{page: [{rota: primary}, {person: ada}]}]}]
)"}});
  CHECK(texts(loaded.faults) == Texts{});
  CHECK(texts(loaded.notes) == Texts{});
  REQUIRE(loaded.settings);
  Schedule only;
  only.zone = zone("Europe/Dublin");
  only.days = Weekdays();
  only.days.add(Weekday::monday);
  only.days.add(Weekday::tuesday);
  only.from_minute = 9 * 60;
  only.until_minute = 17 * 60;
  const oncall::Rota expected{
      "primary",
      "cdp",
      zone("Europe/Dublin"),
      {{{"ada", "grace", "ada"}, {{{1, LengthUnit::week}}, civil("2026-01-05T10:00")}, {only}, {}}},
      {{"grace", utc("2026-07-01T09:00:00Z"), utc("2026-07-02T09:00:00Z"), "a wedding", "", ""},
       {"ada", utc("2026-08-01T10:00:00Z"), utc("2026-08-01T12:00:00Z"), "", "", ""}}};
  CHECK(loaded.settings->rotas.at("primary") == expected);
  CHECK(loaded.settings->policies.at("cdp").steps[0].page ==
        std::vector<Target>{{Target::Kind::rota, "primary"}, {Target::Kind::person, "ada"}});
}

TEST_CASE("layers have people and rotations and zones of their own") {
  const Settings settings = loaded_of(rota(
      "layers: [{people: [ada]}, {people: [grace, linus], time_zone: America/New_York, rotation: "
      "{every: 1d, handover: \"08:00\"}, only: [{hours: \"08:00-18:00\"}, {days: [Sun]}]}]"));
  const std::vector<oncall::Layer>& layers = settings.rotas.at("r").layers;
  REQUIRE(layers.size() == 2);
  CHECK((layers[0].people == Texts{"ada"} && layers[0].only.empty() && !layers[0].time_zone));
  CHECK(layers[1].time_zone == zone("America/New_York"));
  CHECK(layers[1].rotation == oncall::Rotation{{{1, LengthUnit::day}}, civil("1970-01-05T08:00")});
  REQUIRE(layers[1].only.size() == 2);
  CHECK((layers[1].only[0].zone == zone("America/New_York") &&
         layers[1].only[1].zone == zone("America/New_York")));
}

TEST_CASE("shifts are hours or days or weeks or months or several lengths in turn") {
  const auto every = [](const std::string& written) { return rotation("every: " + written).every; };
  using Lengths = std::vector<oncall::ShiftLength>;
  CHECK(every("1h") == Lengths{{1, LengthUnit::hour}});
  CHECK(every("12h") == Lengths{{12, LengthUnit::hour}});
  CHECK(every("10d") == Lengths{{10, LengthUnit::day}});
  CHECK(every("2w") == Lengths{{2, LengthUnit::week}});
  CHECK(every("3mo") == Lengths{{3, LengthUnit::month}});
  CHECK(every("[1mo]") == Lengths{{1, LengthUnit::month}});
  CHECK(every("[5d, 2d, 12h]") ==
        Lengths{{5, LengthUnit::day}, {2, LengthUnit::day}, {12, LengthUnit::hour}});
  CHECK(every("8784h") == Lengths{{8784, LengthUnit::hour}});
}

TEST_CASE("the first hand-over is the first such day at or after the start") {
  const auto start = [](const std::string& written) { return rotation(written).start; };
  struct Row {
    std::string written, first;
  };
  for (const auto& [written, first] : std::vector<Row>{
           {"every: 1w, handover: \"Monday 10:00\", start: 2026-01-05", "2026-01-05T10:00"},
           {"every: 1w, handover: \"Mon 10:00\", start: 2026-01-06", "2026-01-12T10:00"},
           {"every: 2w, handover: \"Sunday 23:30\", start: 2026-01-05", "2026-01-11T23:30"},
           {"every: 1d, handover: \"10:00\", start: 2026-01-06", "2026-01-06T10:00"},
           {"every: 12h, handover: \"00:00\", start: 2026-01-06", "2026-01-06T00:00"},
           {"every: [5d, 2d], handover: \"Monday 10:00\", start: 2026-01-06", "2026-01-12T10:00"},
           {"every: [5d, 2d], handover: \"10:00\", start: 2026-01-06", "2026-01-06T10:00"},
           {"every: [84h, 84h], handover: \"Tue 10:00\", start: 2026-01-05", "2026-01-06T10:00"},
           {"every: 1mo, handover: \"15 10:00\", start: 2026-01-16", "2026-02-15T10:00"},
           {"every: 1mo, handover: \"15 10:00\", start: 2026-01-15", "2026-01-15T10:00"},
           // So that it is the 31st again wherever there is one.
           {"every: 1mo, handover: \"31 10:00\", start: 2026-02-01", "2026-03-31T10:00"},
           // Left out: a Monday, the first of a month, nine o'clock.
           {"every: 1w", "1970-01-05T09:00"},
           {"every: 2d", "1970-01-05T09:00"},
           {"every: 1mo", "1970-02-01T09:00"},
           {"every: 1mo, start: 2026-02-01", "2026-02-01T09:00"},
           {"start: 2026-01-06", "2026-01-12T09:00"},
           {"handover: \"Fri 16:00\"", "1970-01-09T16:00"}}) {
    INFO(written);
    CHECK(start(written) == civil(first));
  }
}

TEST_CASE("without a rotation it is a week from Monday nine on") {
  const oncall::Rotation expected{{{1, LengthUnit::week}}, civil("1970-01-05T09:00")};
  CHECK(loaded_of(rota("people: [ada, grace]")).rotas.at("r").layers[0].rotation == expected);
  CHECK(rotation("") == expected);
}

TEST_CASE("where clocks show a time twice an override is whole") {
  const Settings settings = loaded_of(
      "rotas: [{name: r, time_zone: Europe/Berlin, people: [ada], overrides: [{person: grace, "
      "from: 2026-10-25T02:30, until: 2026-10-25T02:30:01}]}]" +
      kRotaRest);
  const oncall::Override& read = settings.rotas.at("r").overrides.at(0);
  CHECK(read.from == utc("2026-10-25T00:30:00Z"));
  CHECK(read.until == utc("2026-10-25T01:30:01Z"));
}

TEST_CASE("rotas of the service's own file have no team") {
  CHECK(loaded_of(rota("people: [ada]")).rotas.at("r").team.empty());
}

TEST_CASE("the manual's examples of rotas and policies are a configuration") {
  std::ifstream file(tests::source_dir() + "/router/settings/README.md");
  const std::string manual(std::istreambuf_iterator<char>(file), {});
  const auto example = [&](const std::string& heading) {
    const std::size_t from = manual.find("```yaml\n", manual.find("\n" + heading + "\n"));
    REQUIRE(from != std::string::npos);
    return manual.substr(from + 8, manual.find("```\n", from + 8) - from - 8);
  };
  const Loaded loaded =
      load_files({{"tocsin.yaml", with_the_rest(kRotaRest.substr(0, kRotaRest.find("policies")))},
                  {"teams/cdp.yaml", example("## Rotas")},
                  {"teams/shop.yaml", example("## Policies")}});
  CHECK(texts(loaded.faults) == Texts{});
  CHECK(texts(loaded.notes) == Texts{});
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->rotas.size() == 2);
  CHECK(loaded.settings->policies.at("shop").acknowledgement_timeout == std::chrono::hours(2));
}
