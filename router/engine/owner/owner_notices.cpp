// What the owner does for notices: whoever holds partition 0 looks out for news, plans what is said
// of them, and has it sent.
#include <algorithm>

#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {
namespace {

/// Notices go after everything of incidents, but not for ever.
constexpr Duration kNoticesWait = std::chrono::seconds(10);
/// After one could not be planned: pages are decided meanwhile.
constexpr Duration kNoticesAfterFault = std::chrono::minutes(1);
constexpr Duration kNoticesWithCare = std::chrono::seconds(1);
/// However much there is to be noticed, so long what else there is to do has its turn.
constexpr Duration kNoticesRest = std::chrono::milliseconds(10);

}  // namespace

void Owner::notices_changed(const Folded& folded, const Instant& now) {
  if (folded.news) lookout_.hear();
  if (folded.news || folded.notices) notices_at_ = std::min(notices_at_, now.elapsed);
}

bool Owner::notices_wait(const Instant& now) const {
  return notices_at_ < now.elapsed - kNoticesWait;
}

Duration Owner::notices_in(const Desk& desk, Duration now) const {
  if (!desk.held || desk.appending || extras_.island) return Duration::max();
  return std::max({notices_at_ - now, desk.not_before - now, kNoticesRest});
}

// In turns of their own, so that a fault in here puts off notices and nothing but them.
bool Owner::decide_notices(Desk& desk, const PartitionState& state, const Instant& now) {
  if (state.partition != 0 || extras_.island) return false;
  std::shared_ptr<const Configuration> configuration = this->configuration();
  if (now.elapsed < notices_at_ && configuration == noticed_by_) return false;
  if (desk.suspicion.is_careful(now.elapsed) || is_behind(0, now)) {
    notices_at_ = now.elapsed + kNoticesWithCare;
    return false;
  }
  noticed_by_ = configuration;
  const Moment present = moment(0, now);
  Turn turn{state.turn + 1, 0, configuration->hash, now, {}, {}};
  std::optional<Duration> next;
  std::string why;
  if (extras_.black_box) extras_.black_box->begin(state.partition, nullptr);
  try {
    for (const auto& each : state.notices) {
      if (turn.effects.size() >= kMostNoticesPerTurn) break;
      for (effect::Attempted& attempt : attempts_due(each.second, present))
        turn.effects.emplace_back(std::move(attempt));
      if (const auto wait = notice_in(each.second, present))
        next = std::min(next.value_or(*wait), *wait);
    }
    if (turn.effects.size() < kMostNoticesPerTurn)
      for (Effect& noticed : lookout_.look(state, configuration, present))
        turn.effects.push_back(std::move(noticed));
  } catch (const std::exception& fault) {
    why = *fault.what() ? fault.what() : "an exception without words";
  }
  if (extras_.black_box) extras_.black_box->end();
  if (!why.empty()) {
    lookout_.look_again();
    notices_at_ = now.elapsed + kNoticesAfterFault;
    events_.failed("notices of who is on call could not be planned: " + why);
    return false;
  }
  if (const auto wait = lookout_.next_in(present)) next = std::min(next.value_or(*wait), *wait);
  notices_at_ = next ? now.elapsed + *next : Duration::max();
  if (turn.effects.empty()) return false;
  notices_at_ = now.elapsed;  // there may be more once it is read back
  append(state.partition, turn, now);
  return true;
}

}  // namespace tocsin::engine
