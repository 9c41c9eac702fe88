// The last gate: a message in earnest and one of a drill are of different types, and so are the
// places that they go to.
//
//   NodeState::claim() ──▶ sort() ─┬─▶ Claimed<Real>  ─▶ Target<Real>,  Letter<Real>  ─┐
//                                  └─▶ Claimed<Drill> ─▶ Target<Drill>, Letter<Drill> ─┴▶ send()
//
// Only sort() can make a claim of a kind, only from that come its letter and its target, and
// send() takes two of one kind: a drill that is sent in production's name does not compile. No
// byte leaves tocsin for a person, a room or a hook but through send(). Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "router/core/result.hpp"
#include "router/delivery/compose.hpp"
#include "router/delivery/outlets.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::delivery {

struct Real {};
struct Drill {};

template <class Kind>
class Claimed;
using Sorted = std::variant<Claimed<Real>, Claimed<Drill>>;

/// By where its incident lives, and by nothing that a sender or a text says. Whatever shows the
/// incident from here on shows a drill's mark first in its title.
Sorted sort(engine::NodeState::Claim claim);

/// A claim of which it is known what it is.
template <class Kind>
class Claimed {
 public:
  const engine::IncidentView& view() const { return claim_.view; }
  const engine::MessageState& message() const { return claim_.message; }
  const std::vector<std::string>& not_the_drill() const { return claim_.not_the_drill; }
  const std::optional<engine::Notice>& notice() const { return claim_.notice; }

 private:
  explicit Claimed(engine::NodeState::Claim claim) : claim_(std::move(claim)) {}
  friend Sorted sort(engine::NodeState::Claim claim);

  engine::NodeState::Claim claim_;
};

template <class Kind>
class Letter;
template <class Kind>
class Target;

/// One attempt, within `budget`. Withheld, and nothing has left, if the letter is another message's
/// than the target, or a drill without its mark.
template <class Kind>
Attempt send(const Letter<Kind>& letter, const Target<Kind>& target, Duration budget);

/// The channel or hook that a claimed message is for; alive as long as this.
template <class Kind>
class Target {
 public:
  /// Errors: not_found, it is not configured any more; refused, it is not for drills.
  static Result<Target> of(const Claimed<Kind>& claimed, const Outlets& outlets);

  /// How long one attempt may take.
  Duration budget() const { return hook_ ? hook_->timeout : kAttemptBudget; }

 private:
  explicit Target(MessageId message) : message_(std::move(message)) {}
  friend class Letter<Kind>;
  friend Attempt send<Kind>(const Letter<Kind>&, const Target<Kind>&, Duration);

  MessageId message_;
  std::shared_ptr<connectors::Channel> channel_;  // or
  std::shared_ptr<const HookOutlet> hook_;
};

/// The message in words, as its target may show it.
template <class Kind>
class Letter {
 public:
  Letter(const Claimed<Kind>& claimed, const Target<Kind>& target, Links links, WallTime now);

 private:
  friend Attempt send<Kind>(const Letter<Kind>&, const Target<Kind>&, Duration);

  std::variant<connectors::Notification, connectors::HookCall> words_;
};

}  // namespace tocsin::delivery
