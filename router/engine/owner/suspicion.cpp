#include "router/engine/owner/suspicion.hpp"

namespace tocsin::engine {

void Suspicion::be_careful(const PartitionState& state) {
  caution_.most_inputs = 1;
  if (!state.pending.empty()) careful_until_ = state.pending.back().position;
}

void Suspicion::failed(const PartitionState& state, const std::string& why) {
  const bool was_alone = is_careful() && !state.pending.empty();
  be_careful(state);
  if (!was_alone) return;
  const RecordId& suspect = state.pending.front().id;
  if (++tries_[suspect] < kMostTries) return;
  caution_.poison[suspect] = "deciding it failed " + std::to_string(kMostTries) + " times: " + why;
}

void Suspicion::succeeded(const PartitionState& state) {
  if (!is_careful() || (!state.pending.empty() && state.pending.front().position <= careful_until_))
    return;
  caution_ = {};
  tries_.clear();
}

void Suspicion::suspect(const BlackBox::Death& death, const PartitionState& state) {
  if (!death.batch && death.alone.empty()) return;
  be_careful(state);
  tries_ = death.alone;
  for (const auto& [record, times] : tries_)
    if (times >= kMostTries)
      caution_.poison[record] = "tocsin died " + std::to_string(times) + " times while deciding it";
}

}  // namespace tocsin::engine
