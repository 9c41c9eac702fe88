// Delivery: takes the attempts that valid turns started, asks the gate once more, hands each to its
// channel, and records its fate.
//
// It decides nothing: whether, when and how often is the engine's. A result that the journal did
// not take is kept and offered again, so that a page that arrived is not sent once more for want of
// a record.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/hook.hpp"
#include "router/core/mint.hpp"
#include "router/delivery/compose.hpp"
#include "router/delivery/runner.hpp"
#include "router/engine/owner/owner.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::delivery {

using Channels = std::map<std::string, std::unique_ptr<connectors::Channel>, std::less<>>;

/// A hook, and how long one call of it may take.
struct HookOutlet {
  std::unique_ptr<connectors::Hook> hook;
  Duration timeout = std::chrono::seconds(10);
  gameday::HookInDrill in_drill = gameday::HookInDrill::never;
};
using Hooks = std::map<std::string, HookOutlet, std::less<>>;

/// The longest that one attempt may take; far less than the minute after which an attempt counts as
/// lost.
inline constexpr Duration kAttemptBudget = std::chrono::seconds(10);
/// A job that waited longer than this in its lane is not begun: the engine will soon count its
/// attempt as lost.
inline constexpr Duration kMostLaneWait = std::chrono::seconds(40);
inline constexpr std::size_t kMostUnrecorded = 10'000;

/// For metrics. Called by any thread; must be quick.
class DeliveryEvents {
 public:
  virtual ~DeliveryEvents() = default;
  virtual void started(const engine::IncidentView&, const engine::MessageState&, const Instant&) {}
  virtual void finished(const std::string& /*channel*/, const Attempt&) {}
  virtual void withheld(const std::string& /*channel*/, const std::string& /*why*/) {}
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
  Attempt hand_over(const engine::NodeState::Claim& claim, const Instant& now);
  Attempt call_hook(const engine::NodeState::Claim& claim, const Instant& now);
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
  std::shared_ptr<const Channels> channels_;
  std::shared_ptr<const Hooks> hooks_;
  std::vector<std::pair<engine::AttemptRef, Record>> unrecorded_;
  std::unordered_set<MessageId> arrived_;  // taken by their provider, and not recorded yet
};

}  // namespace tocsin::delivery
