#include "tests/connectors/fixture.hpp"
#include "tests/connectors/prometheus_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

namespace {

WallTime at(std::string_view text) { return *parse_rfc3339(text); }

/// One alert with these times, as JSON values.
std::string timed(const std::string& starts, const std::string& ends) {
  return R"([{"labels":{"a":"b"},"startsAt":)" + starts + R"(,"endsAt":)" + ends + "}]";
}

}  // namespace

TEST_CASE("a firing alert of Prometheus is read as it went over the wire", "[prometheus]") {
  const Alert alert = only(fixture("prometheus/firing_one.json"));
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.labels == Fields({{"alertname", "QueueGrowing"},
                                {"cluster", "ie-2"},
                                {"queue", "invoices"},
                                {"service", "billing"},
                                {"severity", "critical"},
                                {"team", "money"}}));
  CHECK(alert.annotations.get("description") ==
        "The queue grew by more than 500 & is at <12 000>.\nIt was last empty 41 minutes ago.");
  CHECK(alert.annotations.size() == 3);
  CHECK(alert.starts_at == at("2026-11-22T01:51:51.604Z"));
  CHECK(alert.ends_at == at("2026-11-22T01:55:51.604Z"));
  CHECK(alert.generator_url ==
        "http://prometheus.shop.example:9090/"
        "graph?g0.expr=deriv%28queue_length%5B10m%5D%29+%3E+500&g0.tab=1");
}

TEST_CASE("the same alert with a past end is resolved under the same key", "[prometheus]") {
  const Alert firing = only(fixture("prometheus/firing_one.json"));
  const Alert resolved = only(fixture("prometheus/resolved_one.json"));
  CHECK(resolved.status == AlertStatus::resolved);
  CHECK(resolved.key == firing.key);
  CHECK(resolved.ends_at == at("2026-11-22T01:52:31.604Z"));
  CHECK(resolved.starts_at == firing.starts_at);
}

