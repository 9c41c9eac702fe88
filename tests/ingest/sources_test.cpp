// What a source may need beyond its body: its own paths, a key in the body, a document from its
// sender, words about alerts. With a source made up for it.
#include "connectors/journals/memory_journal.hpp"
#include "router/ingest/ingest.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::ingest;
using connectors::IngestOutcome;
using connectors::Parsed;
using connectors::SourceContext;
using connectors::SourceSpec;

namespace {

class FixedClock final : public Clock {
 public:
  Instant now() const override { return at; }
  Instant at{WallTime(std::chrono::seconds(1'795'312'363)), 1, std::chrono::hours(5)};
};

const std::vector<connectors::SourceRoute> kRoutes{
    {"POST", "/v2/things"}, {"POST", "/v2/things/**/close"}, {"GET", "/v2/requests/*"}};

/// What the last request looked like to the source.
SourceContext seen;

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  seen = context;
  Parsed parsed;
  if (request.body == "broken") return invalid("it is broken");
  if (context.document && !*context.document) return context.document->error();
  if (request.body == "alert") parsed.alerts.emplace_back().key = "db-7";
  if (request.body == "visit") parsed.visit = "https://sender.example.com/confirm";
  if (request.body == "said")
    parsed.said.push_back({connectors::Said::Kind::acknowledged, "db-7", "grace\n", "on it"});
  parsed.reply = "made up";
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) {
  const int status = outcome.kind == IngestOutcome::Kind::accepted   ? 202
                     : outcome.kind == IngestOutcome::Kind::unusable ? 422
                                                                     : 503;
  return {status,
          outcome.method + " " + outcome.path + " " + outcome.reply + outcome.error,
          "text/plain",
          {}};
}

std::string key_in_body(const HttpRequest& request) {
  return request.body.starts_with("key-") ? request.body : std::string();
}

std::optional<std::string> wants(const HttpRequest& request) {
  return request.query_value("certificate").empty()
             ? std::nullopt
             : std::optional<std::string>("https://sender.example.com/certificate");
}

SourceSpec things() {
  SourceSpec spec = *connectors::find_source("prometheus");
  spec.name = "things";
  spec.routes = kRoutes;
  spec.key = key_in_body;
  spec.document = wants;
  spec.parse = parse;
  spec.answer = answer;
  return spec;
}

struct House {
  FixedClock clock;
  journal::MemoryJournal journal{16, "memory"};
  Mint mint{7, 16};
  IngestEvents events;
  std::vector<std::string> fetched;
  Result<std::string> document = std::string("the document");
  Ingest ingest{journal, clock, mint, events, {}, [this](const std::string& url) {
                  fetched.push_back(url);
                  return document;
                }};
  SourceSpec source = things();
  HttpResponse last;

  House() {
    auto all = std::make_shared<Integrations>();
    (*all)["house"] = {"house", &source, {"key-0123456789abcdef"}, {}, {"house", {{"topic", "t"}}}};
    ingest.replace(all);
  }
  int ask(const std::string& method, const std::string& path, const std::string& body = "",
          const std::string& key = "key-0123456789abcdef", const std::string& query = "") {
    HttpRequest request;
    request.method = method;
    request.received = clock.now();
    request.body = body;
    if (!key.empty()) request.headers = {{"x-tocsin-key", key}};
    if (!query.empty()) request.query = {{query, "1"}};
    last = {0, "", "", {}};
    ingest.take(request, {nullptr, "house", path},
                [this](HttpResponse answer) { last = std::move(answer); });
    return last.status;
  }
};

}  // namespace

TEST_CASE("a source hears by which of its paths a request came and what stands in it") {
  House house;
  CHECK(house.ask("POST", "/v2/things/db/7/close") == 202);
  CHECK(seen.path == "/v2/things/db/7/close");
  CHECK(seen.parts == std::vector<std::string>{"db/7"});
  CHECK(seen.settings.get("topic") == "t");
  CHECK(house.last.body == "POST /v2/things/db/7/close made up");
  CHECK(house.ask("GET", "/v2/requests/r-1/") == 202);
  CHECK(seen.parts == std::vector<std::string>{"r-1"});
  for (const char* path : {"", "/"}) {
    CHECK(house.ask("POST", path) == 202);
    CHECK(seen.path == "/v2/things");
  }
}

TEST_CASE("a path that its source does not have is 404 and a method 405") {
  House house;
  CHECK(house.ask("POST", "/v2/other") == 404);
  CHECK(house.ask("DELETE", "/v2/things") == 405);
  CHECK(house.last.headers == std::vector<std::pair<std::string, std::string>>{{"Allow", "POST"}});
  CHECK(house.ask("POST", "/v2/things/close") == 404);
}

TEST_CASE("the key may stand where the protocol has it") {
  House house;
  CHECK(house.ask("POST", "/v2/things", "key-0123456789abcdef", "") == 202);
  CHECK(house.ask("POST", "/v2/things", "key-of-nobody", "") == 403);
  CHECK(house.ask("POST", "/v2/things", "none", "") == 401);
}

TEST_CASE("that a source's times tell the order goes into the journal with its alerts") {
  House house;
  for (const bool exact : {false, true}) {
    house.source.exact_times = exact;
    CHECK(house.ask("POST", "/v2/things", "alert") == 202);
    journal::Cursor cursor(16, 0);
    const auto batch = house.journal.read(cursor, 1'000);
    REQUIRE(batch);
    const auto body = decode_alerts(batch->entries.back().record.body);
    REQUIRE(body);
    CHECK(body->exact_times == exact);
  }
}

TEST_CASE("a document is fetched once a day and what cannot be had is asked for again") {
  House house;
  const auto ask = [&] {
    return house.ask("POST", "/v2/things", "", "key-0123456789abcdef", "certificate");
  };
  house.document = unavailable("no connection");
  CHECK(ask() == 503);
  house.document = std::string("the document");
  CHECK(ask() == 202);
  CHECK((seen.document && **seen.document == "the document"));
  CHECK(ask() == 202);
  CHECK(house.fetched.size() == 2);
  house.clock.at.wall += kDocumentKept;
  CHECK(ask() == 202);
  CHECK(house.fetched.size() == 3);
}

TEST_CASE("what a sender began is completed before it is answered and otherwise comes again") {
  House house;
  CHECK(house.ask("POST", "/v2/things", "visit") == 202);
  CHECK(house.fetched == std::vector<std::string>{"https://sender.example.com/confirm"});
  house.document = unavailable("no connection");
  CHECK(house.ask("POST", "/v2/things", "visit") == 503);
}

TEST_CASE("what is said of an alert is stored before it is answered") {
  House house;
  house.journal.hold();
  CHECK(house.ask("POST", "/v2/things", "said") == 0);
  house.journal.release();
  CHECK(house.last.status == 202);
  journal::Cursor cursor(16, 0);
  const auto batch = house.journal.read(cursor, 10);
  REQUIRE(batch);
  REQUIRE(batch->entries.size() == 1);
  const Record& record = batch->entries[0].record;
  REQUIRE(record.kind == RecordKind::command);
  const Command command = *decode_command(record.body);
  CHECK(command.kind == CommandKind::acknowledge);
  CHECK((command.integration == "house" && command.alert == "db-7"));
  CHECK((command.by == "grace" && command.via == "things" && command.text == "on it"));
}

TEST_CASE("a request that cannot be read is answered in its protocol with its path") {
  House house;
  CHECK(house.ask("POST", "/v2/things", "broken") == 422);
  CHECK(house.last.body == "POST /v2/things it is broken");
}
