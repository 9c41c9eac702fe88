#include "router/gameday/lever.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::gameday;

TEST_CASE("what a lever says is read as it was written") {
  const Lever lever{"ada@ops-1", "the drill is not contained",
                    WallTime(std::chrono::seconds(1'795'312'363))};
  CHECK(read_lever(encode(lever)) == lever);
  CHECK(sentence(lever) ==
        "the GameDay lever is pulled on this node, by ada@ops-1 since 2026-11-22T01:52:43.000Z: "
        "the drill is not contained");
  CHECK(read_lever(encode(Lever{})) == Lever{});
}

TEST_CASE("a lever that somebody made by hand is pulled and says what can be read") {
  for (const char* text : {"", "\n\n", "touch", "by", "at: yesterday\n", "\x1b[31m\xff", "by:"})
    CHECK(read_lever(text) == Lever{});
  CHECK(read_lever("why: a\nwhy: \x1b[31mred\r\n").why == "[31mred");
  CHECK(sentence(Lever{}) == "the GameDay lever is pulled on this node");
}

TEST_CASE("words of a lever stay on their line") {
  const Lever read = read_lever(encode({"ada\nwhy: nothing", "one\ntwo", {}}));
  CHECK(read.by == "ada why: nothing");
  CHECK(read.why == "one two");
}
