// All partitions' states of this node, folded in memory: written by the owner's thread alone, read
// by any.
//
// Readers get copies, so nobody holds the lock while writing to a socket or a disk.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "router/core/result.hpp"
#include "router/engine/configuration.hpp"
#include "router/engine/fold.hpp"
#include "router/engine/incident_view.hpp"
#include "router/engine/state.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {

/// A drill that has not heard the journal for so long is silent.
inline constexpr Duration kDrillNeedsJournal = std::chrono::seconds(5);

struct IncidentQuery {
  std::vector<IncidentState> states;  // empty: all
  std::string team;                   // empty: all
  std::optional<Severity> severity;
  std::optional<std::string> gameday;         // "": production only
  std::vector<rules::Matcher> matchers = {};  // those with an alert that all of them match
  WallTime since{};                           // opened at or after
  std::size_t limit = 100;
  std::string cursor;  // of the page before; empty: the newest
};
struct IncidentPage {
  std::vector<IncidentView> incidents;  // newest first
  std::string next;                     // cursor of the next page; empty: no more
};

class NodeState {
 public:
  explicit NodeState(Partition partitions);

  /// By the owner's thread only.
  Folded fold(Partition partition, Position position, const Record& record,
              Duration read_at = Duration::zero());
  const PartitionState& partition(Partition partition) const { return states_[partition]; }
  std::span<const PartitionState> states() const { return states_; }
  /// At the start, before anything is folded: as the store remembers it.
  void restore(PartitionState state, Position read);
  /// By the owner's thread: another state of everything in the place of this one, which is
  /// returned. It has been read up to where it stands.
  std::vector<PartitionState> exchange(std::vector<PartitionState> states);
  /// By the owner's thread: as before anything was folded.
  void forget_everything();
  /// By the owner: everything up to here was folded, and whoever is to hear of it has heard.
  void settle(Partition partition, Position read) { settled_[partition] = read; }
  /// The beginning of the journal's partition is gone.
  void mark_truncated(Partition partition, bool truncated = true);

  /// By any thread. A typed beginning of an id is enough if it is unique. Errors: not_found;
  /// invalid, when several begin so.
  Result<IncidentView> find(std::string_view typed_id) const;
  IncidentPage list(const IncidentQuery& query) const;
  /// All that are over and still in memory. By any thread.
  std::vector<std::pair<Partition, IncidentId>> resolved() const;
  /// The incident, if it is over.
  std::optional<IncidentView> closed(Partition partition, const IncidentId& id) const;
  bool remembers(Partition partition, const IncidentId& id) const;
  /// Where it lives; production, if it is not known. By any thread.
  Realm realm_of(Partition partition, const IncidentId& id) const;
  /// Errors: not_found.
  Result<AlertState> find_alert(const AlertId& id) const;
  /// Those of this integration that fire, in the order of their keys, up to `most`, each with the
  /// incident that it is in; nothing: it is in none.
  struct Firing {
    AlertState alert;
    std::optional<IncidentState> incident;
    bool held = false;  // the incident is: by a silence, a window
  };
  std::vector<Firing> firing(Partition partition, const std::string& integration,
                             std::size_t most) const;
  /// The latest alert of this integration with this key while memory has it, and the incident that
  /// it is in, without its messages and timeline.
  struct Known {
    AlertState alert;
    std::optional<Incident> incident;
  };
  std::optional<Known> known(Partition partition, const std::string& integration,
                             const std::string& key) const;
  /// Those that hold or will, and those that ended of late; by their id.
  std::vector<control::Silence> silences() const;
  /// Overrides of rotas: all that hold, will or did of late, by id; one of them; and as rotas are
  /// asked by them.
  std::vector<control::RotaOverride> made_overrides() const;
  std::optional<control::RotaOverride> find_override(const OverrideId& id) const;
  oncall::Overrides overrides() const;
  /// What people have shown of contacts.
  std::map<ContactKey, KeptProof> contact_proofs() const;
  std::optional<control::ContactTest> find_contact_test(const NoticeId& id) const;
  /// Nothing, if it is not known, or not yet.
  std::optional<Notice> find_notice(const NoticeId& id) const;
  /// The configuration of this hash as it decided; nothing if it is not kept.
  std::shared_ptr<const std::string> configuration(std::string_view hash) const;
  /// See engine::resend_of().
  AlertId resend_of(Partition partition, const std::string& integration, const Alert& alert) const;
  /// One partition as the store keeps it, and how far it had folded. Takes a while, through which
  /// the owner goes on folding. Empty: the state was exchanged meanwhile.
  struct Encoded {
    Position position = 0;
    std::string body;
  };
  Encoded encoded(Partition partition) const;
  Position settled(Partition partition) const { return settled_[partition]; }
  Position position(Partition partition) const;
  /// The hashes that alerts in memory were decided by, and the last ones.
  std::vector<std::string> configurations_in_use() const;
  /// The bundles of this realm, as their hosts, whose messages may be under way. By any thread.
  std::vector<Incident> bundles(const Realm& realm) const;
  /// What attempts and people have shown of each contact, over all partitions (contact_health.hpp).
  ContactsHealth contact_health() const;
  /// Which records could not be decided, the latest of each partition.
  std::vector<effect::SetAside> set_aside() const;

