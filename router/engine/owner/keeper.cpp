#include "router/engine/owner/keeper.hpp"

#include <set>

#include "router/core/control.hpp"
#include "router/engine/carried.hpp"

namespace tocsin::engine {
Keeper::Keeper(journal::Journal& journal, Mint& mint, const NodeState& state)
    : journal_(journal), mint_(mint), state_(state) {}

Duration Keeper::step(Duration retention, const Instant& now) {
  if (retention <= Duration::zero()) return kKeepEvery;
  const Position through = journal_.droppable(now.wall - retention);
  if (through == 0) return kKeepEvery;
  for (const PartitionState& state : state_.states())
    // An input that nobody has decided is the last thing to lose.
    if (!state.pending.empty() && state.pending.front().position <= through) return kKeepAgain;
  bool carried = carry_facts(through, now);
  carried = carry(through, now) || carried;
  if (carried) return kKeepAgain;
  // What cannot be dropped now is dropped next time.
  static_cast<void>(journal_.drop(through));
  return kKeepEvery;
}

bool Keeper::carry_facts(Position through, const Instant& now) {
  const auto facts = facts_to_carry(state_.partition(0).facts, through, now.wall,
                                    configurations_in_use(state_.states()));
  for (const Control& fact : facts) append(0, RecordKind::control, tocsin::encode(fact), now);
  return !facts.empty();
}

bool Keeper::carry(Position through, const Instant& now) {
  bool any = false;
  for (const PartitionState& state : state_.states()) {
    std::vector<Carried> pieces = to_carry(state, through, kMostCarriedAtOnce);
    // The number of the last turn must be in the journal, or the next one counts for nobody.
    if (pieces.empty() && state.turn > 0 && state.turn_position <= through)
      pieces.push_back({state.turn, {}, {}});
    for (const Carried& piece : pieces)
      append(state.partition, RecordKind::carried, encode(piece), now);
    any = any || !pieces.empty();
  }
  return any;
}

// What is not stored is found wanting by the next step.
void Keeper::append(Partition partition, RecordKind kind, std::string body, const Instant& now) {
  std::vector<Record> records;
  records.push_back(mint_.record(partition, kind, now.wall, std::move(body)));
  journal_.append(partition, std::move(records), [](const journal::Appended&) {});
}

}  // namespace tocsin::engine
