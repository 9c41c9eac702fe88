#include "rules/matcher.hpp"

#include <random>

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {

Matcher matcher(std::string_view text) {
  auto parsed = Matcher::parse(text);
  INFO(text);
  if (!parsed) FAIL(parsed.error().message);
  return std::move(parsed).value();
}

std::string fault(std::string_view text) {
  auto parsed = Matcher::parse(text);
  INFO(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::invalid);
  return parsed.error().message;
}

bool matches(std::string_view text, std::vector<Fields::Pair> labels) {
  return matcher(text).matches(Fields(std::move(labels)));
}

}  // namespace

TEST_CASE("a matcher is read in every form that Alertmanager takes", "[matcher]") {
  struct Row {
    std::string_view text, name;
    MatchKind kind;
    std::string_view value, printed;
  };
  const std::vector<Row> rows = {
      {R"(service="api")", "service", MatchKind::equal, "api", R"(service="api")"},
      {R"(service=api)", "service", MatchKind::equal, "api", R"(service="api")"},
      {R"(  service  !=  "api"  )", "service", MatchKind::not_equal, "api", R"(service!="api")"},
      {R"(a=~"High.*|Errors")", "a", MatchKind::regex, "High.*|Errors", R"(a=~"High.*|Errors")"},
      {R"(a!~^x+$)", "a", MatchKind::not_regex, "^x+$", R"(a!~"^x+$")"},
      {R"("http.status"!~"2..")", "http.status", MatchKind::not_regex, "2..",
       R"(http.status!~"2..")"},
      {R"(http.status=500)", "http.status", MatchKind::equal, "500", R"(http.status="500")"},
      {R"("a b"="c")", "a b", MatchKind::equal, "c", R"("a b"="c")"},
      {R"("a=\"b\""="c")", "a=\"b\"", MatchKind::equal, "c", R"("a=\"b\""="c")"},
      {R"(größe="größer 🙂")", "größe", MatchKind::equal, "größer 🙂",
       R"(größe="größer 🙂")"},
      {R"(a="")", "a", MatchKind::equal, "", R"(a="")"},
      {R"(a="x\\y\"z\nw")", "a", MatchKind::equal, "x\\y\"z\nw", R"(a="x\\y\"z\nw")"},
      {R"(a=~"10\.0\.\d+")", "a", MatchKind::regex, R"(10\.0\.\d+)", R"(a=~"10\\.0\\.\\d+")"},
      {R"(a=~"\\d+")", "a", MatchKind::regex, R"(\d+)", R"(a=~"\\d+")"},
      {R"(a="b,c={d}")", "a", MatchKind::equal, "b,c={d}", R"(a="b,c={d}")"},
      {R"(foo-bar=baz-2)", "foo-bar", MatchKind::equal, "baz-2", R"(foo-bar="baz-2")"},
      {"a=\"“typographic”\"", "a", MatchKind::equal, "“typographic”", "a=\"“typographic”\""},
  };
  for (const Row& row : rows) {
    const Matcher read = matcher(row.text);
    INFO(row.text);
    CHECK(read.name() == row.name);
    CHECK(read.kind() == row.kind);
    CHECK(read.value() == row.value);
    CHECK(read.text() == row.printed);
  }
}

TEST_CASE("a wrong matcher is refused with the character and the remedy", "[matcher]") {
  struct Row {
    std::string_view text;
    int character;
    std::string_view says;
  };
  const std::vector<Row> rows = {
      {"", 1, "is empty"},
      {"   ", 4, "is empty"},
      {"service", 8, "one of = != =~ !~"},
      {"service api", 9, "one of = != =~ !~"},
      {"=api", 1, "a label's name is expected"},
      {"\"\"=api", 3, "name is empty"},
      {"service=", 9, "service=\"\""},
      {"service==api", 8, "write = for equal"},
      {"service~api", 8, "write =~"},
      {"{service=\"api\"}", 1, "entry of its own"},
      {"a=\"b\",c=\"d\"", 6, "entry of its own"},
      {"a=b c", 5, "quote it if it has blanks"},
      {"a=b{2}", 4, "quote it"},
      {"a=~\\d+", 4, "quote it"},
      {"a='b'", 3, "double quotes"},
      {"a=`b`", 3, "double quotes"},
      {"a=\"b", 5, "opened at character 3 is not closed"},
      {"a=\"b\\\"", 7, "not closed"},
      {"größe=\"b\" c", 11, "nothing may follow"},
      {"a=“b”", 3, "typographic quote"},
      {"a\u00a0=b", 2, "no-break space"},
      {"a=\"b\xff\"", 5, "not UTF-8"},
      {"a=\"\xc0\xaf\"", 4, "not UTF-8"},
      {"a=\"\xed\xa0\x80\"", 4, "not UTF-8"},
      {"a=~\"b(\"", 4, "missing )"},
      {"a=~\"(?<x>y)\"", 4, "is no regular expression"},
      {"a=~\"x{1001}\"", 4, "is no regular expression"},
  };
  for (const Row& row : rows) {
    const std::string message = fault(row.text);
    INFO(row.text << " -> " << message);
    CHECK_THAT(message, Catch::Matchers::Contains(std::string(row.says)));
    CHECK(message.starts_with("at character " + std::to_string(row.character) + ": "));
  }
}

