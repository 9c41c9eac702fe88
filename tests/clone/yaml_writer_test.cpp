#include "router/gameday/clone/yaml_writer.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using gameday::yaml_text;

namespace {

settings::Node read_back(const std::string& yaml) {
  const settings::Tree tree = settings::parse_yaml(yaml, settings::Whose::others);
  INFO(yaml);
  for (const auto& fault : tree.faults) FAIL_CHECK(fault.line << ": " << fault.what);
  REQUIRE(tree.root.kind == settings::Node::Kind::map);
  return tree.root;
}

}  // namespace

TEST_CASE("every text is read back as it was") {
  const std::vector<std::string> texts{
      "",
      "plain",
      "yes",
      "123",
      "0e1234567890",
      "~",
      " blanks ",
      "{{ $value }}",
      "{{ $labels.instance | printf \"%s\" }} is 'down'",
      R"(a \ b \n "c")",
      "it's # no comment: really",
      "- [x]",
      "a\nb",
      "a\n  b\n\n c\n",
      "a\n\n\n",
      "\n",
      "\na",
      "  indented\nfirst",
      "  a\nb\n\n",
      "  a\n\n b\n",
      "a\n \nb",
      "a\n\tb",
      "tab\tinside\nand two",
      "trailing  \nblanks ",
      "cr\r\nlf",
      "{{ range query \"up\" }}\n{{ .Labels.job }}: \\n\n{{ end }}\n",
      "größer ≥ 5 % 🚨",
      "line\xe2\x80\xa8separator\nand more",
      "next\xc2\x85line",
      "mark\xef\xbb\xbf",
      "# a\n# b",
      "---\n...",
      "%x",
      "@x",
      "`x`"};
  for (const std::string& text : texts) {
    const settings::Node root = read_back("a:\n  b: " + yaml_text(text, 4) + "\n  c: end\n");
    const settings::Node& inner = root.entries.at(0).value;
    REQUIRE(inner.entries.size() == 2);
    CHECK(inner.entries[0].value.text == text);
    CHECK(inner.entries[0].value.quoted);
    CHECK(inner.entries[1].value.text == "end");
  }
}

TEST_CASE("a text of several lines stays one that people can read") {
  CHECK(yaml_text("sum(x)\n  > 1", 4) == "|-\n    sum(x)\n      > 1");
  CHECK(yaml_text("  a\n> 1", 4) == "|2-\n      a\n    > 1");
  CHECK(yaml_text("a\n", 2) == "|\n  a");
  CHECK(yaml_text(R"(up{a="b"})", 2) == R"('up{a="b"}')");
}

TEST_CASE("keys that mean something else are quoted") {
  CHECK(gameday::yaml_key("summary") == "summary");
  for (const char* key : {"yes", "No", "null", "a b", "", "1", "a:", "#", "ü"})
    CHECK(gameday::yaml_key(key).front() == '"');
}

TEST_CASE("a value that is not looked at keeps its kind") {
  const std::string yaml =
      "interval: 30s\nlimit: 10\nquoted: \"10\"\nempty: null\nlist:\n  - 1\n  - \"a b\"\n"
      "map:\n  deep:\n    x: 1\nnone: []\nnothing: {}\n";
  std::string written;
  for (const settings::Entry& entry : read_back(yaml).entries)
    written += gameday::yaml_entry(entry, 0);
  CHECK(written == yaml);
}
