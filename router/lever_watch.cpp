#include "router/lever_watch.hpp"

#include <algorithm>

namespace tocsin {

LeverWatch::LeverWatch(LeverFile file, engine::Commands& commands, const Clock& clock,
                       std::function<void(const std::string&)> tell)
    : file_(std::move(file)), commands_(commands), clock_(clock), tell_(std::move(tell)) {}

Duration LeverWatch::step() {
  const Instant now = clock_.now();
  if (now.elapsed < look_at_) return look_at_ - now.elapsed;
  look_at_ = now.elapsed + kLookAtLever;
  const auto lever = file_.read();
  if (lever.has_value() != pulled_) {
    pulled_ = lever.has_value();
    tell_(lever ? sentence(*lever) + "; nothing of a drill leaves this node, and every set ends"
                : "the GameDay lever is released; sets stay off until they are turned on");
  }
  if (lever && now.elapsed >= say_at_) end_all(*lever, now);
  return kLookAtLever;
}

// Also those that have yet to begin: they would on the other nodes.
void LeverWatch::end_all(const gameday::Lever& lever, const Instant& now) {
  say_at_ = now.elapsed + kSayLeverAgain;
  for (const auto& [set, runs] : commands_.state().gamedays()) {
    if (runs.empty() || runs.back().ending) continue;
    const control::GamedayEnded ended{
        set, {gameday::EndKind::lever, lever.by, lever.why, now.wall}, runs.back().number};
    commands_.submit(ended, kSayLeverAgain, [](const engine::CommandAnswer&) {});
  }
}

}  // namespace tocsin
