#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::sample_notification;

namespace {

std::string printed(const Notification& notification) {
  std::string text;
  auto channel = find_channel("log")->make({"terminal", {}}, {[&](const std::string& t) {
                                             text += t;
                                             return true;
                                           }});
  if (!channel) FAIL(channel.error().message);
  const Attempt attempt = (*channel)->deliver(notification, std::chrono::seconds(1));
  CHECK(attempt == Attempt::accepted("printed"));
  return text;
}

}  // namespace

TEST_CASE("the log channel prints a page that reads from the top", "[log]") {
  CHECK("\n" + printed(sample_notification()) == R"(
┌─ PAGE · CRITICAL ───────────────────────────────────────────────────────────
│ HighErrorRate: checkout
│ Customers cannot pay
│
│ says      Error rate is 0.75
│ service   checkout (team payments)
│ to        ada (ada-phone)
│ why       You are on call for payments (step 1 of 2).
│ since     2026-11-22 01:51:51 UTC, 12m20s ago
│ alerts    3 in this incident
│ labels    alertname=HighErrorRate, cluster=eu-1, severity=page
│ incident  7zq4m2k9w1x3c5v8
│ details   http://localhost:8321/incidents/7zq4m2k9w1x3c5v8
│
│ Acknowledge:
│ http://localhost:8321/p/7zq4m2k9.c2lnbmF0dXJl
└─────────────────────────────────────────────────────────────────────────────
)");
}

TEST_CASE("the log channel prints the mark of a drill before its box and in it", "[log]") {
  const std::string text = printed(tocsin::testing::sample_drill());
  CHECK(
      text.starts_with("[GAMEDAY payments-staging]\n"
                       "┌─ [GAMEDAY payments-staging] PAGE · CRITICAL ──"));
  CHECK(text.find("│ [GAMEDAY payments-staging] HighErrorRate: checkout\n") != std::string::npos);
}

TEST_CASE("the log channel says why a drill has paused", "[log]") {
  CHECK("\n" + printed(tocsin::testing::sample_drill(MessageKind::drill_paused)) == R"(
[GAMEDAY payments-staging]
┌─ [GAMEDAY payments-staging] DRILL PAUSED ───────────────────────────────────
│ This drill has paused: a real incident opened for team payments: db down
│ (9xx1)
│
│ drill     [GAMEDAY payments-staging] HighErrorRate: checkout
│ service   checkout (team payments)
│ since     2026-11-22 01:51:51 UTC, 12m20s ago
│ incident  7zq4m2k9w1x3c5v8
│ details   http://localhost:8321/incidents/7zq4m2k9w1x3c5v8
└─────────────────────────────────────────────────────────────────────────────
)");
}

TEST_CASE("a real page says in its first line that it is not the drill", "[log]") {
  Notification n = sample_notification();
  n.not_the_drill = "REAL, not the GameDay drill payments-staging";
  CHECK(printed(n).find("─\n│ REAL, not the GameDay drill payments-staging\n│ HighErrorRate") !=
        std::string::npos);
}

TEST_CASE("the log channel says in short that it is over", "[log]") {
  Notification n = sample_notification();
  n.kind = MessageKind::resolved;
  CHECK("\n" + printed(n) == R"(
┌─ RESOLVED ──────────────────────────────────────────────────────────────────
│ HighErrorRate: checkout
│ service   checkout (team payments)
│ since     2026-11-22 01:51:51 UTC, 12m20s ago
│ incident  7zq4m2k9w1x3c5v8
│ details   http://localhost:8321/incidents/7zq4m2k9w1x3c5v8
└─────────────────────────────────────────────────────────────────────────────
)");
}

TEST_CASE("what is not known is left out of a printed page", "[log]") {
  Notification n;
  n.title = "Watchdog";
  n.summary = "Watchdog";
  const std::string text = printed(n);
  for (const char* name :
       {"says", "service", " to ", "why", "alerts", "labels", "details", "Acknowledge"})
    CHECK(text.find(name) == std::string::npos);
}

TEST_CASE("no control character of an alert reaches the terminal", "[log]") {
  const std::string evil = "\x1b]0;owned\x07\x1b[2J\r\n└── fake\n\u202e\u009b31m\xff";
  Notification n = sample_notification();
  n.title = n.impact = n.team = n.service = n.summary = n.why = n.incident = evil;
  n.acknowledge_url = n.console_url = n.contact.person = n.contact.address = evil;
  n.labels = Fields({{evil, evil}});
  const std::string text = printed(n);
  for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  for (const char* part : {"\u202e", "\u009b", "\xff"}) CHECK(text.find(part) == std::string::npos);
  std::size_t line = 0;
  while (line < text.size()) {  // each line is one of ours
    const std::string_view rest = std::string_view(text).substr(line);
    CHECK((rest.starts_with("│") || rest.starts_with("┌─ ") || rest.find('\n') + 1 == rest.size()));
    line = text.find('\n', line) + 1;
  }
}