TEST_CASE("a batch of different rules keeps its order and all of its text", "[prometheus]") {
  const Parsed batch = parsed(fixture("prometheus/batch_of_four.json"));
  REQUIRE(batch.alerts.size() == 4);
  CHECK(batch.rejected.empty());
  CHECK(batch.alerts[0].labels.get("mountpoint") == "/var/lib/söhne");
  CHECK(batch.alerts[0].annotations.get("emoji") == "🔥 日本語 العربية");
  CHECK(batch.alerts[1].annotations.empty());
  CHECK_FALSE(batch.alerts[2].labels.find("le"));
  CHECK(batch.alerts[2].labels.get("http.status") == "5xx");
  CHECK(batch.alerts[2].annotations.get("detail").size() == 9'600);
  CHECK(batch.alerts[3].labels.get("alertname") == "Watchdog");
}

TEST_CASE("good alerts are kept beside bad ones and each bad one says why", "[prometheus]") {
  const Parsed mixed = parsed(fixture("prometheus/good_and_bad.json"));
  REQUIRE(mixed.alerts.size() == 2);
  CHECK(mixed.alerts[0].labels.get("alertname") == "Good");
  CHECK(mixed.alerts[1].labels.get("alertname") == "Bare");
  REQUIRE(mixed.rejected.size() == 3);
  CHECK(mixed.rejected[0].index == 1);
  CHECK(mixed.rejected[0].what == "at least one label pair required");
  CHECK(mixed.rejected[1].index == 2);
  CHECK(mixed.rejected[1].what == "start time must be before end time");
  CHECK(mixed.rejected[2].index == 3);
  CHECK(mixed.rejected[2].what == "label \"shard\" is a number; its value must be a string");
}

TEST_CASE("the key is Alertmanager's fingerprint of the labels as sent", "[prometheus]") {
  // Fingerprints as Alertmanager 0.25 answered them.
  CHECK(only(labelled(R"({"alertname":"off"})")).key == "3787ea52f7341c21");
  CHECK(only(labelled(R"({"foo":"bar"})")).key == "3fff2c2d7595e046");
  CHECK(only(labelled(R"({"alertname":"zt"})")).key == "a34db0427c4c4bf2");
  CHECK(only(labelled(R"({"alertname":"x"})")).key == "d240efc3896bf266");
  // Neither the order of names nor empty values make a difference.
  CHECK(only(labelled(R"({"b":"2","a":"1"})")).key ==
        only(labelled(R"({"a":"1","c":"","b":"2","d":null})")).key);
  // Of two equal names the last counts, the empty one too.
  CHECK(only(labelled(R"({"b":"2","a":"0","a":"1"})")).key ==
        only(labelled(R"({"a":"1","b":"2"})")).key);
  CHECK(only(labelled(R"({"b":"2","a":"0","a":""})")).key == only(labelled(R"({"b":"2"})")).key);
  CHECK(only(labelled(R"({"ab":"c"})")).key != only(labelled(R"({"a":"bc"})")).key);
}

TEST_CASE("times that are absent or odd become what they mean", "[prometheus]") {
  struct Row {
    std::string starts, ends;
    std::string_view starts_at, ends_at;
    AlertStatus status;
  };
  const std::string none = "null", zero = R"("0001-01-01T00:00:00.000Z")", empty = R"("")";
  const std::string_view now = "2026-11-22T01:52:43.604Z", later = "2026-11-22T01:57:43.604Z";
  const auto firing = AlertStatus::firing, resolved = AlertStatus::resolved;
  const std::vector<Row> rows = {
      {none, none, now, later, firing},
      {zero, zero, now, later, firing},
      {empty, empty, now, later, firing},
      {R"("2026-11-22T01:00:00Z")", none, "2026-11-22T01:00:00Z", later, firing},
      {none, R"("2026-11-22T01:00:00Z")", "2026-11-22T01:00:00Z", "2026-11-22T01:00:00Z", resolved},
      {none, R"("2026-11-22T03:00:00Z")", now, "2026-11-22T03:00:00Z", firing},
      {R"("2026-11-22T01:52:43.604Z")", R"("2026-11-22T01:52:43.604Z")", now, now, resolved},
      {R"("2026-11-22T02:51:00+01:00")", R"("2026-11-22T02:52:00.123456789+0100")",
       "2026-11-22T01:51:00Z", "2026-11-22T01:52:00.123456Z", resolved},
      {R"("1970-01-01T00:00:00Z")", R"("2100-01-01T00:00:00Z")", "1970-01-01T00:00:00Z",
       "2100-01-01T00:00:00Z", firing},
      {R"("0001-01-01T00:00:01Z")", R"("1970-01-01T00:00:00Z")", "0001-01-01T00:00:01Z",
       "1970-01-01T00:00:00Z", resolved},
      // The sender's clock is ahead: the alert counts all the same.
      {R"("2100-01-01T00:00:00Z")", none, "2100-01-01T00:00:00Z", later, firing},
  };
  for (const Row& row : rows) {
    INFO(row.starts << " " << row.ends);
    const Alert alert = only(timed(row.starts, row.ends));
    CHECK(alert.starts_at == at(row.starts_at));
    CHECK(alert.ends_at == at(row.ends_at));
    CHECK(alert.status == row.status);
  }
}

TEST_CASE("an alert that cannot be understood says what is wrong with it", "[prometheus]") {
  struct Row {
    std::string body, says;
  };
  const std::vector<Row> rows = {
      {labelled("{}"), "at least one label pair required"},
      {labelled("null"), "at least one label pair required"},
      {"[{}]", "at least one label pair required"},
      {labelled(R"({"a":""})"), "at least one label pair required"},
      {labelled(R"("a=b")"), "labels is a string; it must be an object of strings"},
      {labelled(R"(["a"])"), "labels is a list"},
      {labelled(R"({"a":1})"), "label \"a\" is a number"},
      {labelled(R"({"a":true})"), "label \"a\" is a boolean"},
      {labelled(R"({"a":{"b":"c"}})"), "label \"a\" is an object"},
      {labelled(R"({"a":["b"],"c":"d"})"), "label \"a\" is a list"},
      {labelled(R"({"":"b"})"), "empty name"},
      {R"([{"labels":{"a":"b"},"annotations":"x"}])", "annotations is a string"},
      {R"([{"labels":{"a":"b"},"annotations":{"x":1.5}}])", "annotation \"x\" is a number"},
      {timed(R"("yesterday")", "null"), "startsAt is not an RFC 3339 time"},
      {timed("null", "1795312363"), "endsAt is a number; it must be an RFC 3339 time in quotes"},
      {timed("{}", "null"), "startsAt is an object"},
      {timed(R"("2026-01-02T00:00:00Z")", R"("2026-01-01T00:00:00Z")"),
       "start time must be before end time"},
      {"[1]", "must be an object, not a number"},
      {"[\"x\"]", "must be an object, not a string"},
      {"[null]", "must be an object, not null"},
      {"[[{\"labels\":{\"a\":\"b\"}}]]", "must be an object, not a list"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK_THAT(rejection(row.body), Catch::Matchers::Contains(row.says));
  }
}

TEST_CASE("a body that is no list of alerts is refused as a whole", "[prometheus]") {
  struct Row {
    std::string body, says;
  };
  const std::vector<Row> rows = {
      {"", "the body is empty"},
      {"[{\"labels\":", "not JSON"},
      {"{\"labels\":{\"a\":\"b\"}}", "put it in [ ]"},
      {"\"x\"", "put them in [ ]"},
      {"null", "put them in [ ]"},
      {"[{\"labels\":{\"a\":\"b\"}}] trailing", "not JSON"},
      {"[{\"labels\":{\"a\":\"\xff\"}}]", "not UTF-8"},
      {"[{\"labels\":{\"a\":\"b\"},\"x\":1e400}]", "too large"},
      {"[{'labels':{}}]", "at byte 3"},
      {"payload=[]", "not JSON"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK_THAT(fault(row.body), Catch::Matchers::Contains(row.says));
  }
}

TEST_CASE("what senders add or leave out is tolerated", "[prometheus]") {
  CHECK(parsed("[]").alerts.empty());
  CHECK(only("\xEF\xBB\xBF[{\"labels\":{\"a\":\"b\"}}]").labels.get("a") == "b");
  CHECK(only(" \n[{\"labels\":{\"a\":\"b\"},\"annotations\":null,\"generatorURL\":null}]\n")
            .annotations.empty());
  CHECK(only(R"([{"zzz":{"labels":{"x":"y"}},"labels":{"a":"b"},"fingerprint":"abc"}])").labels ==
        one("a", "b"));
  CHECK(only(R"([{"labels":{"x":"y"},"labels":{"a":"b"}}])").labels == one("a", "b"));
  CHECK(only(R"([{"labels":{"a":"b"},"generatorURL":"not a url"}])").generator_url == "not a url");
  CHECK(only(R"([{"labels":{"a":"b"},"generatorURL":7}])").generator_url.empty());
  CHECK(only("[{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"" + std::string(2'049, 'x') + "\"}]")
            .generator_url.empty());
}

TEST_CASE("Prometheus is answered as Alertmanager answers it", "[prometheus]") {
  const auto answer = find_source("prometheus")->answer;
  const HttpResponse accepted = answer({});
  CHECK(accepted.status == 200);
  CHECK(accepted.body.empty());
  CHECK(accepted.content_type.empty());

  IngestOutcome partly{IngestOutcome::Kind::partly, {{3, "at least one label pair required"}}, {}};
  CHECK(answer(partly).status == 400);
  CHECK(answer(partly).content_type == "application/json");
  CHECK(answer(partly).body == R"("alert 3: at least one label pair required")");
  for (std::size_t i = 4; i < 20; ++i) partly.rejected.push_back({i, "x\"\xff"});
  CHECK_THAT(answer(partly).body,
             Catch::Matchers::Contains("; alert 12: x\\\"\ufffd; and 7 more\""));

  partly.kind = IngestOutcome::Kind::unusable;
  CHECK_THAT(answer(partly).body, Catch::Matchers::StartsWith("\"alert 3: at least"));

  const HttpResponse unusable = answer({IngestOutcome::Kind::unusable, {}, "not \"JSON\""});
  CHECK(unusable.status == 400);
  CHECK(unusable.body == R"({"code":400,"message":"not \"JSON\""})");

  const HttpResponse busy = answer({IngestOutcome::Kind::busy, {}, "the journal is busy"});
  CHECK(busy.status == 503);
  CHECK(busy.body == R"({"code":503,"message":"the journal is busy"})");
  CHECK(busy.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "5"}});
}
