// What incidents have in common is kept once, and each is still a value of its own.
#include "router/engine/sharing.hpp"

#include "router/engine/state_codec.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;

namespace {

std::vector<const Incident*> two_of(const PartitionState& state) {
  std::vector<const Incident*> found;
  for (const auto& [id, incident] : state.incidents) found.push_back(&incident);
  REQUIRE(found.size() == 2);
  return found;
}

void check_shared(const PartitionState& state) {
  const auto found = two_of(state);
  const Incident &a = *found[0], &b = *found[1];
  CHECK(a.policy.is_same_as(b.policy));
  CHECK(a.decision.is_same_as(b.decision));
  CHECK(a.integration.is_same_as(b.integration));
  CHECK(a.timeline.front().text == b.timeline.front().text);
  CHECK(a.timeline.front().text.is_same_as(b.timeline.front().text));
  CHECK(a.timeline.back().kind.is_same_as(b.timeline.back().kind));
}

}  // namespace

TEST_CASE("incidents that were decided alike share their decision and policy and words") {
  Bench bench;
  for (const char* const key : {"a", "b"}) {
    bench.fold(bench.alert(key));
    bench.settle();
  }
  check_shared(bench.state);
  const auto restored = decode_state(encode_state(bench.state));
  REQUIRE(restored);
  check_shared(*restored);
}

TEST_CASE("incidents that are told in a bundle share what they have in common as well") {
  Bench bench;
  for (int i = 0; i < 30; ++i) bench.fold(bench.alert(std::to_string(i)));
  bench.settle();
  REQUIRE(bench.state.bundles.size() == 1);
  const Incident& first = bench.state.incidents.begin()->second;
  for (const auto& [id, incident] : bench.state.incidents) {
    CHECK(incident.decision.is_same_as(first.decision));
    CHECK(incident.policy.is_same_as(first.policy));
  }
}

TEST_CASE("an incident whose severity rises alone leaves the others as they were") {
  Bench bench;
  for (const char* const key : {"a", "b"}) bench.fold(bench.alert(key));
  bench.settle();
  const auto found = two_of(bench.state);
  Incident* const risen = bench.state.incidents.edit(found[0]->id);
  risen->decision.edit().severity = Severity::critical;
  CHECK(found[0]->decision->severity == Severity::critical);
  CHECK(found[1]->decision->severity == Severity::error);
}

TEST_CASE("however many different words there are no more than a bounded number is remembered") {
  Sharing sharing;
  std::vector<Incident> all(3 * kMostShared);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].begins = "because of " + std::to_string(i);
    sharing.share(all[i]);
  }
  std::size_t remembered = 0;
  for (const Incident& incident : all) remembered += !incident.begins.is_alone();
  CHECK(remembered <= kMostShared);
}
