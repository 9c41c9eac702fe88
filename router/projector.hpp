// Keeps the store up with the journal: incidents that are over, and now and then a snapshot of each
// partition, by a thread of its own. Nothing waits for it.
//
// A snapshot is saved only when every incident that was over by then has been saved: what a crash
// takes is folded, and saved, again.
//
// While the store does not work, so many incidents wait and no more; of the others only the ids are
// kept. When it works again they are read from memory once more, and history is whole. What had
// left memory by then is missing in history: the log says so once, and snapshots go on all the
// same. Without them every later start would fold all the journal since, and a pager that starts
// slowly is worse than a gap among incidents that are over. Folding anew closes the gap while the
// journal still has them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "router/core/clock.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/journal/journal.hpp"
#include "router/store/store.hpp"

namespace tocsin {

/// At the start: the store's snapshots become the state, if they fit the journal; otherwise they
/// are discarded, and everything is folded from the beginning. Returns how many were used.
std::size_t restore(store::Store& store, const journal::Journal& journal, engine::NodeState& state,
                    const std::function<void(const std::string&)>& tell);

class Projector {
 public:
  using Tell = std::function<void(const std::string&)>;

  /// `tell` says what fails, once for each new reason.
  Projector(store::Store& store, const engine::NodeState& state, const Clock& clock, Tell tell);
  /// Saves what there is, once.
  ~Projector();

  /// Any thread; quick, but for the replay at the start, when it saves what there is too much of.
  /// The latest word about an incident counts.
  void closed(const engine::IncidentView& view);
  void keep_configuration(std::string hash, std::string body);
  /// From now on snapshots may be taken: the journal has been folded. Once more is harmless.
  void start();
  /// While it is paused nothing is saved, and what is over is not heard of: the node's state is an
  /// island's, whose positions and incidents are not the journal's yet. By the owner's thread.
  void pause(bool paused);
  /// What is done once a second after start(); for whoever does without its thread.
  void save_now() { save(false); }

 private:
  struct Saved {
    Position position = 0;
    Duration at{};
  };
  void work(const std::stop_token& stop);
  void save(bool all);
  void look_at_generation();
  void save_everything_again();
  bool save_configurations();
  bool save_closed();
  bool save_missed();
  void miss(Partition partition, const IncidentId& id);
  void drop_lost();
  std::size_t waiting();
  void save_snapshots(bool all);
  void forget();
  bool told(const Status& status);

  store::Store& store_;
  const engine::NodeState& state_;
  const Clock& clock_;
  const Tell tell_;
  std::vector<Saved> saved_;  // by partition
  std::string last_told_;
  std::string generation_;  // of the store, when it was last asked
  Duration next_forget_{};
  bool replay_failed_ = false;  // of the owner's thread, before the thread below is there

  std::mutex looking_;  // of the next two, for whoever must see them stay
  std::atomic<bool> paused_{false};
  std::atomic<std::uint64_t> pauses_{0};  // so far: what was looked at before one is of no use

  std::mutex mutex_;  // of those below
  std::condition_variable_any wake_;
  std::map<IncidentId, store::History> closed_;
  std::map<std::string, std::string> configurations_;
  std::map<IncidentId, Partition> missed_;  // over, and too many to wait
  std::size_t look_for_lost_at_;            // so many of them, and those that left memory go
  std::size_t lost_ = 0;                    // how many went so, since the last word about it
  std::jthread thread_;                     // last: it uses everything above
};

inline constexpr Duration kSaveEvery = std::chrono::seconds(1);
inline constexpr Duration kSnapshotEvery = std::chrono::minutes(1);
/// Of a partition in which nothing happens.
inline constexpr Duration kIdleSnapshotEvery = std::chrono::minutes(10);
inline constexpr std::size_t kMostClosedWaiting = 20'000;
/// History is for looking back at incidents and drills of more than a year.
inline constexpr Duration kHistoryKept = std::chrono::hours(24 * 400);

}  // namespace tocsin
