// Whether the other nodes have read a fact: each says with its beats how far it has. Who asks is
// answered when all that live have said so, or when the time is up, and blocks nobody meanwhile.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/engine/owner/membership.hpp"

namespace tocsin::api {

class Confirming {
 public:
  using Members = std::function<std::vector<engine::Membership::Seen>()>;
  /// Where the nodes are reached that live and have not said so; their names, where that is not
  /// known.
  using Done = std::function<void(std::vector<std::string> unconfirmed)>;

  /// Without `members` this node is alone.
  Confirming(const Clock& clock, Members members);

  /// `done` comes once: at once, or from step(). Any thread.
  void await(Position fact, Duration most, Done done);
  /// Answers whoever can be answered; after each step of the owner, which is when it has heard
  /// something. Returns how long nothing need be done unless another node is heard.
  Duration step();

 private:
  struct Waiting {
    Position fact = 0;
    Duration until{};
    Done done;
  };
  std::vector<std::string> unconfirmed(Position fact) const;

  const Clock& clock_;
  const Members members_;
  std::mutex mutex_;  // never held while anything else is called
  std::vector<Waiting> waiting_;
};

}  // namespace tocsin::api
