// What `tocsin oncall` says, of the example configuration and of rotas with gaps.
#include "router/offline/rota_report.hpp"

#include <nlohmann/json.hpp>

#include "tests/offline/ground.hpp"

using namespace tocsin;
using namespace tocsin::offline;

namespace {

WallTime utc(std::string_view text) { return parse_rfc3339(text).value(); }

Asked asked(std::string_view at, int days = 0) { return {utc(at), std::nullopt, days}; }

std::vector<RotaReport> of_example(const Asked& what, const std::vector<std::string>& names = {}) {
  static const settings::Settings kSettings = example();
  return report_rotas(kSettings.rotas, kSettings.directory, what, names);
}

/// Of one rota without a team, in Europe/Dublin, of people who are never away.
struct Own {
  oncall::Rotas rotas;
  oncall::Directory people;
};
Own own(const std::string& rota) {
  const settings::Settings settings = settings_of({{"tocsin.yaml", R"(default: {page: base}
integrations: [{name: i, source: prometheus, key: 0123456789abcdef0}]
channels: [{name: terminal, type: log}]
people: [{name: ada, contacts: {terminal: a}}, {name: grace, contacts: {terminal: g}}]
policies: [{name: base, steps: [{page: [{rota: r}, {person: ada}]}]}]
rotas: [{name: r, time_zone: Europe/Dublin, )" + rota + "}]\n"}});
  return {settings.rotas, settings.directory};
}

std::string text_of_own(const std::string& rota, const Asked& what) {
  const Own all = own(rota);
  return text_of(report_rotas(all.rotas, all.people, what, {}), what);
}

}  // namespace

TEST_CASE("a line for each rota says who is on call and until when and why") {
  const Asked summer = asked("2026-07-01T22:00:00Z");
  CHECK(text_of(of_example(summer), summer) ==
        "cdp-primary    linus  until Mon 2026-07-06 10:00 IST (+01:00)\n"
        "cdp-secondary  ada    until Mon 2026-07-06 10:00 IST (+01:00)\n"
        "platform       mary   until Thu 2026-07-02 05:00 IST (+01:00)  layer 2\n");
  const Asked christmas = asked("2026-12-25T12:00:00Z");
  CHECK(
      text_of(of_example(christmas, {"cdp-primary"}), christmas) ==
      "cdp-primary  mary  until Sat 2026-12-26 10:00 GMT (+00:00)  override: so that grace has the "
      "day off\n");
  const Asked after = asked("2026-12-28T12:00:00Z");
  CHECK(text_of(of_example(after, {"cdp-primary"}), after) ==
        "cdp-primary  linus  until Sat 2027-01-02 00:00 GMT (+00:00)  for ada, who is on leave: at "
        "the sea\n");
}

TEST_CASE("with days there is a line for each hand-over") {
  const Asked days = asked("2026-12-23T10:00:00Z", 12);
  CHECK(text_of(of_example(days, {"cdp-primary"}), days) ==
        "cdp-primary, team cdp, in Europe/Dublin\n"
        "  from   Wed 2026-12-23 10:00 GMT (+00:00)  grace\n"
        "  from   Fri 2026-12-25 10:00 GMT (+00:00)  mary   override: so that grace has the day "
        "off\n"
        "  from   Sat 2026-12-26 10:00 GMT (+00:00)  grace\n"
        "  from   Mon 2026-12-28 10:00 GMT (+00:00)  linus  for ada, who is on leave: at the sea\n"
        "  from   Sat 2027-01-02 00:00 GMT (+00:00)  ada\n"
        "  until  Mon 2027-01-04 10:00 GMT (+00:00)\n");
}

TEST_CASE("nobody stands out and is told apart where the rota's own hours say so") {
  const std::string days = "people: [ada, grace], only: {days: [Mon], hours: \"09:00-17:00\"}";
  const Asked monday = asked("2026-01-05T10:00:00Z"), night = asked("2026-01-05T20:00:00Z"),
              two = asked("2026-01-05T10:00:00Z", 2);
  CHECK(text_of_own(days, monday) == "r  ada  until Mon 2026-01-05 17:00 GMT (+00:00)\n");
  CHECK(text_of_own(days, night) ==
        "r  NOBODY  until Mon 2026-01-12 09:00 GMT (+00:00)  outside its hours\n");
  CHECK(text_of_own(days, two) ==
        "r, in Europe/Dublin\n"
        "  from   Mon 2026-01-05 10:00 GMT (+00:00)  ada\n"
        "  from   Mon 2026-01-05 17:00 GMT (+00:00)  NOBODY  outside its hours, for 1d17h\n"
        "  until  Wed 2026-01-07 10:00 GMT (+00:00)\n"
        "\n"
        "nobody is on call once: a step that pages only such a rota then is passed over\n");
  const auto has_gap = [](const std::string& rota, const Asked& what) {
    const Own all = own(rota);
    return report_rotas(all.rotas, all.people, what, {}).at(0).has_gap();
  };
  CHECK_FALSE(has_gap(days, monday));
  CHECK((has_gap(days, night) && has_gap(days, two)));

  const std::string late = "people: [ada], rotation: {start: 2026-01-12}";
  CHECK(text_of_own(late, night) == "r  NOBODY  until Mon 2026-01-12 09:00 GMT (+00:00)  a gap\n");
  CHECK(has_gap(late, night));
}

TEST_CASE("somebody who is always on call has no end that is waited for") {
  const Asked now = asked("2026-01-05T10:00:00Z");
  CHECK(text_of_own("people: [ada]", now) == "r  ada  no hand-over within a year\n");
}

TEST_CASE("a time without an offset is in each rota's own zone") {
  Asked ten;
  ten.civil = parse_civil("2026-07-06T10:00").value();
  const auto reports = of_example(ten);
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].at == utc("2026-07-06T09:00:00Z"));
  CHECK(reports[0].now.on_call.person == "grace");
}

