#include "rules/relation.hpp"

#include "tests/catch.hpp"

using namespace tocsin::rules;

namespace {

std::vector<Matcher> all(const std::vector<std::string>& texts) {
  std::vector<Matcher> matchers;
  for (const std::string& text : texts) matchers.push_back(Matcher::parse(text).value());
  return matchers;
}

bool takes(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
  return takes_all_of(all(outer), all(inner));
}
bool exclude(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  CHECK(exclude_each_other(all(one), all(other)) == exclude_each_other(all(other), all(one)));
  return exclude_each_other(all(one), all(other));
}

}  // namespace

TEST_CASE("matchers take all that narrower ones match and it is never a guess") {
  CHECK(takes({}, {"a=1"}));
  CHECK(takes({"a=1"}, {"b=2", "a=1"}));
  CHECK(takes({R"(a=~"1|2")"}, {"a=1"}));
  CHECK(takes({R"(a=~"1|2|3")"}, {R"(a=~"3|1")"}));
  CHECK(takes({R"(a=~"High.*")"}, {"a=HighLatency", "b=1"}));
  CHECK(takes({"a!=2"}, {"a=1"}));
  CHECK(takes({R"(a=~"x.+")", "b!=1"}, {"b=2", R"(a=~"x.+")"}));
  CHECK(takes({R"(a="")"}, {R"(a="")"}));
  CHECK(takes({R"(a=~".*")"}, {"a=1"}));

  CHECK_FALSE(takes({"a=1"}, {}));
  CHECK_FALSE(takes({"a=1"}, {"b=1"}));
  CHECK_FALSE(takes({"a=1"}, {R"(a=~"1|2")"}));
  CHECK_FALSE(takes({"a=1", "c=1"}, {"a=1", "b=1"}));
  CHECK_FALSE(takes({"a!=1"}, {"b=1"}));
  // True, but not known from the texts.
  CHECK_FALSE(takes({R"(a=~"x.*")"}, {R"(a=~"xy.*")"}));
  CHECK_FALSE(takes({"a=1"}, {"a!=1"}));
}

TEST_CASE("matchers exclude each other when one label cannot have both") {
  CHECK(exclude({"a=1"}, {"a=2"}));
  CHECK(exclude({"a=1", "b=1"}, {"b=2"}));
  CHECK(exclude({R"(a=~"1|2")"}, {R"(a=~"3|4")"}));
  CHECK(exclude({R"(a=~"api.+")"}, {"a=web"}));
  CHECK(exclude({R"(a=~"api.+")"}, {R"(a=~"web.+")"}));
  CHECK(exclude({"a=1"}, {"a!=1"}));
  CHECK(exclude({R"(a="")"}, {"a=1"}));

  CHECK_FALSE(exclude({"a=1"}, {"b=2"}));
  CHECK_FALSE(exclude({"a=1"}, {R"(a=~"1|2")"}));
  CHECK_FALSE(exclude({R"(a=~"api.+")"}, {R"(a=~".+-eu")"}));
  CHECK_FALSE(exclude({"a!=1"}, {"a!=2"}));
  CHECK_FALSE(exclude({}, {"a=1"}));
}

TEST_CASE("what would take long to compare is not known") {
  const std::vector<std::string> many(kMostComparedPairs + 1, "a=1");
  CHECK_FALSE(takes({"a=1"}, many));
  CHECK_FALSE(exclude({"a=2"}, many));
}

TEST_CASE("the values that a matcher demands are known if it names them all") {
  using Values = std::vector<std::string>;
  CHECK(demanded_values(all({"a=1"})[0]) == Values{"1"});
  CHECK(demanded_values(all({R"(a=~"2|1")"})[0]) == Values{"1", "2"});
  for (const char* text : {"a!=1", R"(a=~"1.*")", R"(a!~"1|2")"})
    CHECK_FALSE(demanded_values(all({text})[0]));
}
