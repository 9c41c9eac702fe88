#include "router/settings/yaml_tree.hpp"

#include "router/settings/settings.hpp"
#include "tests/catch.hpp"

using namespace tocsin::settings;

namespace {

std::vector<std::string> faults_of(const std::string& text) {
  std::vector<std::string> all;
  for (const YamlFault& fault : parse_yaml(text).faults)
    all.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " +
                  fault.what);
  return all;
}

const Node& value_of(const Tree& tree, const std::string& key) {
  for (const Entry& entry : tree.root.entries)
    if (entry.key == key) return entry.value;
  FAIL("no key " << key);
  throw std::logic_error("FAIL returned");
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("text stays as it is written and knows its place") {
  const Tree tree =
      parse_yaml("a: no\nbb: '0123'\nc: [22:30, \"x\\ty\"]\nd:\n  - |\n    block\nü: é\nz: ü\n");
  REQUIRE(tree.usable);
  REQUIRE(tree.faults.empty());
  const Node& a = value_of(tree, "a");
  CHECK((a.text == "no" && !a.quoted && a.line == 1 && a.column == 4 && a.text_column == 4));
  const Node& b = value_of(tree, "bb");
  CHECK((b.text == "0123" && b.quoted && b.line == 2 && b.column == 5 && b.text_column == 6));
  const Node& c = value_of(tree, "c");
  REQUIRE(c.items.size() == 2);
  CHECK(c.items[0].text == "22:30");
  CHECK((c.items[1].text == "x\ty" && c.items[1].column == 12 && c.items[1].text_column == 0));
  CHECK((value_of(tree, "d").items[0].quoted && value_of(tree, "d").items[0].text == "block\n"));
  CHECK((value_of(tree, "z").line == 8 && value_of(tree, "ü").column == 5));
}

TEST_CASE("a variable outside quotes is a fault in our files and text in those of others") {
  const std::string text = "a: costs ${NAME} or ${{ $value }}\n";
  CHECK(faults_of(text).size() == 1);
  const Tree tree = parse_yaml(text, Whose::others);
  CHECK(tree.faults.empty());
  CHECK(value_of(tree, "a").text == "costs ${NAME} or ${{ $value }}");
}

TEST_CASE("a file that ends anywhere within an escape is a fault with its place") {
  const std::string whole = "a: b\nc: \"d\\x41 \\u00e9 \\U0001f600\"\n";
  for (const Whose whose : {Whose::ours, Whose::others})
    for (std::size_t size = whole.find('"') + 1; size + 2 < whole.size(); ++size) {
      INFO(whole.substr(0, size));
      const Tree tree = parse_yaml(whole.substr(0, size), whose);
      CHECK_FALSE(tree.usable);
      REQUIRE(tree.faults.size() == 1);
      CHECK(tree.faults[0].line == 2);
    }
}

TEST_CASE("an empty file is an empty tree and no fault") {
  for (const char* text : {"", "# only a comment\n", "---\n", "\xef\xbb\xbf"}) {
    const Tree tree = parse_yaml(text);
    CHECK(tree.usable);
    CHECK(tree.faults.empty());
    CHECK(tree.root.kind == Node::Kind::null);
  }
}

TEST_CASE("what YAML offers and tocsin refuses is told with its place") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> table{
      {"a: &x 1\n",
       {"1:4: anchors are refused; remove it and write the value out where it is used"}},
      {"a: &x\n", {"1:4: anchors are refused; remove it and write the value out where it is used"}},
      {"a: &x [1]\nb: *x\n",
       {"1:4: anchors are refused; remove it and write the value out where it is used",
        "2:4: aliases are refused; write the value out"}},
      {"a: *nowhere\n", {"1:4: aliases are refused; write the value out"}},
      {"<<: {a: b}\n", {"1:1: merge keys are refused; write the values out"}},
      {"a: !!str 1\n", {"1:4: tags are refused; remove it, or quote the text"}},
      {"a: !\n", {"1:4: tags are refused; remove it, or quote the text"}},
      {"a: !secret {b: c}\n", {"1:4: tags are refused; remove it, or quote the text"}},
      {R"(a: "x\_")", {R"(1:4: the escapes \N and \_ are refused; write \u0085 or \u00a0)"}},
      {R"("\N": 1)", {R"(1:1: the escapes \N and \_ are refused; write \u0085 or \u00a0)"}},
      {"a: 1\nb: 2\na: 3\n", {R"(3:1: the key "a" of line 1 again; keep one of the two)"}},
      {"x:\n  \"a\": 1\n  a: 2\n", {R"(3:3: the key "a" of line 2 again; keep one of the two)"}},
      {"? [a]\n: b\n", {"1:3: a key must be text; write key: value"}},
      {"? {a: b}\n: c\n", {"1:3: a key must be text; write key: value"}},
      {": b\n", {"1:1: a key must be text; write key: value"}},
      {"a: 1\n---\nb: 2\n",
       {"2:1: a second document begins here; keep one in each file, and check the indentation"}},
      {"- a\nb: c\n",
       {"2:1: a second document begins here; keep one in each file, and check the indentation"}},
      {"a: ${X}\n", {R"(1:4: ${…} outside quotes stays as it is written; quote it: "${NAME}")"}},
      {"a:\n  - b${X}\n",
       {R"(2:5: ${…} outside quotes stays as it is written; quote it: "${NAME}")"}},
  };
  for (const auto& [text, said] : table) {
    INFO(text);
    CHECK(faults_of(text) == said);
  }
}