TEST_CASE("a moment is shown with the name and the offset of its zone") {
  const auto shown = [](const std::string& zone, std::string_view time) {
    return moment_in(Zone::load(zone).value(), utc(time));
  };
  CHECK(shown("Europe/Dublin", "2026-07-06T09:00:00Z") == "Mon 2026-07-06 10:00 IST (+01:00)");
  CHECK(shown("America/St_Johns", "2026-01-05T10:00:00Z") == "Mon 2026-01-05 06:30 NST (-03:30)");
  CHECK(shown("America/Sao_Paulo", "2026-01-05T10:00:00Z") == "Mon 2026-01-05 07:00 -03:00");
  CHECK(shown("UTC", "2026-01-05T10:00:30.5Z") == "Mon 2026-01-05 10:00:30 UTC (+00:00)");
}

TEST_CASE("the report as JSON has every shift and times in UTC") {
  const auto json =
      nlohmann::json::parse(json_of(of_example(asked("2026-12-25T12:00:00Z", 4), {"cdp-primary"})));
  CHECK((json["gap"] == false && json["rotas"][0]["gap"] == false));
  REQUIRE(json["rotas"].size() == 1);
  const auto& rota = json["rotas"][0];
  CHECK((rota["rota"] == "cdp-primary" && rota["team"] == "cdp" &&
         rota["time_zone"] == "Europe/Dublin" && rota["at"] == "2026-12-25T12:00:00.000Z"));
  const auto& now = rota["on_call"];
  CHECK((now["person"] == "mary" && now["source"] == "override" && now["layer"].is_null() &&
         now["instead_of"].is_null() && now["why"] == "so that grace has the day off"));
  CHECK(now["from"] == "2026-12-25T10:00:00.000Z");
  REQUIRE(rota["shifts"].size() == 3);
  const auto& last = rota["shifts"][2];
  CHECK((last["person"] == "linus" && last["source"] == "cover" && last["layer"] == 1 &&
         last["instead_of"] == "ada" && last["until"] == "2026-12-29T12:00:00.000Z"));
  const Own all = own("people: [ada]");
  const auto alone = nlohmann::json::parse(
      json_of(report_rotas(all.rotas, all.people, asked("2026-01-05T10:00:00Z"), {})));
  CHECK(alone["rotas"][0]["on_call"]["until"].is_null());
  CHECK(alone["rotas"][0]["on_call"]["closed"] == false);
  CHECK_FALSE(alone["rotas"][0].contains("shifts"));
  CHECK(alone["rotas"][0]["team"].is_null());
}