  /// The sending gate: the incident and message of an attempt, if it may still go out at this
  /// moment; otherwise why not. An acknowledgement that has been answered was folded before; an
  /// attempt that passed before it has started already. Errors: refused, it is not to be sent;
  /// not_found, nobody waits for it; unavailable, this node may not send now.
  struct Claim {
    IncidentView view;
    MessageState message;
    /// In earnest: the GameDay sets that are on and practised by whom it reaches.
    std::vector<std::string> not_the_drill = {};
    /// It is of this notice, and the view has nothing but its id.
    std::optional<Notice> notice = {};
  };
  Result<Claim> claim(const AttemptRef& attempt, const Instant& now) const;
  /// By the owner: a turn that ends the noise of these incidents goes to the journal now. Another
  /// node may read it, and answer a person, before this one does: until a valid turn of the
  /// partition was folded nothing is claimed for them.
  void hush(Partition partition, std::vector<IncidentId> incidents);
  /// By the owner: nothing is claimed after this, on the steady clock. At first: without end.
  void allow_sending_until(Duration until) { send_until_ = until; }

  /// By the owner: the journal was read up to its end, on the steady clock. A drill sends only
  /// while that is no longer ago than kDrillNeedsJournal: a node that cannot hear `off` is silent
  /// by itself.
  void confirm(Duration at) { confirmed_at_ = at; }
  /// For the gate: whom a set may reach. By the owner.
  void reconfigure(std::shared_ptr<const Configuration> configuration);
  /// Asked before anything of a drill leaves: whether the lever that blocks every set is pulled.
  /// Set once, before the owner runs.
  void set_lever(std::function<bool()> pulled) { lever_pulled_ = std::move(pulled); }
  /// By the owner: the runs that are known are known since now, at the latest.
  void note_runs(Duration now);
  /// By the owner: a real incident has stopped this run, and the fact that says so is on its way.
  void pause(const std::string& set, std::uint32_t run);
  /// The runs of all sets, by set. By any thread.
  std::map<std::string, std::vector<gameday::Run>> gamedays() const;
  /// By set and run: what memory has of it.
  struct DrillCounts {
    std::size_t open = 0;    // incidents not resolved
    std::size_t alerts = 0;  // that were copied
  };
  std::map<std::pair<std::string, std::uint32_t>, DrillCounts> drills() const;

  struct Counts {
    std::vector<std::pair<Severity, std::size_t>> open;  // incidents not resolved, by severity
    /// Likewise of drills, by GameDay set.
    using Drills = std::map<std::pair<std::string, Severity>, std::size_t>;
    Drills drills;
    std::size_t queued = 0;  // of those in earnest: nobody could be paged, and they wait for it
    std::size_t waiting_messages = 0;  // decided, wanted, and neither accepted nor rejected
    std::size_t pending_inputs = 0;
    std::size_t alerts = 0;
  };
  Counts counts() const;
  /// Folded and waiting for a decision, in this partition.
  struct Undecided {
    std::size_t alerts = 0, of_integration = 0;
  };
  Undecided undecided_alerts(Partition partition, const std::string& integration) const;

 private:
  void note_runs_locked(Duration now);
  static Result<Claim> claim(const Notice& notice, const AttemptRef& attempt, const Instant& now);
  std::string why_drill_waits(const Incident& incident, const Instant& now) const;
  std::string why_drill_is_silent(const Incident& incident, const MessageState& message,
                                  const Instant& now) const;
  Result<BundleWords> words_of_bundle(const PartitionState& state, const IncidentId& bundle) const;
  std::optional<IncidentView> yet_to_be_adopted(const std::string& id) const;
  std::string over_the_limit(const Incident& incident, const MessageState& call) const;
  IncidentView view_of(const PartitionState& state, const Incident& incident,
                       std::size_t most_alerts = kMostAlertsShown) const;

  template <class Look>
  InOrder in_order(Look& look) const;

  mutable std::mutex encoding_;  // one look at a time; taken before the mutex below
  mutable std::shared_mutex mutex_;
  std::vector<PartitionState> states_;
  std::vector<std::vector<IncidentId>> hushed_;  // by partition
  std::unique_ptr<std::atomic<Position>[]> settled_;
  std::atomic<Duration> send_until_{Duration::max()};
  std::atomic<Duration> confirmed_at_{Duration::min()};
  std::function<bool()> lever_pulled_;
  std::shared_ptr<const Configuration> configuration_;        // under the mutex
  std::map<std::string, std::uint32_t, std::less<>> paused_;  // likewise: set → run
  /// When this node first read of a set's run, on its steady clock: a wall clock that is stepped
  /// back makes no drill longer. One that has not begun may be said anew.
  struct FirstRead {
    Instant said;
    Duration at{};
  };
  std::map<std::pair<std::string, std::uint32_t>, FirstRead> first_read_;
};

}  // namespace tocsin::engine
