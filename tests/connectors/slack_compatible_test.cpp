#include "connectors/sources/message_text.hpp"
#include "tests/connectors/source_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using sources::State;
using sources::without_numbers;
using sources::without_state;

namespace {

const Sender kSender{"slack-compatible"};

Alert said(const std::string& text) { return kSender.only({R"({"text":")" + text + "\"}"}); }

}  // namespace

TEST_CASE("an attachment for Slack is an alert with its link and its color") {
  const Alert alert = kSender.only({fixture("slack_compatible/attachment.json")});
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "Mill stops (north) for 12 min"},
                                {"channel", "#mill"},
                                {"service", "grinding"},
                                {"severity", "danger"},
                                {"username", "Alertmanager"}}));
  CHECK(alert.generator_url == "https://alertmanager.mill.example/#/alerts");
  CHECK_THAT(std::string(alert.annotations.get("description")),
             Catch::Matchers::Contains(
                 "Belt <3> slips, see the runbook (https://wiki.mill.example/belt)"));
}

TEST_CASE("blocks for Slack are read when the text is null") {
  const Alert alert = kSender.only({fixture("slack_compatible/blocks.json")});
  CHECK(alert.labels.get("alertname") == "Silo 4 is full");
  CHECK(alert.annotations.get("description") == ":fire: Silo 4 is full\n*Level*\n99 %\nby @U123");
}

TEST_CASE("a message for Slack comes as a form as well") {
  const Alert alert = kSender.only({"payload=%7B%22text%22%3A%22Mill+stops%22%7D"});
  CHECK(alert.labels.get("alertname") == "Mill stops");
}

TEST_CASE("the form field of a message for Slack need not be the first") {
  for (const char* form :
       {"token=x&payload=%7B%22text%22%3A%22Mill+stops%22%7D",
        "channel=%23mill&payload=%7B%22text%22%3A%22Mill+stops%22%7D&username=mill"})
    CHECK(kSender.only({form}).labels.get("alertname") == "Mill stops");
  // And what only speaks of it is JSON as ever.
  CHECK(said("curl -d payload=x fails").labels.get("alertname") == "curl -d payload=x fails");
}

TEST_CASE("an alert of Alertmanager's own title keeps its key while its group grows") {
  const auto titled = [](const std::string& title, const std::string& fallback = {}) {
    const std::string link = "https://alertmanager.mill.example/#/alerts?receiver=mill";
    return kSender.only({R"({"attachments":[{"title":")" + title + R"(","title_link":")" + link +
                         R"(","fallback":")" + (fallback.empty() ? title : fallback) + " | " +
                         link + R"(","text":"","color":"danger"}]})"});
  };
  const Alert one = titled("[FIRING:1] MillStops north (mill-1 critical (hot))");
  CHECK(one.labels.get("alertname") == "MillStops north");
  CHECK(one.annotations.get("description") == "[FIRING:1] MillStops north (mill-1 critical (hot))");
  for (const char* later : {"[FIRING:2] MillStops north (critical)", "[FIRING:3] MillStops north ",
                            "[RESOLVED] MillStops north (critical)", "[RESOLVED] MillStops north "})
    CHECK(titled(later).key == one.key);
  CHECK(titled("[RESOLVED] MillStops north (critical)").status == AlertStatus::resolved);
  CHECK(titled("[FIRING:1] MillStops south (mill-1 critical)").key != one.key);
  // What is in brackets at the end of a group's own label is no common label.
  CHECK(titled("[FIRING:1] MillStops (north) ").key != titled("[FIRING:1] MillStops (south) ").key);
  CHECK(titled("[FIRING:1] MillStops (north) (hot)").key ==
        titled("[FIRING:2] MillStops (north) ").key);
  // Without labels of the group there is nothing else to tell it by.
  CHECK(titled("[FIRING:1]  (MillStops north)").key != titled("[FIRING:1]  (SiloFull)").key);
  CHECK(titled("[FIRING:1] odd)").labels.get("alertname") == "odd)");
  // A title of one's own may tell two alerts apart there.
  CHECK(titled("[FIRING:1] MillStops (north)", "[FIRING:1] MillStops (critical)").key !=
        titled("[FIRING:1] MillStops (south)", "[FIRING:1] MillStops (critical)").key);
}

TEST_CASE("the words before a message tell that it is over and are no part of its key") {
  const Alert firing = said("[FIRING:2] Mill stops (north) for 12 min");
  for (const char* text :
       {"[RESOLVED] Mill stops (north) for 15 min", "ALERT ENDED: mill stops (north) for 15 min",
        "✅ Resolved: Mill stops (north) for 3.5 min", "OK Mill stops (north) for 1 min",
        "*[OK]* Mill stops (north) for 9 min", ":white_check_mark: Mill stops (north) for 2 min"}) {
    INFO(text);
    CHECK(said(text).status == AlertStatus::resolved);
    CHECK(said(text).key == firing.key);
  }
  CHECK(said("NEW ALERT: Mill stops (north) for 1 min").status == AlertStatus::firing);
  CHECK(said("Mill stops (north) for 4 min").key == firing.key);
}

TEST_CASE("names with digits are not taken for numbers") {
  CHECK(said("Disk full on db-1").key != said("Disk full on db-2").key);
  CHECK(said("Disk full on web01").key != said("Disk full on web02").key);
  CHECK(said("No ping of 10.0.0.1").key != said("No ping of 10.0.0.2").key);
  CHECK(without_numbers("Load is 80.6% of 1,000 req (12ms) on db-1") ==
        "load is # of # req # on db-1");
}

TEST_CASE("a green color ends an alert where no word says otherwise") {
  const auto coloured = [](const std::string& text, const std::string& color) {
    return kSender.only(
        {R"({"attachments":[{"title":")" + text + R"(","color":")" + color + "\"}]}"});
  };
  CHECK(coloured("Mill stops", "good").status == AlertStatus::resolved);
  CHECK(coloured("Mill stops", "#36A64F").status == AlertStatus::resolved);
  CHECK(coloured("[FIRING:1] Mill stops", "good").status == AlertStatus::firing);
  CHECK(coloured("Mill stops", "warning").labels.get("severity") == "warning");
}

TEST_CASE("what only looks like a state is kept in the text") {
  CHECK(without_state("[prod] Mill stops").text == "[prod] Mill stops");
  CHECK(without_state("Up to 5 mills stop").text == "Up to 5 mills stop");
  CHECK(without_state("New mill stops").text == "New mill stops");
  CHECK(without_state("RESOLVED").text == "RESOLVED");
  CHECK(without_state("RESOLVED").state == State::unknown);
  CHECK(without_state("").text.empty());
}

TEST_CASE("a message without text is answered in Slack's words") {
  for (const char* body : {R"({"text":null})", R"({"text":"  "})", "{}", R"({"attachments":[{}]})"})
    CHECK(kSender.fault({body}) == "no_text");
  IngestOutcome nothing{Kind::unusable, {}, "no_text"};
  CHECK(kSender.spec().answer(nothing).body == "no_text");
  CHECK(kSender.answer(Kind::accepted).body == "ok");
  CHECK(kSender.answer(Kind::limited).status == 429);
  CHECK(kSender.spec().key(Sender::request({"", "/services/T0/B0/K3Y"})) == "K3Y");
}
