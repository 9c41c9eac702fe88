// Who decides which partition: the nodes of a cluster, each on its own steady clock. Pure.
//
// Every node says once a second in the journal that it lives. A partition is its holder's: whoever
// wrote its last valid turn, or was handed it. When the holder has not been heard for a session,
// the node that is preferred among the living takes the partition by appending the next turn; a
// living holder hands it over to a preferred one. Several may believe that they hold a partition:
// the chain of turns is the fence, and the lease keeps a node that was paused from acting on what
// it believed.
//
//   beat appended ──▶ read back: for a session from the APPENDING on, nobody takes what I hold
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "router/core/control.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

struct MembershipOptions {
  std::string node;  // of the data directory; unique in the cluster
  std::string url;   // where people reach this node; may be empty
  Duration beat = std::chrono::seconds(1);
  /// A node that was silent for so long is taken for dead.
  Duration session = std::chrono::seconds(4);
  /// So much before others may take over, this node stops by itself: what it has begun to send must
  /// be on its way by then.
  Duration margin = std::chrono::milliseconds(500);
};

class Membership {
 public:
  /// Without options it is alone: it holds everything, always, and says nothing.
  Membership(std::optional<MembershipOptions> options, std::uint64_t boot);

  bool alone() const { return !options_; }
  std::uint64_t boot() const { return boot_; }

  /// At every step of the owner. What others said while this node did not listen (it was paused,
  /// the journal was away, it is behind) it has not heard: their silence counts from now.
  void listened(Duration now, bool caught_up);

  /// The beat that is to be appended now, if it is time for one; appended() tells under which id.
  std::optional<control::Beat> next_beat(Duration now);
  /// The next one is due at once: others wait to hear how far this node has read.
  void hurry() { next_beat_ = Duration::min(); }
  void appended(const RecordId& beat, Duration now);
  Duration beat_in(Duration now) const;
  /// A beat was read in the journal. Returns a warning, if two processes claim to be one node.
  std::string heard(const control::Beat& beat, const RecordId& record, Duration now);

  /// Until when this node may decide and send.
  Duration lease_end() const;
  bool may_act(Duration now) const { return now < lease_end(); }

  enum class What {
    mine,      // this node decides it
    take,      // the holder is gone, and this node is the one to follow
    others,    // another node's, or to be another's
    hand_over  // this node's, and better another's
  };
  struct Standing {
    What what = What::others;
    std::uint64_t to = 0;  // hand_over: the boot
  };
  Standing standing(Partition partition, std::uint64_t holder, Duration now) const;

  /// Gives away what it holds and takes nothing more; a last `gone` says that nothing of it is
  /// under way.
  void leave();
  control::Beat farewell() const { return said(control::Presence::gone); }
  /// Out of turn, by a node that decides nothing for now: it lives, and is to be given nothing.
  control::Beat at_a_loss() const { return said(control::Presence::leaving); }

  /// Boots of the other processes that live.
  std::vector<std::uint64_t> living(Duration now) const;
  struct Seen {
    std::string node;
    std::string url;
    std::uint64_t boot = 0;
    Duration silent_for{};
    bool lives = false;
    Position facts = 0;  // it has folded partition 0 up to here; of this node: not said
  };
  /// For people: this node first.
  std::vector<Seen> seen(Duration now) const;

 private:
  struct Other {
    std::uint64_t boot = 0;
    std::string url;
    control::Presence presence = control::Presence::here;
    Duration since{};  // it has been heard of without a silence
    Duration heard{};
    Position facts = 0;
  };
  control::Beat said(control::Presence presence) const;
  const Other* find(std::uint64_t boot) const;
  bool lives(const Other& other, Duration now) const;
  std::uint64_t preferred(Partition partition, Duration now) const;

  const std::optional<MembershipOptions> options_;
  const std::uint64_t boot_;
  std::map<std::string, Other> others_;  // by node
  std::map<RecordId, Duration> beats_;   // appended and not read back
  std::set<std::uint64_t> superseded_;   // earlier boots of a node
  bool leaving_ = false;
  bool ever_listened_ = false;
  Duration listened_{};
  Duration listening_since_{};
  Duration next_beat_{};
  std::optional<Duration> confirmed_;  // when the last beat that was read back was appended
};

/// A node that was silent for so long is heard of no more.
inline constexpr Duration kNodeForgotten = std::chrono::hours(1);

}  // namespace tocsin::engine