TEST_CASE("a syntax error says what to do about it") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"a: [${X}]\n", R"(1:5: ${…} inside [] or {} needs quotes; quote it: "${NAME}")"},
      {"a: {b: ${X}}\n", R"(1:8: ${…} inside [] or {} needs quotes; quote it: "${NAME}")"},
      {"a: [1, 2\nb: 3\n",
       "1:4: this [ is not closed before 2:2; close it, or quote a text with a bracket, comma or "
       "colon in it"},
      {"a: {b: 1\nc: 3\n",
       "1:4: this { is not closed before 2:2; close it, or quote a text with a bracket, comma or "
       "colon in it"},
      {"a: b: c\n",
       R"(1:5: a colon cannot stand here; quote a text with ": " in it, and check the indentation)"},
      {"a:\n\tb: c\n", "2:3: a tab in the indentation; indent with blanks"},
      {"a: 'b\nc: d\n", "1:4: this quote is not closed; close it"},
      {"a: \"b\\\"\n", "1:4: this quote is not closed; close it"},
      {"a: 'it's'\n",
       "1:8: this does not belong to what stands before it; check the quotes and the indentation"},
      {"a:\n  - b\n c: d\n",
       "3:2: this does not belong to what stands before it; check the quotes and the indentation"},
      {"a: \"b\nc: \"d\"\ne: f\n",
       "1:4: this quote is closed only in line 2; close it where it ends"},
      {"a: [\"b, c]\nd: [\"e\"]\n",
       "1:5: this quote is closed only in line 2; close it where it ends"},
      {"a b\nc: d\n", "1:1: this line has no colon; write key: value"},
      {"a:\n  - b: 1\n    c ['d']\n\n    e: f\n", "3:5: this line has no colon; write key: value"},
      {"a:\r\n  - b c\r\n    d: e\r\n", "2:5: this line has no colon; write key: value"},
      {"a:b\nc: d\n", "1:1: the colon in this line needs a blank behind it; write key: value"},
      {"a: b\n  c: d\n",
       R"(2:4: a colon cannot stand here; quote a text with ": " in it, and check the indentation)"},
      {"a: @b\n", "1:4: a value cannot begin with this character; quote it"},
      {"a: ]\n", "1:4: this bracket closes nothing; remove it, or quote the text"},
      {"a: - b\n", "1:4: a list cannot begin here; begin it on a line of its own"},
      {"a: \"\\.\"\n",
       R"(1:7: an unknown escape in double quotes; write \\ for a backslash, or use single quotes)"},
  };
  for (const auto& [text, said] : table) {
    INFO(text);
    CHECK(faults_of(text) == std::vector<std::string>{said});
    CHECK_FALSE(parse_yaml(text).usable);
  }
}

TEST_CASE("bytes that are no text are told before anything is read") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"a: b\nc: \xff\n", "2:4: this is not UTF-8; save the file in UTF-8"},
      {"a: \xc3", "1:4: this is not UTF-8; save the file in UTF-8"},
      {"a: \xc0\xaf", "1:4: this is not UTF-8; save the file in UTF-8"},
      {"a: \xe0\x80\xaf", "1:4: this is not UTF-8; save the file in UTF-8"},
      {"a: \xed\xa0\x80", "1:4: this is not UTF-8; save the file in UTF-8"},
      {"a: \xf4\x90\x80\x80", "1:4: this is not UTF-8; save the file in UTF-8"},
      {std::string("a: b\0c", 6), "1:5: a control character; remove it"},
      {"a: b\n\x04", "2:1: a control character; remove it"},
      {"a: b\rc: d\r", "1:5: a control character; remove it"},
      {"\xff\xfe"
       "a",
       "1:1: this is not UTF-8; save the file in UTF-8"},
  };
  for (const auto& [text, said] : table) CHECK(faults_of(text) == std::vector<std::string>{said});
  CHECK(faults_of("a: \u00e9\u20ac\U0001f600\r\nb:\t1\r\n").empty());
}

TEST_CASE("an alias bomb and a cycle of aliases are refused without being followed") {
  std::string bomb = "a: &a [1,1,1,1,1,1,1,1,1,1]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [" + repeated("*" + before + ",", 9) + "*" + before +
            "]\n";
  }
  CHECK(bomb.size() < 500);
  CHECK(faults_of(bomb).size() == 9 + 8 * 10);
  CHECK(faults_of("a: &a [*a, 1]\n") ==
        std::vector<std::string>{
            "1:4: anchors are refused; remove it and write the value out where it is used",
            "1:8: aliases are refused; write the value out"});
}

TEST_CASE("nesting and size and number of values are limited") {
  const auto nested = [](std::size_t depth) { return repeated("[", depth) + repeated("]", depth); };
  CHECK(faults_of(nested(kMostDepth)).empty());
  const std::vector<std::string> too_deep{"1:33: nested more than 32 deep; check the brackets"};
  CHECK(faults_of(nested(kMostDepth + 1)) == too_deep);
  CHECK(faults_of(nested(600)) == too_deep);
  for (const char* opening : {"[", "{", "- ", "? "}) {
    const auto said = faults_of(repeated(opening, 100'000));
    REQUIRE(said.size() == 1);
    CHECK(said[0].ends_with("nested more than 32 deep; check the brackets"));
  }

  const std::string padded = "a: b #" + std::string(kMostFileBytes - 6, 'x');
  CHECK(faults_of(padded).empty());
  CHECK(faults_of(padded + "x") ==
        std::vector<std::string>{"0:0: larger than 1 MiB; split the file"});

  const std::string list = "[" + repeated("a,", kMostNodes - 1);
  CHECK(faults_of(list + "]").empty());
  CHECK(faults_of(list + "a]") ==
        std::vector<std::string>{"1:400000: more than 200000 values in one file; split the file"});
}
