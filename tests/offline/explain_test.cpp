// Explaining a payload: read as its integration's sender posts it, and told so that it can be read
// at night.
#include "router/offline/explain.hpp"

#include <nlohmann/json.hpp>

#include "tests/offline/ground.hpp"

using namespace tocsin;
using namespace tocsin::offline;
using namespace std::chrono_literals;

namespace {

const Instant kAt{parse_rfc3339("2026-01-05T10:00:00Z").value(), 1, 24h};

Result<Explained> explained(const std::string& payload) {
  static const settings::Settings kSettings = example();
  static const auto kIntegrations = make_integrations(kSettings);
  return explain(kIntegrations->at("prometheus-production"), make_configuration(kSettings), payload,
                 kAt);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string alert(const std::string& labels, const std::string& more = "") {
  return "{\"labels\":{" + labels + "}" + more + "}";
}
const std::string kLatency = R"("alertname":"HighLatency","service":"api")";

}  // namespace

TEST_CASE("an explanation reads from what happens to why and cuts what repeats") {
  CHECK(text_of(explained("[" + alert(kLatency) + "]").value()) ==
        R"(prometheus-production at 2026-01-05T10:00:00.000Z

HighLatency
  decided  page: policy cdp, severity critical, team cdp
  rule     api-latency
  impact   Profile pages are slow for customers
  runbook  API latency is high  https://playbooks.example.com/cdp/api-latency
  labels   environment=production service=api

  who is told, if nobody acknowledges
    at once  ada by terminal (on call in cdp-primary)  step 1 of cdp: opened
    +5m      ada by terminal (on call in cdp-primary), grace by terminal (on call in cdp-secondary)  step 2 of cdp: nobody acknowledged for 5m
    +15m     the same again, 2 more rounds
    +45m     grace by terminal (on call in platform)   step 1 of platform, the default policy: nobody acknowledged for 10m
    +50m     grace by terminal, linus by terminal      step 2 of platform, the default policy: nobody acknowledged for 5m
    then every 20m until somebody acknowledges

  why
    rule api-latency matched: service="api", alertname=~"HighLatency|ErrorRate"
    severity critical: rule api-latency says so
    policy cdp: rule api-latency pages it
    runbook api-latency: rule api-latency names it

  rules, in their order
    api-latency  matched: service="api", alertname=~"HighLatency|ErrorRate"
    not reached: queue-lag, importer-stuck, rejected-config, informational
)");
}

TEST_CASE("an alert that is suppressed or joins another says who is told of it") {
  const Explained two =
      explained("[" + alert(kLatency) + "," + alert(kLatency + R"(,"instance":"b")") + "," +
                alert(R"("alertname":"Disk","severity":"info")") + "]")
          .value();
  CHECK(two.incidents.size() == 1);
  const std::string text = text_of(two);
  CHECK(has(text, "joins the incident of alert 1: nobody is told anew\n\n3. Disk\n"));
  CHECK(has(text, "  who is told: nobody\n"));
  CHECK(has(text, R"(service="api" fails: the alert has no service)"));
}

TEST_CASE("an alert that has ended says how to see it firing") {
  const std::string text = text_of(
      explained("[" + alert(kLatency, R"(,"endsAt":"2026-01-05T09:00:00Z")") + "]").value());
  CHECK(has(text, "it has ended (at 2026-01-05T09:00:00.000Z); --at with a time before"));
  CHECK(has(text, "were it firing: page: policy cdp"));
  CHECK_FALSE(has(text, "at once"));
}

TEST_CASE("an end in the future does not end the rehearsal") {
  const Explained one =
      explained("[" + alert(kLatency, R"(,"endsAt":"2026-01-05T10:04:00Z")") + "]").value();
  REQUIRE(one.incidents.size() == 1);
  CHECK(schedule_of(one.incidents[0].told).then_every == 20min);
}

TEST_CASE("alerts that are not taken say their place and why") {
  const Explained three = explained("[" + alert("") + "," + alert(kLatency) + ",7]").value();
  REQUIRE(three.alerts.size() == 1);
  CHECK(three.alerts[0].place == 2);
  const std::string text = text_of(three);
  CHECK(has(text, "\n1. not taken: at least one label pair required\n3. not taken: "));
  CHECK_FALSE(explained("{"));
  CHECK(explained("[]").value().alerts.empty());
}

TEST_CASE("JSON has the same and all of it") {
  const auto json = nlohmann::json::parse(
      json_of(explained("[" + alert("") + "," + alert(kLatency) + "]").value()));
  CHECK(json["rejected"][0]["place"] == 1);
  const auto& one = json["alerts"][0];
  CHECK((one["place"] == 2 && one["labels"]["environment"] == "production"));
  CHECK((one["decision"]["rule"] == "api-latency" && one["decision"]["reasons"].size() == 4));
  CHECK(
      (one["rules"]["tried"].size() == 5 && one["rules"]["tried"][1]["verdict"] == "not reached"));
  CHECK(one["incident"] == json["incidents"][0]["id"]);
  CHECK(json["incidents"][0]["told"].size() >= 10);
  CHECK(json["incidents"][0]["then_every"] == "20m");
  CHECK(json.dump().find("address") == std::string::npos);
}

TEST_CASE("a payload of ten thousand alerts is explained within limits and on few lines") {
  std::string payload;
  for (int i = 0; i < 10'000; ++i)
    payload += (i == 0 ? "[" : ",") + alert(R"("alertname":"A)" + std::to_string(i) + "\"");
  const Explained many = explained(payload + "]").value();
  CHECK(many.alerts.size() == 10'000);
  const std::string text = text_of(many);
  CHECK(text.size() < 20'000);
  CHECK(has(text, "and 9890 more alerts; --json shows all\n"));
  std::size_t tried = 0;
  for (const ExplainedAlert& each : many.alerts) tried += each.explanation.rules.size();
  CHECK(tried <= kMostTriedInAll);
}

TEST_CASE("what a hostile alert says does not move the terminal") {
  const std::string text =
      text_of(explained("[" +
                        alert(R"("alertname":"\u001b[2Jx\ny","service":"\u001b]0;z\u0007")",
                              R"(,"annotations":{"summary":"a\u202eb\r\nc"})") +
                        "]")
                  .value());
  CHECK(text.find_first_of("\x1b\x07\r") == std::string::npos);
  CHECK_FALSE(has(text, "\u202e"));
}

TEST_CASE("rounds that differ are shown and those alike are counted") {
  const auto page = [](Duration after, std::uint32_t round, std::uint32_t step, const char* who) {
    engine::Told told;
    told.after = after;
    told.contact = {who, "phone", "1"};
    told.round = round;
    told.step = step;
    told.policy = "p";
    return told;
  };
  const offline::Schedule schedule =
      schedule_of({page(0s, 0, 0, "ada"), page(5min, 0, 1, "bob"), page(10min, 1, 0, "ada"),
                   page(15min, 1, 1, "bob"), page(20min, 2, 0, "ada"), page(26min, 2, 1, "bob"),
                   page(30min, 3, 0, "ada"), page(36min, 3, 1, "bob")});
  std::vector<std::pair<Duration, std::uint32_t>> lines;
  for (const Line& line : schedule.lines) lines.emplace_back(line.told.after, line.more_rounds);
  CHECK(lines == std::vector<std::pair<Duration, std::uint32_t>>{
                     {0s, 0}, {5min, 0}, {10min, 1}, {20min, 0}, {26min, 0}, {30min, 1}});
  CHECK_FALSE(schedule.then_every);
}
