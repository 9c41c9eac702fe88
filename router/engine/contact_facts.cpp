#include "router/engine/contact_facts.hpp"

#include <algorithm>

namespace tocsin::engine {

Status keep_contact_test(Facts& facts, const control::ContactTest& said, const Fact& fact) {
  auto& tests = facts.contact_tests;
  for (const control::ContactTest& other : tests)
    if (other.person == said.person && said.at - other.at < kContactTestEvery)
      return refused("the contacts of " + said.person + " are being tested since " +
                     format_rfc3339(other.at) + "; wait for the answers, or for a moment");
  std::erase_if(tests, [&](const control::ContactTest& other) {
    return other.at + kContactTestLife < fact.recorded_at;
  });
  tests.push_back(said);
  if (tests.size() > kMostContactTests) tests.pop_front();
  ++facts.contact_changes;
  return ok();
}

Status keep_proof(Facts& facts, const control::ContactProved& said, const Fact& fact) {
  KeptProof& kept = facts.proofs[{said.person, said.channel, said.address_hash}];
  if (kept.said.at <= said.at) kept = {said, fact.position};
  if (facts.proofs.size() > kMostProofs)
    facts.proofs.erase(std::min_element(
        facts.proofs.begin(), facts.proofs.end(),
        [](const auto& a, const auto& b) { return a.second.said.at < b.second.said.at; }));
  ++facts.contact_changes;
  return ok();
}

}  // namespace tocsin::engine
