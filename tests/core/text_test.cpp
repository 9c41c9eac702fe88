#include "router/core/text.hpp"

#include "tests/catch.hpp"

using namespace tocsin;

TEST_CASE("text from strangers becomes one plain line") {
  CHECK(one_line("  a\t\r\n b\u2028c  ") == "a b c");
  CHECK(one_line("\x1b[2J\x07\x7f\u0085x") == "[2J x");
  CHECK(one_line("a\u202egnp.exe\u2066") == "agnp.exe");
  CHECK(one_line("é🙂\xff\xc0\xaf\xed\xa0\x80z\xe2\x82") ==
        "é🙂\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdz\ufffd\ufffd");
  CHECK(one_line(std::string("a\0b", 3)) == "ab");
  CHECK(plain_lines("one\r\n\n \x1b two\nthree") == "one\ntwo\nthree");
}

TEST_CASE("a text is cut between two characters") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdefg", 6) == "abc…");
  CHECK(cut("ab🙂defg", 8) == "ab…");
  CHECK(cut("ab🙂defg", 9) == "ab🙂…");
  CHECK(cut("abcdef", 2).empty());
}

TEST_CASE("any text becomes a JSON string") {
  CHECK(json_string("a\"b\\c\n\t\x01\x7fé🙂") ==
        "\"a\\\"b\\\\c\\n\\u0009\\u0001\\u007fé🙂\"");
  CHECK(json_string("\xff") == "\"\ufffd\"");
}
