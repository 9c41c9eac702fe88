// Delivery: takes the attempts that valid turns started, asks the gate once more, hands each to its
// channel, and records its fate.
//
// It decides nothing: whether, when and how often is the engine's. A result that the journal did
// not take is kept and offered again, so that a page that arrived is not sent once more for want of
// a record.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "router/core/mint.hpp"
#include "router/delivery/compose.hpp"
#include "router/delivery/letter.hpp"
#include "router/delivery/outlets.hpp"
#include "router/delivery/runner.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::delivery {

/// A job that waited longer than this in its lane is not begun: the engine will soon count its
/// attempt as lost.
inline constexpr Duration kMostLaneWait = std::chrono::seconds(40);
inline constexpr std::size_t kMostUnrecorded = 10'000;

/// For metrics. Called by any thread; must be quick.
class DeliveryEvents {
 public:
  virtual ~DeliveryEvents() = default;
  virtual void started(const engine::IncidentView&, const engine::MessageState&, const Instant&) {}
  virtual void finished(const std::string& /*channel*/, const Realm&, const Attempt&) {}
  virtual void withheld(const std::string& /*channel*/, const std::string& /*why*/) {}
  /// Beside withheld(): a gate let nothing of this drill out.
  virtual void drill_refused(const Realm&, const std::string& /*channel*/,
                             const std::string& /*why*/) {}
};

class Delivery final : public engine::Outbox {
 public:
  using MakeLinks =
      std::function<Links(const engine::IncidentView&, const engine::MessageState&, WallTime now)>;

  /// `gate` is asked by the lanes' threads. Channels are swapped whole by replace().
  Delivery(const engine::NodeState& gate, journal::Journal& journal, const Clock& clock, Mint& mint,
           Runner& runner, MakeLinks make_links, DeliveryEvents& events);

  void start(const engine::AttemptRef& attempt) override;

  /// Offers the journal again what it has not taken. Called now and then, by any thread.
  void record_again();
  void replace(std::shared_ptr<const Channels> channels);
  void replace(std::shared_ptr<const Hooks> hooks);

 private:
  void attempt(const engine::AttemptRef& attempt, const Instant& asked);
  template <class Kind>
  void hand_over(const engine::AttemptRef& ref, const Claimed<Kind>& claimed, const Instant& now);
  void hold_back(const engine::AttemptRef& ref, const Realm& realm, const Instant& now,
                 const Error& why);
  void conclude(const engine::AttemptRef& ref, const Instant& at, const Attempt& said);
  bool has_arrived(const MessageId& message) const;
  void record(const engine::AttemptRef& ref, Record result);

  const engine::NodeState& gate_;
  journal::Journal& journal_;
  const Clock& clock_;
  Mint& mint_;
  Runner& runner_;
  const MakeLinks make_links_;
  DeliveryEvents& events_;

  mutable std::mutex mutex_;  // of those below; never held while anything else is called
  Outlets outlets_;
  std::vector<std::pair<engine::AttemptRef, Record>> unrecorded_;
  std::unordered_set<MessageId> arrived_;  // taken by their provider, and not recorded yet
};

}  // namespace tocsin::delivery
