// What was accepted and no valid turn has covered yet.
//
// Each integration's inputs wait in their own order, in a queue of their own: a noisy one does not
// keep another's page waiting. What people and nodes say waits in one more.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/turn.hpp"

namespace tocsin::engine {

struct Carried;

struct Pending {
  struct Broken {
    std::string why;
  };
  Position position = 0;
  RecordId id;
  std::variant<std::shared_ptr<const AlertsBody>, Command, Broken, std::shared_ptr<const Carried>>
      input;
  std::vector<std::uint32_t> changed;  // alerts: the ones that need a decision
  std::string broken;  // what of it nobody can decide, beside what can be; empty: nothing
};

/// The keys (alert_key()) of the alerts that a pending input will change, each as often as it does.
std::vector<std::string> keys_of(const Pending& pending);

struct RecordHash {
  std::size_t operator()(const RecordId& id) const noexcept {
    return std::hash<std::uint64_t>()(id.boot ^ id.sequence << 16 ^ id.partition);
  }
};

class PendingInputs {
 public:
  struct Queue {
    std::deque<Pending> inputs;
    std::size_t alerts = 0;  // that need a decision
  };

  PendingInputs() = default;
  PendingInputs(const PendingInputs& other);
  PendingInputs(PendingInputs&&) noexcept = default;
  PendingInputs& operator=(PendingInputs other) noexcept;
  ~PendingInputs() = default;

  /// Behind all others: at a position after theirs.
  void push_back(Pending pending);
  bool empty() const { return queues_.empty(); }
  std::size_t size() const { return by_id_.size(); }
  /// That need a decision, of all of them and of one integration's.
  std::size_t alerts() const { return alerts_; }
  std::size_t alerts_of(const std::string& integration) const;
  /// The first and the last in the journal's order. Undefined: there are none.
  const Pending& front() const;
  Position last_position() const;
  /// nullptr: it is not there. Lives until it is taken.
  const Pending* find(const RecordId& id) const;
  std::vector<const Pending*> in_order() const;
  /// By whose they are, none of them empty; "" has what people and nodes say.
  const std::map<std::string, Queue>& queues() const { return queues_; }
  /// What nodes that were cut off have told is among them.
  bool has_pieces() const { return pieces_ > 0; }

  /// Takes out what a turn has covered: what it says in Turn::inputs_up_to and inputs_beyond.
  std::vector<Pending> take(Position up_to, std::span<const DecidedUpTo> beyond);
  /// Leaves what nodes that were cut off have told.
  void keep_pieces();

 private:
  void take_from(Queue& queue, Position up_to, std::vector<Pending>& taken);
  void drop_empty();

  std::map<std::string, Queue> queues_;
  std::unordered_map<RecordId, const Pending*, RecordHash> by_id_;
  std::size_t alerts_ = 0, pieces_ = 0;
};

/// What a turn is to decide, in the journal's order; and what it says of them (Turn).
struct ChosenInputs {
  std::vector<const Pending*> inputs;
  Position up_to = 0;
  std::vector<DecidedUpTo> beyond;
};

/// The first of them, as many as have `most_alerts` and one at the least, however many it has.
ChosenInputs first_inputs(const PendingInputs& pending, std::size_t most_alerts,
                          std::size_t most_inputs = SIZE_MAX);
/// All of them, if they have at most `most_alerts`. Otherwise of each queue the first, and then of
/// each as many, as far as there is room; one is taken however many alerts it has. In every second
/// turn the oldest come first, so that none waits for ever, and in the others the smallest, so that
/// none waits for long beside another's large ones.
ChosenInputs fair_inputs(const PendingInputs& pending, std::size_t most_alerts, std::uint64_t turn);

}  // namespace tocsin::engine
