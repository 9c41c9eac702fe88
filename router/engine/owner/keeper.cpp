#include "router/engine/owner/keeper.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "router/core/control.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {

// Why the journal did not take what was to be carried: told by its thread, asked for by the
// owner's.
class Keeper::Refusal {
 public:
  void tell(std::string why) {
    const std::lock_guard lock(mutex_);
    why_ = std::move(why);
  }
  std::string take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(why_, {});
  }

 private:
  std::mutex mutex_;
  std::string why_;
};

Keeper::Keeper(journal::Journal& journal, Mint& mint, const NodeState& state, OwnerEvents& events)
    : journal_(journal),
      mint_(mint),
      state_(state),
      events_(events),
      refusal_(std::make_shared<Refusal>()) {}

Duration Keeper::step(Duration retention, const std::vector<bool>& mine, const Instant& now) {
  if (retention <= Duration::zero()) return kKeepEvery;
  if (const auto pause = pause_after_refusal()) return *pause;
  journal::Cursor through;
  bool any = false;
  for (const PartitionState& state : state_.states()) {
    through.push_back(journal_.droppable(state.partition, now.wall - retention));
    any = any || through.back() > 0;
    // An input that nobody has decided is the last thing to lose.
    if (mine[state.partition] && !state.pending.empty() &&
        state.pending.front().position <= through.back())
      return kKeepAgain;
  }
  if (!any) return kKeepEvery;
  bool carried = mine.front() && carry_facts(through.front(), now);
  for (const PartitionState& state : state_.states())
    carried = (mine[state.partition] && carry(state, through[state.partition], now)) || carried;
  if (carried) return pause_after_refusal().value_or(kKeepAgain);
  pause_ = {};
  // Who holds only a part of a journal cannot forget it; its brokers do so by themselves. What
  // cannot be dropped now is dropped next time.
  if (std::find(mine.begin(), mine.end(), false) != mine.end()) return kKeepEvery;
  static_cast<void>(journal_.drop(through));
  return kKeepEvery;
}

// Twice as long after each refusal that follows another: a journal that cannot take it now is not
// helped by being asked every two seconds.
std::optional<Duration> Keeper::pause_after_refusal() {
  const std::string why = refusal_->take();
  if (why.empty()) return std::nullopt;
  pause_ = std::clamp(pause_ * 2, kKeepAgain * 2, kKeepEvery);
  events_.trouble("retention drops nothing: what is open could not be written again: " + why +
                  "; it is tried again in " + format_duration(pause_));
  return pause_;
}

bool Keeper::carry_facts(Position through, const Instant& now) {
  const auto facts = facts_to_carry(state_.partition(0).facts, through, now.wall,
                                    configurations_in_use(state_.states()));
  for (const Control& fact : facts)
    append(0, RecordKind::control, tocsin::encode(fact), now, kCarriedFact);
  return !facts.empty();
}

bool Keeper::carry(const PartitionState& state, Position through, const Instant& now) {
  std::vector<Carried> pieces = to_carry(state, through, kMostCarriedAtOnce);
  // The number of the last turn must be in the journal, or the next one counts for nobody.
  if (pieces.empty()) pieces = runs_to_carry(state, through, now);
  if (pieces.empty() && state.turn > 0 && state.turn_position <= through)
    pieces.push_back({state.turn, state.position, {}, {}, {}, {}, {}, {}, {}});
  for (const Carried& piece : pieces)
    append(state.partition, RecordKind::carried, encode(piece), now);
  return !pieces.empty();
}

// What is not stored is found wanting by a later step.
void Keeper::append(Partition partition, RecordKind kind, std::string body, const Instant& now,
                    std::uint8_t flags) {
  if (body.size() > kMostRecordBytes)
    return refusal_->tell("it is larger than a record may be: " + std::to_string(body.size()) +
                          " bytes of " + std::to_string(kMostRecordBytes));
  std::vector<Record> records;
  records.push_back(mint_.record(partition, kind, now.wall, std::move(body)));
  records.back().flags = flags;
  journal_.append(partition, std::move(records),
                  [refusal = refusal_](const journal::Appended& appended) {
                    if (!appended.durable()) refusal->tell(appended.why);
                  });
}

}  // namespace tocsin::engine
