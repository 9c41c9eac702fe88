#include "rules/silence.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;
using Catch::Matchers::Contains;

namespace {

using std::chrono::hours;

const WallTime kStart{hours(24 * 20'000)};

control::Silence asked(std::vector<std::string> matchers = {R"(service="api")"}) {
  return {{"s1"}, std::move(matchers), kStart, kStart + hours(2), "ada", "planned work"};
}

std::string refusal(const control::Silence& silence) {
  const auto made = make_silence(silence);
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == ErrorKind::invalid);
  return made.error().message;
}

Fields labels(std::vector<Fields::Pair> pairs) { return Fields(std::move(pairs)); }

}  // namespace

TEST_CASE("a silence covers what all its matchers match from its start until its end") {
  const auto made = make_silence(asked({R"(service="api")", R"(environment!~"prod.*")"}));
  REQUIRE(made);
  CHECK((made->id.text == "s1" && made->by == "ada" && made->why == "planned work"));
  const Fields alert = labels({{"service", "api"}});
  CHECK(covers(*made, alert, kStart));
  CHECK(covers(*made, alert, kStart + hours(2) - Duration(1)));
  CHECK_FALSE(covers(*made, alert, kStart - Duration(1)));
  CHECK_FALSE(covers(*made, alert, kStart + hours(2)));
  CHECK_FALSE(covers(*made, labels({{"service", "web"}}), kStart));
  CHECK_FALSE(covers(*made, labels({{"service", "api"}, {"environment", "production"}}), kStart));
  CHECK_FALSE(covers(*made, Fields(), kStart));
}

TEST_CASE("a silence for everything is refused as in Alertmanager") {
  CHECK_THAT(refusal(asked({})), Contains("no matcher"));
  for (const char* matcher : {R"(service="")", R"(service!="api")", R"(service=~".*")",
                              R"(service=~"api|")", R"(service!~"a.+")"}) {
    INFO(matcher);
    CHECK_THAT(refusal(asked({matcher})), Contains("without any label"));
    CHECK(make_silence(asked({matcher, R"(alertname=~".+")"})));
  }
}

TEST_CASE("a matcher of a silence that cannot be read is named by its number") {
  CHECK_THAT(refusal(asked({R"(service="api")", "service==api"})),
             Catch::Matchers::StartsWith("matchers[1]: at character 8: == is no operator"));
  CHECK_THAT(refusal(asked({R"(service=~"(")"})), Contains("matchers[0]: "));
  CHECK_THAT(refusal(asked({std::string("a=") + std::string(kMostSilenceMatcherBytes, 'b')})),
             Contains("matchers[0]: longer than 8192 bytes"));
  CHECK_THAT(refusal(asked(std::vector<std::string>(kMostSilenceMatchers + 1, "a=b"))),
             Contains("more than 64 matchers"));
  CHECK(make_silence(asked(std::vector<std::string>(kMostSilenceMatchers, "a=b"))));
}

TEST_CASE("a silence has an end after its start and within a year") {
  control::Silence silence = asked();
  silence.ends_at = silence.starts_at;
  CHECK_THAT(refusal(silence), Contains("not after the start"));
  silence.ends_at = silence.starts_at - hours(1);
  CHECK_THAT(refusal(silence), Contains("not after the start"));
  silence.ends_at = silence.starts_at + kLongestSilence;
  CHECK(make_silence(silence));
  silence.ends_at += Duration(1);
  CHECK_THAT(refusal(silence), Contains("longer than 366d"));
  // As far apart as a hostile record can make them.
  silence.starts_at = WallTime::min();
  silence.ends_at = WallTime::max();
  CHECK_THAT(refusal(silence), Contains("longer than 366d"));
}

TEST_CASE("what a silence says of itself has its limits") {
  control::Silence silence = asked();
  silence.by = std::string(kMostSilenceByBytes, 'a');
  silence.why = std::string(kMostSilenceWhyBytes, 'a');
  CHECK(make_silence(silence));
  silence.by += "a";
  CHECK_THAT(refusal(silence), Contains("by: longer than 256 bytes"));
  silence.by = "ada";
  silence.why += "a";
  CHECK_THAT(refusal(silence), Contains("why: longer than 4096 bytes"));
}
