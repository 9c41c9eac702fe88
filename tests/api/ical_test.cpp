// Calendars as other programs read them. The form itself is also held against a parser that is not
// ours, in tests/e2e.
#include "router/api/ical.hpp"
#include "router/api/signed_text.hpp"
#include "tests/api/on_call_house.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parse_rfc3339("2026-11-22T01:52:43Z").value();

// The lines as they are meant: without their folds.
std::vector<std::string> unfolded(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find("\r\n", from);
    REQUIRE(end != std::string::npos);
    const std::string line = text.substr(from, end - from);
    CHECK(line.size() <= 75);
    CHECK(line.find('\n') == std::string::npos);
    if (line.starts_with(' '))
      lines.back() += line.substr(1);
    else
      lines.push_back(line);
    from = end + 2;
  }
  return lines;
}

std::vector<std::string> values(const std::string& text, const std::string& name) {
  std::vector<std::string> found;
  for (const std::string& line : unfolded(text))
    if (line.starts_with(name + ":")) found.push_back(line.substr(name.size() + 1));
  return found;
}

using Texts = std::vector<std::string>;

constexpr const char* kRotaFeed = "/api/v1/rotas/([^/]+)\\.ics";
constexpr const char* kPersonFeed = "/api/v1/people/([^/]+)\\.ics";

std::string key_of(const std::string& url) { return url.substr(url.find("key=") + 4); }

std::string feed(OnCallHouse& house, const char* route, const std::string& name,
                 const std::string& key) {
  const HttpResponse answer = house.ask("GET", route, {name}, "", "nobody's", {{"key", key}});
  REQUIRE(answer.status == 200);
  CHECK(answer.content_type == "text/calendar; charset=utf-8");
  return answer.body;
}

std::string rota_key(OnCallHouse& house, const std::string& rota) {
  return key_of(json_of(house.ask("GET", OnCallHouse::kRota, {rota}, "", "viewer"))
                    .at("ical_url")
                    .get<std::string>());
}

}  // namespace

TEST_CASE("a calendar's lines end in CRLF and none is longer than 75 octets") {
  const std::string text = api::ical({"on call",
                                      "Europe/Dublin",
                                      {{"uid@tocsin", kNow, kNow + 90min, "ada on call",
                                        std::string(200, 'x') + "ü" + std::string(300, 'y')}}},
                                     kNow);
  CHECK(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
  CHECK(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
  CHECK(values(text, "DESCRIPTION") == Texts{std::string(200, 'x') + "ü" + std::string(300, 'y')});
  CHECK(values(text, "DTSTART") == Texts{"20261122T015243Z"});
  CHECK(values(text, "DTEND") == Texts{"20261122T032243Z"});
  CHECK(values(text, "DTSTAMP") == Texts{"20261122T015243Z"});
  CHECK(values(text, "X-WR-CALNAME") == Texts{"on call"});
}

TEST_CASE("no character is cut in two where a calendar's line is folded") {
  for (std::size_t before = 50; before < 80; ++before) {
    const std::string summary = std::string(before, 'x') + "…ü…";
    const std::string text = api::ical({"", "", {{"u", kNow, kNow, summary, ""}}}, kNow);
    CHECK(values(text, "SUMMARY") == Texts{summary});
    for (std::size_t fold = text.find("\r\n "); fold != std::string::npos;
         fold = text.find("\r\n ", fold + 1))
      CHECK((static_cast<unsigned char>(text[fold + 3]) & 0xc0) != 0x80);
  }
}

TEST_CASE("what a calendar's texts may not have is escaped and never begins a line") {
  const std::string text = api::ical(
      {"a;b,c\\d", "", {{"u", kNow, kNow, "one\r\nEND:VEVENT\nBEGIN:VEVENT", "\x1b[31m"}}}, kNow);
  CHECK(values(text, "X-WR-CALNAME") == Texts{R"(a\;b\,c\\d)"});
  CHECK(values(text, "BEGIN") == Texts{"VCALENDAR", "VEVENT"});
  CHECK(values(text, "SUMMARY").front().find("\\nEND:VEVENT\\nBEGIN:VEVENT") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("a rota's calendar has its shifts from two weeks ago for three months and no gaps") {
  OnCallHouse house;
  const std::string text = feed(house, kRotaFeed, "crew-primary", rota_key(house, "crew-primary"));
  // The shift of two weeks ago is there from its beginning, the last one to its end.
  CHECK(values(text, "DTSTART").front() == "20261102T100000Z");
  CHECK(values(text, "DTSTART").size() == 16);
  CHECK(values(text, "DTEND").back() == "20270222T100000Z");
  CHECK(values(text, "SUMMARY").at(2) == "ada on call (crew-primary)");
  const std::string office = feed(house, kRotaFeed, "office", rota_key(house, "office"));
  for (const std::string& summary : values(office, "SUMMARY"))
    CHECK(summary == "grace on call (office)");
}

TEST_CASE("a shift is the same event at every look and another one when it is another's") {
  OnCallHouse house;
  const std::string key = rota_key(house, "crew-primary");
  const auto uids = [&] { return values(feed(house, kRotaFeed, "crew-primary", key), "UID"); };
  const Texts before = uids();
  house.clock.advance(6h);
  CHECK(uids() == before);
  house.override(R"({"person":"linus","from":"2026-11-24T10:00","until":"2026-11-25T10:00"})");
  const Texts after = uids();
  CHECK(after.size() == before.size() + 2);
  for (const std::string& uid : before)
    CHECK(std::find(after.begin(), after.end(), uid) != after.end());
}

TEST_CASE("a person's calendar has their shifts of all rotas and nobody else's") {
  OnCallHouse house;
  house.override(R"({"person":"grace","from":"2026-11-22T10:00","for":"2h"})");
  const std::string key = api::signature("calendar", "people\ngrace", "secret");
  const std::string text = feed(house, kPersonFeed, "grace", key);
  const Texts summaries = values(text, "SUMMARY");
  CHECK(std::count(summaries.begin(), summaries.end(), "On call: office") > 60);
  CHECK(std::count(summaries.begin(), summaries.end(), "On call: crew-primary") == 7);
  Texts starts = values(text, "DTSTART");
  CHECK(std::is_sorted(starts.begin(), starts.end()));
  CHECK(std::find(starts.begin(), starts.end(), "20261122T100000Z") != starts.end());
}

TEST_CASE("a calendar's address reads that calendar alone and tells strangers nothing") {
  OnCallHouse house;
  const std::string key = rota_key(house, "crew-primary");
  const auto status = [&](const char* route, const std::string& name, const std::string& with) {
    return house.ask("GET", route, {name}, "", "nobody's", {{"key", with}}).status;
  };
  CHECK(status(kRotaFeed, "crew-primary", key) == 200);
  CHECK(status(kRotaFeed, "office", key) == 403);
  CHECK(status(kPersonFeed, "crew-primary", key) == 403);
  CHECK(status(kRotaFeed, "crew-primary", "") == 403);
  CHECK(status(kRotaFeed, "nothing", key) == 403);
  CHECK(status(kRotaFeed, "nothing", api::signature("calendar", "rotas\nnothing", "secret")) ==
        404);
  // Another secret: every address is another.
  house.api.replace(std::make_shared<std::vector<api::Token>>(), "another");
  CHECK(status(kRotaFeed, "crew-primary", key) == 403);
  house.api.replace(std::make_shared<std::vector<api::Token>>(), "");
  CHECK(status(kRotaFeed, "crew-primary", api::signature("calendar", "rotas\ncrew-primary", "")) ==
        403);
}
