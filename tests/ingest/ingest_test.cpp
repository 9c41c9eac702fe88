#include "router/ingest/ingest.hpp"

#include <set>

#include "connectors/journals/memory_journal.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::ingest;
using connectors::find_source;
using journal::Appended;
using journal::MemoryJournal;

namespace {

constexpr const char* kKey = "key-0123456789abcdef";
constexpr const char* kGood =
    R"({"labels":{"alertname":"Disk","severity":"page"},"endsAt":"2026-11-22T02:00:00Z"})";

class FixedClock final : public Clock {
 public:
  Instant now() const override {
    return {WallTime(std::chrono::seconds(1'795'312'363)), 1, std::chrono::hours(5)};
  }
};

struct Counting final : IngestEvents {
  std::vector<std::string> seen;
  void received(const std::string& integration, std::size_t firing, std::size_t resolved) override {
    for (std::size_t i = 0; i < firing; ++i) seen.push_back(integration + " firing");
    for (std::size_t i = 0; i < resolved; ++i) seen.push_back(integration + " resolved");
  }
  void rejected(const std::string& integration, const std::string& reason,
                std::size_t alerts) override {
    seen.push_back(integration + " " + reason + " " + std::to_string(alerts));
  }
};

using Seen = std::vector<std::string>;

/// One integration that speaks Prometheus's format, and every answer it gave.
struct House {
  FixedClock clock;
  MemoryJournal journal{16, "memory"};
  Mint mint{7, 16};
  Counting events;
  Ingest ingest{journal, clock, mint, events};
  std::vector<HttpResponse> answers;

  House() {
    auto all = std::make_shared<Integrations>();
    const Fields labels(
        std::vector<Fields::Pair>{{"environment", "production"}, {"severity", "info"}});
    (*all)["production"] = {"production", find_source("prometheus"), {kKey}, labels};
    ingest.replace(all);
  }

  int post(const std::string& body, const std::string& key = kKey, Ingest::Door door = {}) {
    const std::size_t before = answers.size();
    HttpRequest request;
    request.method = "POST";
    request.received = clock.now();
    request.body = body;
    if (!key.empty()) request.headers = {{"authorization", "Bearer " + key}};
    ingest.take(std::move(request), door,
                [this](HttpResponse answer) { answers.push_back(std::move(answer)); });
    CHECK(answers.size() <= before + 1);
    return answers.size() == before ? 0 : answers.back().status;
  }

  /// What the journal has, as values.
  std::vector<AlertsBody> stored() {
    journal::Cursor cursor(16, 0);
    const auto batch = journal.read(cursor, 1'000);
    REQUIRE(batch);
    std::vector<AlertsBody> bodies;
    for (const journal::Entry& entry : batch->entries) {
      REQUIRE(entry.record.kind == RecordKind::alerts);
      CHECK(entry.partition == journal::partition_of("production", 16));
      bodies.push_back(*decode_alerts(entry.record.body));
    }
    return bodies;
  }
};

std::string list_of(const std::string& alerts) { return "[" + alerts + "]"; }

}  // namespace

TEST_CASE("an alert is stored with its integration and the integration's labels") {
  House house;
  CHECK(house.post(list_of(kGood)) == 200);
  const auto stored = house.stored();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].integration == "production");
  CHECK(stored[0].received == house.clock.now());
  REQUIRE(stored[0].alerts.size() == 1);
  const Fields& labels = stored[0].alerts[0].labels;
  CHECK(labels.get("alertname") == "Disk");
  CHECK(labels.get("environment") == "production");
  CHECK(labels.get("severity") == "page");
  CHECK(house.events.seen == Seen{"production firing"});
}

TEST_CASE("all alerts of a request are one record and an empty list is none") {
  House house;
  CHECK(house.post(list_of(std::string(kGood) + "," + kGood)) == 200);
  CHECK(house.post("[]") == 200);
  const auto stored = house.stored();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].alerts.size() == 2);
}

TEST_CASE("a very large request becomes several records in its order and all or none of them") {
  std::string alerts;
  const std::size_t count = 2 * kMostAlertsPerRecord + 1;
  for (std::size_t i = 0; i < count; ++i)
    alerts += (i ? "," : "") + (R"({"labels":{"alertname":")" + std::to_string(i) + "\"}}");
  House house;
  house.journal.fail_next(Appended::Outcome::refused);
  CHECK(house.post(list_of(alerts)) == 503);
  CHECK(house.stored().empty());
  CHECK(house.post(list_of(alerts)) == 200);
  const auto stored = house.stored();
  REQUIRE(stored.size() == 3);
  std::size_t next = 0;
  for (const AlertsBody& body : stored) {
    CHECK(body.alerts.size() <= kMostAlertsPerRecord);
    for (const Alert& alert : body.alerts)
      CHECK(alert.labels.get("alertname") == std::to_string(next++));
  }
  CHECK(next == count);
}

TEST_CASE("nothing is answered before the alerts are durable") {
  House house;
  house.journal.hold();
  CHECK(house.post(list_of(kGood)) == 0);
  CHECK(house.answers.empty());
  house.journal.release();
  REQUIRE(house.answers.size() == 1);
  CHECK(house.answers[0].status == 200);
}

