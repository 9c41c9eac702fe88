// A snapshot's bytes: what a start reads that came after an upgrade.
#include "router/engine/state_codec.hpp"
#include "tests/catch.hpp"
#include "tests/engine/sample_state.hpp"
#include "tests/journal/golden.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using tocsin::engine::tests::state_3;
using tocsin::engine::tests::state_on_call;
using tocsin::engine::tests::state_reach;
using tocsin::testing::check_golden;
using tocsin::testing::golden_bytes;

TEST_CASE("a snapshot is written and read as its golden file says") {
  check_golden("state-3", encode_state(state_3()));
  const auto read = decode_state(golden_bytes("state-3"));
  REQUIRE(read);
  CHECK(read->set_aside == state_3().set_aside);
  CHECK(encode_state(*read) == encode_state(state_3()));
}

TEST_CASE("a snapshot with whose turn it is is written and read as its golden file says") {
  const PartitionState state = engine::tests::state_with_turns();
  check_golden("state-turns", encode_state(state));
  const auto read = decode_state(golden_bytes("state-turns"));
  REQUIRE(read);
  CHECK(read->turns == state.turns);
  CHECK(decode_state(golden_bytes("state-3"))->turns.empty());
}

TEST_CASE("a snapshot with contacts and bundles is written and read as its golden file says") {
  check_golden("state-reach", encode_state(state_reach()));
  const auto read = decode_state(golden_bytes("state-reach"));
  REQUIRE(read);
  CHECK(read->contacts == state_reach().contacts);
  CHECK(read->paged == state_reach().paged);
  CHECK(read->bundles == state_reach().bundles);
  CHECK(read->incidents.begin()->second == state_reach().incidents.begin()->second);
  CHECK(encode_state(*read) == encode_state(state_reach()));
}

TEST_CASE("a snapshot from before anybody counted pages is read") {
  const auto read = decode_state(golden_bytes("state-3"));
  REQUIRE(read);
  CHECK(read->contacts.empty());
  CHECK(read->paged.empty());
  CHECK(read->bundles.empty());
}

TEST_CASE("a snapshot from before there were islands and digests is read") {
  const auto read = decode_state(golden_bytes("state-2"));
  REQUIRE(read);
  CHECK(read->incidents.begin()->second.aliases.empty());
  CHECK(read->set_aside == state_3().set_aside);
}

TEST_CASE("a snapshot that knows who is on call is written and read as its golden file says") {
  const PartitionState state = state_on_call();
  check_golden("state-on-call", encode_state(state));
  const auto read = decode_state(golden_bytes("state-on-call"));
  REQUIRE(read);
  CHECK(read->facts.made_overrides == state.facts.made_overrides);
  CHECK(read->facts.overrides == state.facts.overrides);
  CHECK(read->facts.proofs == state.facts.proofs);
  CHECK(read->facts.contact_tests == state.facts.contact_tests);
  CHECK(read->notices == state.notices);
  CHECK(encode_state(*read) == encode_state(state));
}

TEST_CASE(
    "a snapshot that knows when the last turn was is written and read as its golden file says") {
  PartitionState state = state_3();
  state.at = {WallTime(std::chrono::hours(1001)), 7, std::chrono::hours(3), std::chrono::hours(-1)};
  check_golden("state-timeline", encode_state(state));
  const auto read = decode_state(golden_bytes("state-timeline"));
  REQUIRE(read);
  CHECK(read->at == state.at);
  CHECK(encode_state(*read) == encode_state(state));
  CHECK(decode_state(golden_bytes("state-3"))->at == Instant{});
}

TEST_CASE("a snapshot of the first version is not read and the journal is folded instead") {
  CHECK_FALSE(decode_state(golden_bytes("state")));
}

TEST_CASE("a snapshot that is cut off anywhere or goes on after its end is not read") {
  const std::string bytes = golden_bytes("state-reach");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_state(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(decode_state(bytes + "\x01"));
}
