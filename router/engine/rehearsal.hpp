// A rehearsal: what the engine would do with these alerts, without a journal, a thread, a channel
// or a clock.
//
// The real fold, decide_turn and due run on a partition of their own, and the time is the caller's
// to move. A message counts as accepted by its provider unless the caller gives another answer. The
// same calls always give the same. Pure.
//
//   Rehearsal rehearsal(configuration, start);
//   rehearsal.alerts("prometheus-production", alerts);
//   rehearsal.advance(1h);
//   for (const Told& told : rehearsal.told()) …
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "router/engine/agenda.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/fold.hpp"
#include "router/engine/incident_view.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// One attempt to hand over one message.
struct Told {
  Duration after{};  // since the start
  WallTime at{};
  MessageKind kind = MessageKind::page;
  Contact contact;
  IncidentId incident;
  MessageId message;
  std::uint32_t attempt = 1;
  // Pages: their place in the escalation.
  std::string policy;
  bool fallback = false;  // of the default policy
  std::uint32_t round = 0, step = 0;
  std::string why;  // "opened", "nobody acknowledged for 5m", …
  Attempt said;
  std::string rota = {};  // that the person is on call in; empty: they are named

  bool operator==(const Told&) const = default;
};

/// A firing alert, new or changed, and what was decided about it.
struct DecidedAlert {
  Duration after{};
  WallTime at{};
  std::string integration;
  Alert alert;
  Decision decision;
  IncidentId incident;  // empty: nobody is told of it
  Realm realm = {};     // a GameDay set's: it is a drill copy of the alert

  bool operator==(const DecidedAlert&) const = default;
};

/// An alert that changed nothing: it said that it is over, and was not known to fire.
struct IgnoredAlert {
  Duration after{};
  WallTime at{};
  std::string integration;
  Alert alert;
  std::string why;

  bool operator==(const IgnoredAlert&) const = default;
};

/// Past these a rehearsal stands still and says so: its caller asked for too much.
inline constexpr std::size_t kMostRehearsedTurns = 20'000;
inline constexpr std::size_t kMostRehearsedMessages = 100'000;

class Rehearsal {
 public:
  using Answers = std::function<Attempt(const Told&)>;

  Rehearsal(std::shared_ptr<const Configuration> configuration, Instant start);

  /// What the providers say to each attempt from now on; `said` of what they are given is empty.
  void answers(Answers answers) { answers_ = std::move(answers); }

  /// As one request of that integration, labels of the integration included, at this moment; done
  /// to its end, and whatever is due with it.
  void alerts(const std::string& integration, std::vector<Alert> alerts);
  /// A person's word at this moment. False if it was refused or its incident is unknown.
  bool command(const Command& command);
  bool acknowledge(const IncidentId& incident, const std::string& by) {
    return command({CommandKind::acknowledge, incident, by, "rehearsal"});
  }
  /// Turns a GameDay set on from now on, for as long as it may be, or off.
  void gameday(const std::string& set, bool on);
  /// Moves the time, and does at each point what is due then.
  void advance(Duration by);

  const Instant& now() const { return now_; }
  Duration elapsed() const { return now_.elapsed - start_.elapsed; }
  /// False once a limit stopped it: what is missing may have happened.
  bool complete() const { return complete_; }

  /// In the order in which it happened.
  const std::vector<Told>& told() const { return told_; }
  const std::vector<DecidedAlert>& decided() const { return decided_; }
  const std::vector<IgnoredAlert>& ignored() const { return ignored_; }
  /// In the order of their opening.
  std::vector<IncidentView> incidents() const;

 private:
  struct Place {  // of a planned message
    std::string policy, why;
  };

  void settle();
  /// The one place that asks the engine what comes next.
  std::optional<Turn> next_turn();
  void look_at_open();
  Folded fold(RecordKind kind, std::string body);
  std::vector<DecidedAlert> decided_by(const Turn& turn);
  void remember(std::vector<DecidedAlert> decided);
  void learn(const Turn& turn);
  std::string policy_of(const effect::Stepped& step) const;
  void attempt(const AttemptRef& attempt);
  void put(const IncidentId& id);
  void look_at_drills();
  std::optional<Duration> next_end_of_a_set() const;
  void plan_sweep();

  std::shared_ptr<const Configuration> configuration_;
  Instant start_, now_;
  PartitionState state_;
  Agenda agenda_;
  Position position_ = 0;
  std::uint64_t sequence_ = 0;
  std::size_t turns_ = 0;
  bool complete_ = true;
  bool copies_ = false;                 // a set was turned on: look for alerts without a copy
  bool sweep_ = false;                  // look at all alerts for those that nobody ends
  std::optional<Duration> next_sweep_;  // on now_.elapsed
  Answers answers_;
  bool done_ = false;  // the last command was carried out
  std::unordered_map<MessageId, Place> places_;
  std::vector<IncidentId> opened_;
  std::vector<effect::Drilled> drilled_;  // by the turn that is being folded
  std::vector<Told> told_;
  std::vector<DecidedAlert> decided_;
  std::vector<IgnoredAlert> ignored_;
};

}  // namespace tocsin::engine
