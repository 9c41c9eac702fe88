// What no request of Prometheus can do: crash the reader, exhaust it, or lose a page for a long
// text.
#include <random>

#include "connectors/sources/limits.hpp"
#include "tests/connectors/fixture.hpp"
#include "tests/connectors/prometheus_requests.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;

TEST_CASE("nesting is refused before it can hurt", "[prometheus]") {
  for (const std::string& open :
       {std::string("["), std::string("{\"a\":"), std::string("[{\"x\":")}) {
    std::string body;
    for (int i = 0; i < 80'000; ++i) body += open;
    CHECK_FALSE(parse(body));
    CHECK_FALSE(parse("[{\"labels\":{\"a\":\"b\"},\"x\":" + body));
  }
  const std::string deep(60, '['), back(60, ']');
  CHECK(only("[{\"labels\":{\"a\":\"b\"},\"x\":" + deep + back + "}]").labels.get("a") == "b");
  CHECK_THAT(fault("[{\"x\":" + deep + "[[[[" + back), Catch::Matchers::Contains("64 levels"));
}

TEST_CASE("labels past their limits are refused by name", "[prometheus]") {
  const auto with = [](std::size_t name, std::size_t value) {
    return labelled("{\"" + std::string(name, 'n') + "\":\"" + std::string(value, 'v') + "\"}");
  };
  CHECK(parsed(with(sources::kMostLabelNameBytes, sources::kMostLabelValueBytes)).alerts.size() ==
        1);
  CHECK_THAT(rejection(with(1'025, 1)), Catch::Matchers::Contains("the name has 1025 bytes"));
  CHECK_THAT(rejection(with(4, 4'097)),
             Catch::Matchers::Contains("label \"nnnn\": the value has 4097 bytes"));
  const auto many = [](std::size_t count) {
    std::string labels;
    for (std::size_t i = 0; i < count; ++i)
      labels += (i == 0 ? "{\"l" : ",\"l") + std::to_string(i) + "\":\"x\"";
    return labelled(labels + ",\"empty\":\"\"}");
  };
  CHECK(only(many(sources::kMostLabels)).labels.size() == sources::kMostLabels);
  CHECK_THAT(rejection(many(sources::kMostLabels + 1)),
             Catch::Matchers::Contains("it has 65 labels"));
}

TEST_CASE("no text is too long to page with", "[prometheus]") {
  const std::string body = R"([{"labels":{"a":"b"},"annotations":{"description":")" +
                           std::string(30'000, 'd') + R"(","dump":")" +
                           [] {
                             std::string euros;
                             for (int i = 0; i < 100'000; ++i) euros += "€";
                             return euros;
                           }() +
                           R"(","summary":"short"}}])";
  const Alert alert = only(body);
  CHECK(alert.annotations.get("summary") == "short");
  CHECK(alert.annotations.get("description") == std::string(30'000, 'd'));
  const std::string_view dump = alert.annotations.get("dump");
  CHECK(dump.ends_with("€…"));
  CHECK(dump.size() % 3 == 0);
  std::size_t bytes = 0;
  for (const auto& [name, value] : alert.annotations) bytes += name.size() + value.size();
  CHECK(bytes <= sources::kMostAnnotationBytes);
  CHECK(bytes > sources::kMostAnnotationBytes - 8);

  std::string many;
  for (int i = 0; i < 1'000; ++i)
    many +=
        (i == 0 ? "{\"n" : ",\"n") + std::to_string(i) + "\":\"" + std::string(1'000, 'x') + "\"";
  CHECK(only(R"([{"labels":{"a":"b"},"annotations":)" + many + "}}]").annotations.size() ==
        sources::kMostAnnotations);
  CHECK(only(R"([{"labels":{"a":"b"},"annotations":{")" + std::string(70'000, 'n') +
             R"(":"x","y":"z"}}])")
            .annotations == one("y", "z"));
}

TEST_CASE("a request with too many alerts is refused before the rest is read", "[prometheus]") {
  const auto request = [](std::size_t count, const std::string& alert) {
    std::string body = "[";
    for (std::size_t i = 0; i < count; ++i) body += (i == 0 ? "" : ",") + alert;
    return body;
  };
  const std::string good = R"({"labels":{"a":"b"}})";
  CHECK(parsed(request(kMostAlertsPerRequest, good) + "]").alerts.size() == kMostAlertsPerRequest);
  for (const std::string& alert : {good, std::string("{}"), std::string("1"), std::string("[]")}) {
    const auto refused =
        parse(request(kMostAlertsPerRequest + 1, alert) + " and then no JSON at all");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::refused);
  }
}

TEST_CASE("no mutation of a payload crashes the reader or passes its limits", "[prometheus]") {
  std::mt19937 random(20261122);
  const std::vector<std::string> originals = {
      fixture("prometheus/firing_one.json"), fixture("prometheus/good_and_bad.json"),
      fixture("prometheus/batch_of_four.json").substr(0, 900)};
  const std::vector<std::string> pieces = {
      "{",           "}",         "[",     "]",        "\"",          ",",
      ":",           "null",      "1e999", "\\u0000",  "\xff",        "\\ud800",
      "\"labels\":", "\"\":\"\"", "-",     "[[[[[[[[", "\xEF\xBB\xBF"};
  std::size_t usable = 0, unusable = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string body = originals[random() % originals.size()];
    for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % (body.size() + 1);
      switch (random() % 5) {
        case 0:
          body.insert(at, pieces[random() % pieces.size()]);
          break;
        case 1:
          body.erase(at, random() % 8);
          break;
        case 2:
          body.resize(at);
          break;
        case 3:
          body.insert(at, body.substr(at, random() % 64));
          break;
        default:
          if (at < body.size()) body[at] = static_cast<char>(random());
      }
    }
    const auto result = parse(body);
    result ? ++usable : ++unusable;
    if (!result) {
      REQUIRE_FALSE(result.error().message.empty());
      continue;
    }
    for (const Alert& alert : result->alerts) {
      REQUIRE_FALSE(alert.labels.empty());
      REQUIRE(alert.labels.size() <= sources::kMostLabels);
      REQUIRE(alert.key.size() == 16);
      REQUIRE(alert.ends_at);
      for (const auto& [name, value] : alert.labels) REQUIRE((!name.empty() && !value.empty()));
    }
  }
  CHECK(usable > 100);
  CHECK(unusable > 100);
}
