// One turn while it is decided: the effects so far, and a draft of the state that they make.
// Private to decide_turn().
#pragma once

#include <memory>
#include <set>
#include <string>

#include "router/engine/backlog.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/decide.hpp"
#include "router/engine/workspace.hpp"

namespace tocsin::engine {

class Decider {
 public:
  Decider(const PartitionState& state, const View& view, const Configuration& configuration,
          const Moment& moment, const Caution& caution);

  void inputs();
  /// Alerts that fire, and have no copy in a GameDay set that is on.
  void copies();
  // Bounded: each effect moves an incident on, and none takes it back.
  void due(const IncidentId& id);
  void over(const AlertId& id);
  // Once for each: what is set aside is listed.
  void left_alone();
  std::optional<Turn> finish();

 private:
  /// A firing alert that was decided and is to find its incident: in production by the input that
  /// brought it, a drill's copy by its id.
  struct Placing {
    Realm realm;
    InputRef input;
    AlertId copy;
    std::string key;  // alert_key()
    std::string group;
    const Alert& alert;
    const Decision& decision;
    bool backlog = false;
  };

  void add(Effect effect);
  bool pages_first(const AlertState& alert) const;

  // Alerts (decide_alerts.cpp).
  void decide(const Pending& pending, const std::shared_ptr<const AlertsBody>& body);
  void fired(const InputRef& input, const AlertsBody& body, const Alert& alert);
  void ended(const InputRef& input, const AlertState& known);
  void place(const Placing& placing);
  void open_incident(const Placing& placing, const AlertId& opening);
  void reopen(const std::string& key, const std::string& group, Duration within, bool backlog);
  void graver(const IncidentId& id, const Decision& decision);
  void leave(const IncidentId& home);
  void drill(const AlertId& original, const gameday::Set& set, const gameday::Run& run);
  void end_copies(const AlertState& original);
  void answer_report(const Pending& pending, const AlertsBody& body);
  void end_reported(const IncidentId& id, const std::string& by);

  // Everything else.
  void resolve_if_over(const IncidentId& id, const std::string& why);
  void decide(const Pending& pending, const Command& given);
  Command of_sender(Command command) const;
  std::string carry_out(const Command& command, const Incident& incident, std::string& words);
  std::string by_hand(const Command& command, const Incident& incident, std::string& words);
  std::string judge_remedy(const Command& command, const Incident& incident);
  void decide(const Pending& pending, const std::shared_ptr<const Carried>& piece);
  void decide(const Pending& pending, const Pending::Broken& broken);
  void set_aside(const RecordId& record, const std::string& why);
  void tell_set_aside(const RecordId& record, const std::string& why, const std::string& words,
                      const std::string& title);

  const PartitionState& state_;
  const View& view_;
  const Configuration& configuration_;
  const Moment& moment_;
  const Caution& caution_;
  Draft draft_;
  Carriers carriers_;
  Turn turn_;
  bool covered_ = false;
  std::set<IncidentId> touched_;
};

}  // namespace tocsin::engine