TEST_CASE("a matcher matches the whole value and takes a missing label for an empty one",
          "[matcher]") {
  CHECK(matches(R"(a="b")", {{"a", "b"}}));
  CHECK_FALSE(matches(R"(a="b")", {{"a", "bc"}}));
  CHECK_FALSE(matches(R"(a="b")", {}));
  CHECK(matches(R"(a="")", {}));
  CHECK(matches(R"(a!="b")", {}));
  CHECK_FALSE(matches(R"(a!="")", {{"b", "c"}}));
  CHECK(matches(R"(a=~"b.")", {{"a", "bc"}}));
  CHECK_FALSE(matches(R"(a=~"b.")", {{"a", "bcd"}}));
  CHECK_FALSE(matches(R"(a=~"b|c")", {{"a", "bx"}}));
  CHECK_FALSE(matches(R"(a=~"b|c")", {{"a", "xc"}}));
  CHECK(matches(R"(a=~"b?")", {}));
  CHECK(matches(R"(a!~"b+")", {}));
  CHECK_FALSE(matches(R"(a!~"b+")", {{"a", "bbb"}}));
  CHECK(matches(R"(a=~"(?i)HIGH")", {{"a", "high"}}));
  CHECK(matches(R"(a=~"gr..e")", {{"a", "größe"}}));
  CHECK_FALSE(matches(R"(a=~".*")", {{"a", "one\ntwo"}}));
  CHECK(matches(R"(a=~"(?s).*")", {{"a", "one\ntwo"}}));
  CHECK(matches(R"("http.status"=~"5..")", {{"http.status", "503"}}));
}

TEST_CASE("a pattern too long or too large is refused before it costs memory", "[matcher]") {
  CHECK_THAT(fault("a=~\"" + std::string(kMostPatternBytes + 1, 'x') + "\""),
             Catch::Matchers::Contains("split it"));
  CHECK_THAT(fault(R"(a=~"((\pL{100}){100}){10}")"),
             Catch::Matchers::Contains("is no regular expression"));
  CHECK(matches("a=\"" + std::string(kMostPatternBytes + 1, 'x') + "\"",
                {{"a", std::string(kMostPatternBytes + 1, 'x')}}));
}

TEST_CASE("a pattern that ruins other engines is matched in linear time", "[matcher]") {
  const std::string value(50'000, 'a');
  CHECK_FALSE(matches(R"(a=~"(a+)+b")", {{"a", value}}));
}

TEST_CASE("what a matcher prints reads back as the same matcher", "[matcher]") {
  std::mt19937 random(20261122);
  const std::vector<std::string> pieces = {"a", "_", ".", " ", "\"", "\\", "\n",   "=", "~", "!",
                                           ",", "{", "}", "'", "`",  "é",  "🙂", "“", "n", "\\n"};
  const auto word = [&](std::size_t least) {
    std::string text;
    for (std::size_t i = least + random() % 6; i > 0; --i) text += pieces[random() % pieces.size()];
    return text;
  };
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = word(1), value = word(0);
    const auto quote = [](const std::string& text) {
      std::string out = "\"";
      for (const char c : text)
        out += c == '\n' ? "\\n" : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
      return out + "\"";
    };
    const Matcher first = matcher(quote(name) + "!=" + quote(value));
    REQUIRE(first.name() == name);
    REQUIRE(first.value() == value);
    const Matcher again = matcher(first.text());
    INFO(first.text());
    REQUIRE(again.name() == name);
    REQUIRE(again.value() == value);
    REQUIRE(again.kind() == MatchKind::not_equal);
  }
}

TEST_CASE("no value outside its range matches a regular expression") {
  const std::vector<std::string> values = {"",
                                           "a",
                                           "ab",
                                           "abc",
                                           "abd",
                                           "b",
                                           "B",
                                           "ba",
                                           "x",
                                           "xa",
                                           "é",
                                           "éa",
                                           "z",
                                           "A",
                                           "AB",
                                           "aB",
                                           "a\nb",
                                           "\x01",
                                           "~",
                                           "a.c",
                                           "a-c",
                                           "Slow",
                                           "Slow1",
                                           "Slox",
                                           "Slo",
                                           "slow",
                                           "\xf4\x8f",
                                           "\xff",
                                           std::string(40, 'a'),
                                           "aaab",
                                           "b|a"};
  for (const std::string& pattern :
       {std::string("a.*"),    std::string("Slow.*"),  std::string("Slow[0-9]"),
        std::string("a|b.*"),  std::string("(?i)ab?"), std::string("(?i)slow"),
        std::string("é.*"),    std::string("[a-c]+"),  std::string("^a.c$"),
        std::string("a*b"),    std::string("x?a"),     std::string("(a|)b"),
        std::string("a{40}"),  std::string("a+"),      std::string(".+a"),
        std::string("[^a].*"), std::string("(?s).b"),  std::string("(?:^a|b$)"),
        std::string("\\w+"),   std::string("\\PL.*")}) {
    const Matcher matcher = Matcher::parse("l=~\"" + pattern + "\"").value();
    const auto range = matcher.range();
    INFO(pattern);
    for (const std::string& value : values)
      if (range && matcher.matches(Fields(std::vector<Fields::Pair>{{"l", value}})))
        CHECK(range->holds(value));
  }
  const auto range = Matcher::parse("l=~\"Slow.*\"").value().range();
  REQUIRE(range);
  CHECK_FALSE((range->holds("Slov") || range->holds("Slp") || range->holds("")));
  CHECK_FALSE(Matcher::parse("l!~\"Slow.*\"").value().range());
  CHECK_FALSE(Matcher::parse("l=Slow").value().range());
}
