#include "router/engine/owner/suspicion.hpp"

#include <algorithm>

#include "router/core/digest.hpp"

namespace tocsin::engine {
namespace {

bool is_told(const PartitionState& state, const RecordId& number) {
  return std::any_of(state.set_aside.begin(), state.set_aside.end(),
                     [&](const effect::SetAside& aside) { return aside.record == number; });
}

std::string died(unsigned times) {
  return "tocsin died " + std::to_string(times) + " times while ";
}

}  // namespace

RecordId number_of(Partition partition, std::string_view id) {
  const auto hash = sha256(id);
  const auto part = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | hash[at + i];
    return value;
  };
  return {part(0), partition, part(sizeof(std::uint64_t))};
}

Portion Suspicion::next(const PartitionState& state, std::span<const IncidentId> due,
                        std::span<const AlertId> over, Duration now) {
  if (!is_careful(now)) return {due, over, caution_, {}};
  Portion portion{{}, {}, caution_, {}};
  portion.caution.no_inputs = true;
  const AlertId* const ended = first_over(state.partition, over, now);
  portion.more_over = ended != nullptr;
  for (int tries = 0; tries < kKinds; ++tries) {
    last_ = (last_ + 1) % kKinds;
    if (last_ == input && !state.pending.empty()) {
      portion.caution.no_inputs = false;
      if (caution_.most_inputs == 1) portion.alone = state.pending.front().id;
      break;
    }
    if (last_ == incident && !due.empty()) {
      portion.due = due.first(1);
      portion.alone = number_of(state.partition, due.front().text);
      break;
    }
    if (last_ == alert && ended) {
      portion.over = {ended, 1};
      portion.more_over = over.size() > 1;
      portion.alone = number_of(state.partition, ended->text);
      break;
    }
  }
  return portion;
}

const AlertId* Suspicion::first_over(Partition partition, std::span<const AlertId> over,
                                     Duration now) const {
  for (const AlertId& id : over) {
    const auto put_off = put_off_.find(number_of(partition, id.text));
    const bool later = put_off != put_off_.end() && now < put_off->second;
    if (!later && !caution_.left_alone.contains(id.text)) return &id;
  }
  return nullptr;
}

bool Suspicion::has_news(const PartitionState& state) const {
  return std::any_of(caution_.left_alone.begin(), caution_.left_alone.end(),
                     [&](const auto& each) { return !is_told(state, each.second.number); });
}

void Suspicion::be_careful(const PartitionState& state, Duration now) {
  caution_.most_inputs = 1;
  due_until_ = now + kDueWithCare;
  if (!state.pending.empty()) careful_until_ = state.pending.last_position();
}

void Suspicion::failed(const PartitionState& state, const Portion& portion, const std::string& why,
                       Duration now) {
  if (!portion.alone) return be_careful(state, now);
  if (!portion.over.empty()) put_off_[*portion.alone] = now + kAfterFaultyDue;
  if (portion.caution.no_inputs || ++tries_[*portion.alone] < kMostTries) return;
  caution_.poison[*portion.alone] =
      "deciding it failed " + std::to_string(kMostTries) + " times: " + why;
}

void Suspicion::succeeded(const PartitionState& state) {
  if (caution_.most_inputs == 0 ||
      (!state.pending.empty() && state.pending.front().position <= careful_until_))
    return;
  caution_.most_inputs = 0;
  caution_.poison.clear();
  tries_.clear();
}

std::vector<RecordId> Suspicion::suspect(const BlackBox::Death& death, const PartitionState& state,
                                         Duration now) {
  std::map<RecordId, unsigned> mine;
  for (const auto& [what, times] : death.alone)
    if (what.partition == state.partition) mine.emplace(what, times);
  tries_ = mine;
  bool careful = death.batch && death.partition == state.partition;
  const auto look = [&](const std::string& id, const std::string& what) {
    const RecordId number = number_of(state.partition, id);
    const auto found = mine.find(number);
    if (found == mine.end()) return;
    if (found->second < kMostTries)
      careful = true;
    else
      caution_.left_alone[id] = {number, died(found->second) + "deciding " + what + " " + id};
    mine.erase(found);
  };
  for (const Pending* const pending : state.pending.in_order()) {
    const auto found = mine.find(pending->id);
    if (found == mine.end()) continue;
    careful = true;
    if (found->second >= kMostTries)
      caution_.poison[pending->id] = died(found->second) + "deciding it";
    mine.erase(found);
  }
  if (!mine.empty()) {
    for (const auto& [id, whole] : state.incidents) look(id.text, "what was due for incident");
    for (const auto& [id, whole] : state.alerts) look(id.text, "the end of alert");
  }
  if (careful) be_careful(state, now);
  std::vector<RecordId> gone;
  for (const auto& [what, times] : mine) gone.push_back(what);
  return gone;
}

}  // namespace tocsin::engine
