// The store: a projection of the journal, for quick starts and for history. This is its interface;
// connectors/stores has the implementations, and tests/store runs one suite over all of them.
//
// Nothing is decided from it. It may lag, it may be deleted: what the journal still has is made
// again. It is not the truth, and not for anything that cannot be computed from the journal.
#pragma once

#include "router/store/values.hpp"

namespace tocsin::store {

/// Any thread may call; a call may take as long as a disk or a network does. Errors of every call:
/// unavailable, when the storage does not work now (nothing was done, try again); corrupt, when it
/// is damaged (the message says what to do). A single damaged entry is no error: it counts as
/// absent, and the log hears of it.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// All or nothing. What is saved replaces the incident of the same id and the snapshot of the
  /// same partition, so that saving again is harmless. One of an earlier position than the kept one
  /// is passed over: a node that lags does not undo what another has saved. Errors: also invalid,
  /// past a limit of values.hpp.
  virtual Status save(std::span<const History> incidents, std::span<const Snapshot> snapshots) = 0;

  /// Those that were made from this journal and are whole. Whether a position still fits (it is not
  /// past the tail, and not before what retention has left) is for the caller to see.
  virtual Result<std::vector<Snapshot>> snapshots() = 0;
  /// They do not fit. History stays: it is of incidents, not of positions. Whatever is saved from
  /// now on counts as later than all that is kept.
  virtual Status discard_snapshots() = 0;

  /// Costs what is on the page, however much history there is. Errors: also invalid, for a cursor
  /// that no page gave.
  virtual Result<Page> history(const Query& query) = 0;
  /// By any unique beginning of its id, as a person typed it. Errors: also invalid, when several
  /// begin so.
  virtual Result<std::optional<History>> find_incident(std::string_view id_beginning) = 0;
  /// The incident the alert belongs to; the newest opened, if it was in several.
  virtual Result<std::optional<History>> find_alert(const AlertId& alert) = 0;

  /// A configuration as it was when it decided, so that a decision can be explained in full later.
  virtual Status keep_configuration(const std::string& hash, const std::string& body) = 0;
  virtual Result<std::optional<std::string>> configuration(const std::string& hash) = 0;

  /// Removes history resolved before; returns how many. In several small transactions: what was
  /// done before an error stays done.
  virtual Result<std::size_t> forget(WallTime before) = 0;
  /// Removes the configurations that no kept incident names and that are not in use, by what is
  /// open or by the service itself; returns how many.
  virtual Result<std::size_t> forget_configurations(std::span<const std::string> in_use) = 0;

  /// Names what the store holds as one growing whole. Another name than before: it was emptied, or
  /// may have lost what it was told last; whoever still has what it saved there saves it again.
  /// Cheap enough to be asked before each save.
  virtual Result<std::string> generation() = 0;
};

}  // namespace tocsin::store
