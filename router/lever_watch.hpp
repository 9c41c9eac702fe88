// What a running service does about the lever beside keeping its own drills silent: it says so in
// the log, and to the whole cluster that every set has ended, as soon as the journal takes that.
#pragma once

#include <functional>
#include <string>

#include "router/core/clock.hpp"
#include "router/engine/owner/owner.hpp"
#include "router/lever_file.hpp"

namespace tocsin {

class LeverWatch {
 public:
  /// `tell`: a line for the log.
  LeverWatch(LeverFile file, engine::Commands& commands, const Clock& clock,
             std::function<void(const std::string&)> tell);

  /// Looks at most every kLookAtLever. By the owner's thread; never waits. Returns how long it need
  /// not be called.
  Duration step();

 private:
  void end_all(const gameday::Lever& lever, const Instant& now);

  const LeverFile file_;
  engine::Commands& commands_;
  const Clock& clock_;
  const std::function<void(const std::string&)> tell_;
  bool pulled_ = false;
  Duration look_at_{};
  Duration say_at_{};
};

inline constexpr Duration kLookAtLever = std::chrono::milliseconds(500);
/// The end of a set is said again, until it is read.
inline constexpr Duration kSayLeverAgain = std::chrono::seconds(1);

}  // namespace tocsin
