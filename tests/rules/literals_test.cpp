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

TEST_CASE("whatever a pattern matches begins with what of it is written out") {
  struct Row {
    std::string_view pattern;
    std::size_t length;
  };
  for (const Row& row : {Row{"Slow.*", 4}, Row{"Slow+", 4}, Row{"Slow*", 3}, Row{"Slow?", 3},
                         Row{"Slow{0}", 3}, Row{"é*", 0}, Row{"aé?", 1}, Row{"é.", 2}, Row{"*", 0},
                         Row{"Slow", 4}, Row{"a|b", 0}, Row{"ab(c|d)", 0}, Row{"(?i)a", 0},
                         Row{"a(?i)b", 1}, Row{"^a", 0}, Row{R"(10\.0)", 2}, Row{"", 0}}) {
    INFO(row.pattern);
    CHECK(literal_prefix(row.pattern) == row.length);
  }
  const auto matches = [](const std::string& matcher, std::string_view value) {
    return Matcher::parse(matcher).value().matches(Fields(std::vector<Fields::Pair>{{"l", value}}));
  };
  CHECK(matches("l=~\"Slow?\"", "Slo"));
  CHECK(matches("l=~\"aé*b\"", "ab"));
  CHECK(matches("l=~\"a(?i)b\"", "aB"));
  CHECK(matches("l!~\"Slow.*\"", "Fast"));
  CHECK_FALSE(matches("l!~\"Slow.*\"", "Slowly"));
}
