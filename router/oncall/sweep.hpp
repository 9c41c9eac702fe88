// A walk along a rota's time: from each moment to the next at which the answer may be another one.
// The moments come from what changes it (hand-overs, hours, overrides, leave), so they are exact,
// and their number depends on the changes and not on the time between. Inside of the room.
#pragma once

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {

class Sweep {
 public:
  /// All that it is given outlives it.
  Sweep(const Rota& rota, std::span<const Override> made, const Directory& people, WallTime from);

  WallTime time() const { return time_; }
  const OnCall& on_call() const { return on_call_; }
  /// The next moment at which it may be somebody else; it may turn out to be the same. max():
  /// never.
  WallTime next() const { return next_; }
  /// Goes there.
  void advance();

 private:
  /// What is known of a layer, and until when.
  struct Ahead {
    bool known = false;  // the next two are
    bool begun = false;
    WallTime hand_over_at{};   // or the start, if it has not begun
    bool hours_known = false;  // the next two are; before the start hours make no difference
    bool covered = false;
    WallTime hours_until{};
  };

  void look();
  WallTime next_of(std::size_t layer, At& at);

  const Rota& rota_;
  const std::span<const Override> made_;
  const Directory& people_;
  std::vector<WallTime> ends_;  // of overrides and leave, and their beginnings; sorted
  std::size_t next_end_ = 0;    // the first that is still to come
  std::vector<Ahead> layers_;
  WallTime time_;
  OnCall on_call_;
  WallTime next_{};
};

}  // namespace tocsin::oncall
