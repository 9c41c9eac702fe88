#include "connectors/sources/json_repair.hpp"

#include "connectors/sources/payload.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::connectors::sources;

namespace {

std::string member(const std::string& body) {
  const auto json = Json::parse(body);
  if (!json) FAIL(json.error().message);
  return (*json)["a"].text();
}

}  // namespace

TEST_CASE("what senders often get wrong in JSON costs no page") {
  CHECK(member("{\"a\":\"caf\xe9 zu\"}") == "caf\xef\xbf\xbd zu");    // Latin-1
  CHECK(member("{\"a\":\"one\ntwo\tthree\"}") == "one\ntwo\tthree");  // a shell's variable
  CHECK(member(R"({"a":"C:\data\x"})") == "C:\\data\\x");
  CHECK(member(R"({"a":"cut \ud83d"})") == "cut \xef\xbf\xbd");  // half of an emoji
  CHECK(member(R"({"a":"cut \ud83d\n","b":NaN})") == "cut \xef\xbf\xbd\n");
  CHECK(member(R"({"b":[NaN,-Infinity,Infinity],"a":"NaN"})") == "NaN");
  CHECK(member(R"({"a":"\ud83d\ude00 \u00e9"})") == "😀 é");
}

TEST_CASE("what is JSON is repaired to itself and what is none stays none") {
  for (const std::string text :
       {R"({"a":"\ud83d\ude00 \"x\" \\ \/ é","b":[1,null,true]})", R"([])", R"("\\")"})
    CHECK(repaired_json(text) == text);
  for (const std::string text : {"{\"a\":", "not json", "{\"a\" 1}", "\"open"})
    CHECK_FALSE(Json::parse(text));
}
