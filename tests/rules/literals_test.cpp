#include "rules/literals.hpp"

#include "rules/matcher.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

using Values = std::vector<std::string>;

TEST_CASE("alternatives written out are the values that they stand for") {
  struct Row {
    std::string pattern;
    Values values;
  };
  const std::vector<Row> rows = {{"a", {"a"}},
                                 {"b|a|b", {"a", "b"}},
                                 {"HighLatency|ErrorRate", {"ErrorRate", "HighLatency"}},
                                 {"(a|b)", {"a", "b"}},
                                 {"(?:a|b)", {"a", "b"}},
                                 {R"(10\.0\.0\.1|x\|y|\(z\))", {"(z)", "10.0.0.1", "x|y"}},
                                 {"größe|a b", {"a b", "größe"}},
                                 {"", {""}},
                                 {"a|", {"", "a"}},
                                 {"()", {""}}};
  for (const Row& row : rows) {
    INFO(row.pattern);
    CHECK(literal_values(row.pattern) == row.values);
    const Matcher matcher = Matcher::parse("l=~\"" + row.pattern + "\"").value();
    for (const std::string& value : row.values) CHECK(matcher.matches(Fields({{"l", value}})));
    CHECK_FALSE(matcher.matches(Fields({{"l", row.pattern + "|"}})));
  }
}

TEST_CASE("a pattern that says more than a list is none") {
  for (const std::string_view pattern :
       {"a.c",     "a*",     "a+",       "ab?",     "[ab]",   "^a",    "a$",       "a{2}",
        R"(\d)",   R"(\pL)", R"(\Qa\E)", R"(\A)",   R"(a\)",  "(?i)a", "(?i:a|b)", "(?P<n>a)",
        "(a)|(b)", "((a))",  "(a)b",     R"((a\))", "a(b|c)", ".*",    "(a|b)*"}) {
    INFO(pattern);
    CHECK_FALSE(literal_values(pattern));
  }
}

TEST_CASE("a list that is too long to be filed is left a pattern") {
  std::string pattern = "v0";
  for (std::size_t i = 1; i < kMostLiterals; ++i) pattern += "|v" + std::to_string(i);
  CHECK(literal_values(pattern).value().size() == kMostLiterals);
  CHECK_FALSE(literal_values(pattern + "|more"));
}
