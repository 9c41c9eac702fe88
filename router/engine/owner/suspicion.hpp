// Finds what makes deciding fail, and sets it aside: a poison record, or an incident whose time has
// come and cannot be decided, stops only itself.
//
// A decision that failed (an exception, or the process died in it) is made again in portions: one
// input, one incident that is due, or one alert that is over, in turn, so that none of them waits
// for the others. The input that was alone each time, kMostTries times, is set aside; whatever was
// decided beside it was not to blame. What the process was deciding when it died is told by a
// BlackBox; an incident that was alone when it died so often is left alone, and people are told.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "router/core/record.hpp"
#include "router/engine/decide.hpp"

namespace tocsin::engine {

/// Remembers beyond the death of the process what was being decided. Called for every turn: must
/// not wait for a disk.
class BlackBox {
 public:
  virtual ~BlackBox() = default;
  /// `alone`: the only thing that this decision is about, if it is one: an input, or the number of
  /// what is due.
  virtual void begin(Partition partition, const RecordId* alone) = 0;
  virtual void end() = 0;

  /// What an earlier process died of, so far as is known.
  struct Death {
    Partition partition = 0;
    bool batch = false;                  // it died in a decision over several, in `partition`
    std::map<RecordId, unsigned> alone;  // with what it died, of any partition, and how often
  };
  virtual Death earlier() const = 0;
};

inline constexpr unsigned kMostTries = 3;
/// What is due is decided one by one for so long after a failure among several: whatever failed may
/// be due again only much later.
inline constexpr Duration kDueWithCare = std::chrono::hours(1);
/// What made deciding fail, and is no input, is left alone for so long.
inline constexpr Duration kAfterFaultyDue = std::chrono::minutes(1);

/// An incident or alert among the records, for those who remember numbers only.
RecordId number_of(Partition partition, std::string_view id);

/// What the next decision is about.
struct Portion {
  std::span<const IncidentId> due;
  std::span<const AlertId> over;
  Caution caution;
  std::optional<RecordId> alone;
  bool more_over = false;  // alerts that are over wait for the next
};

/// One partition's.
class Suspicion {
 public:
  /// All that there is; with care, one thing of it.
  Portion next(const PartitionState& state, std::span<const IncidentId> due,
               std::span<const AlertId> over, Duration now);
  bool is_careful(Duration now) const { return caution_.most_inputs > 0 || now < due_until_; }
  /// Its time may come: nobody died of it too often.
  bool may_decide(const IncidentId& id) const { return !caution_.left_alone.contains(id.text); }
  /// Something is left alone, and nobody has been told.
  bool has_news(const PartitionState& state) const;

  /// The last decision failed.
  void failed(const PartitionState& state, const Portion& portion, const std::string& why,
              Duration now);
  /// A decision was made: care for inputs ends once what was pending at the failure is decided.
  void succeeded(const PartitionState& state);
  /// At the start, after earlier processes died. Returns those of this partition that are not there
  /// any more, and may be forgotten.
  std::vector<RecordId> suspect(const BlackBox::Death& death, const PartitionState& state,
                                Duration now);

 private:
  enum Kind { input, incident, alert };
  static constexpr int kKinds = 3;

  void be_careful(const PartitionState& state, Duration now);
  const AlertId* first_over(Partition partition, std::span<const AlertId> over, Duration now) const;

  Caution caution_;
  std::map<RecordId, unsigned> tries_;
  std::map<RecordId, Duration> put_off_;  // alerts whose end cannot be decided: until then
  Position careful_until_ = 0;
  Duration due_until_{};
  int last_ = alert;  // what was decided last: each kind in its turn
};

}  // namespace tocsin::engine