TEST_CASE("long text is wrapped and cut and a link stays whole", "[log]") {
  Notification n = sample_notification();
  n.impact = "word ";
  for (int i = 0; i < 12; ++i) n.impact += n.impact;
  n.acknowledge_url = "http://localhost:8321/p/" + std::string(400, 'x');
  std::vector<Fields::Pair> many;
  std::vector<std::string> names;
  for (int i = 0; i < 50; ++i) names.push_back("label" + std::to_string(i));
  for (const std::string& name : names) many.emplace_back(name, "value");
  n.labels = Fields(many);
  const std::string text = printed(n);
  CHECK(text.find("│ " + n.acknowledge_url + "\n") != std::string::npos);
  CHECK(text.find("label19=value, and 38") != std::string::npos);
  CHECK(text.find("…\n") != std::string::npos);
  CHECK(text.size() < 6'000);
}

TEST_CASE("a page names its runbook before the details") {
  Notification n = sample_notification();
  n.runbook_title = "Checkout fails";
  n.runbook_url = "https://playbooks.example.com/checkout";
  const std::string text = printed(n);
  CHECK(text.find("Checkout fails: https://playbooks.example.com/checkout") < text.find("service"));
}

TEST_CASE("advice to a room shows the manual and nothing to acknowledge") {
  Notification n = sample_notification();
  n.kind = MessageKind::advice;
  n.manual_url = "https://manual.example.com/config";
  const std::string text = printed(n);
  CHECK(text.find("ADVICE") != std::string::npos);
  CHECK(text.find("https://manual.example.com/config") != std::string::npos);
  CHECK(text.find("Acknowledge") == std::string::npos);
}

TEST_CASE("a digest names what passed and when and how many more there are") {
  Notification n = sample_notification();
  n.kind = MessageKind::digest;
  n.title = "While tocsin was away 38 incidents opened and ended";
  n.why = "Nobody was paged: they had ended before tocsin could tell of them.";
  n.passed = {{"7zq4", "db-slow", n.opened_at, n.now},
              {"9xx1", "db-\x1b[31mdown\n└─ over", n.opened_at - std::chrono::hours(24), n.now}};
  n.passed_in_all = 38;
  CHECK("\n" + printed(n) == R"(
┌─ DIGEST ────────────────────────────────────────────────────────────────────
│ While tocsin was away 38 incidents opened and ended
│ Nobody was paged: they had ended before tocsin could tell of them.
│
│ db-slow
│ 2026-11-22 01:51 to 02:04 UTC, incident 7zq4
│
│ db-[31mdown └─ over
│ 2026-11-21 01:51 to 2026-11-22 02:04 UTC, incident 9xx1
│
│ and 36 more
│ team      payments
│ details   http://localhost:8321/incidents/7zq4m2k9w1x3c5v8
└─────────────────────────────────────────────────────────────────────────────
)");
}

TEST_CASE("a page that the terminal does not take is tried again and not called printed") {
  auto channel =
      find_channel("log")->make({"terminal", {}}, {[](const std::string&) { return false; }});
  REQUIRE(channel);
  CHECK((*channel)->deliver(sample_notification(), std::chrono::seconds(1)).outcome ==
        AttemptOutcome::retry_later);
}

TEST_CASE("the log channel prints a bundle with a link for each that it names", "[log]") {
  Notification n = sample_notification();
  n.kind = MessageKind::bundle;
  n.title = "38 incidents at once, the gravest: db-down";
  n.why = "ada had 10 pages in 1m, so the others come together";
  n.acknowledge_url.clear();
  n.bundled = {{"7zq4", "db-down", Severity::critical, n.opened_at, "http://localhost/p/1"}};
  n.bundled_in_all = 38;
  CHECK("\n" + printed(n) == R"(
┌─ PAGE · 38 AT ONCE ─────────────────────────────────────────────────────────
│ 38 incidents at once, the gravest: db-down
│ ada had 10 pages in 1m, so the others come together
│
│ CRITICAL · db-down
│ incident  7zq4
│ since     2026-11-22 01:51:51 UTC, 12m20s ago
│ http://localhost/p/1
│
│ and 37 more
│ to        ada (ada-phone)
│ details   http://localhost:8321/incidents/7zq4m2k9w1x3c5v8
└─────────────────────────────────────────────────────────────────────────────
)");
  n.kind = MessageKind::resolved_bundle;
  CHECK(printed(n).starts_with("┌─ RESOLVED · 38 AT ONCE ─"));
}