TEST_CASE("what the journal does not take for certain is 503 and come again") {
  for (const auto outcome : {Appended::Outcome::refused, Appended::Outcome::unknown}) {
    House house;
    house.journal.fail_next(outcome);
    CHECK(house.post(list_of(kGood)) == 503);
    CHECK(house.answers[0].headers ==
          std::vector<std::pair<std::string, std::string>>{{"Retry-After", "5"}});
    CHECK(house.events.seen == Seen{"production journal 1"});
    CHECK(house.post(list_of(kGood)) == 200);
  }
}

TEST_CASE("the good alerts of a request are stored before its bad ones are named") {
  House house;
  house.journal.hold();
  CHECK(house.post(list_of(std::string(kGood) + R"(,{"labels":{"a":1}})")) == 0);
  house.journal.release();
  REQUIRE(house.answers.size() == 1);
  CHECK(house.answers[0].status == 400);
  CHECK(house.answers[0].body.find("alert 1: ") != std::string::npos);
  CHECK(house.stored().size() == 1);
  CHECK(house.events.seen == Seen{"production bad_alert 1", "production firing"});
}

TEST_CASE("a request with nothing usable in it stores nothing") {
  House house;
  CHECK(house.post(R"([{"labels":{"a":1}}])") == 400);
  CHECK(house.post("{") == 400);
  CHECK(house.stored().empty());
  CHECK(house.events.seen == Seen{"production bad_alert 1", "production unusable 0"});
}

TEST_CASE("ten thousand alerts are taken and one more is not") {
  std::string body;
  for (std::size_t i = 0; i < kMostAlertsPerRequest; ++i) body += (i ? "," : "") + std::string("0");
  House house;
  CHECK(house.post(list_of(body)) == 400);
  CHECK(house.post(list_of(body + ",0")) == 413);
  CHECK(house.events.seen == Seen{"production bad_alert 10000", "production too_many_alerts 0"});
}

TEST_CASE("without a good key nothing is read and the key is not repeated") {
  House house;
  CHECK(house.post(list_of(kGood), "") == 401);
  CHECK(house.post(list_of(kGood), "key-of-somebody-else") == 403);
  CHECK(house.answers.back().body.find("key-of-somebody-else") == std::string::npos);
  CHECK(house.stored().empty());
  CHECK(house.events.seen == Seen{" no_key 0", " wrong_key 0"});
}

TEST_CASE("whoever sends no key is told that a Basic password will do") {
  House house;
  CHECK(house.post(list_of(kGood), "") == 401);
  std::vector<std::string> offered;
  for (const auto& [name, value] : house.answers.back().headers)
    if (name == "WWW-Authenticate") offered.push_back(value);
  CHECK(offered == std::vector<std::string>{R"(Basic realm="tocsin")", "Bearer"});
}

TEST_CASE("the answer to a wrong key is the same however near it is and whatever comes with it") {
  House house;
  const std::string right = kKey;
  std::set<std::string> answers;
  for (const std::string& wrong :
       {right + "x", right.substr(1), right.substr(0, right.size() - 1) + "~", std::string("x"),
        std::string(4'000, 'k')})
    for (const std::string& body : {list_of(kGood), std::string("no json"), std::string()}) {
      CHECK(house.post(body, wrong) == 403);
      answers.insert(house.answers.back().body);
    }
  CHECK(answers.size() == 1);
  CHECK(house.stored().empty());
}

TEST_CASE("a key opens the path of its own integration only") {
  House house;
  CHECK(house.post(list_of(kGood), kKey, {nullptr, "production", ""}) == 200);
  CHECK(house.post(list_of(kGood), kKey, {nullptr, "staging", ""}) == 403);
  CHECK(house.stored().size() == 1);
  CHECK(house.events.seen == Seen{"production firing", "production wrong_key 0"});
}

TEST_CASE("a sender that posts where another protocol is spoken is told so") {
  connectors::SourceSpec other = *find_source("prometheus");
  other.name = "other";
  House house;
  CHECK(house.post(list_of(kGood), kKey, {&other, "", ""}) == 404);
  CHECK(house.post(list_of(kGood), kKey, {find_source("prometheus"), "", ""}) == 200);
}

TEST_CASE("the integration in the path reaches the check of the key") {
  House house;
  for (const HttpRoute& route : house.ingest.routes()) {
    if (!route.pattern.starts_with("/in/") &&
        (route.pattern != "/api/v2/alerts/?" || route.method == "GET"))
      continue;
    INFO(route.method << " " << route.pattern);
    HttpRequest request;
    request.method = route.method;
    request.path = "/api/v2/alerts";
    request.headers = {{"authorization", std::string("Bearer ") + kKey}};
    request.body = list_of(kGood);
    const bool named = route.pattern.starts_with("/in/");
    CHECK((named || route.method == "POST"));
    if (named) request.matches = {"somebody-else", ""};
    int status = 0;
    route.handler(std::move(request), [&](const HttpResponse& answer) { status = answer.status; });
    CHECK(status == (named ? 403 : 200));
  }
}
