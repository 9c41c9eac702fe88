// Finds the input that makes deciding fail, and sets it aside: a poison record stops only itself.
//
// A decision that failed (an exception, or the process died in it) is made again with one input at
// a time. The input that was alone each time, kMostTries times, is set aside; whatever was decided
// beside it was not to blame. What the process was deciding when it died is told by a BlackBox.
#pragma once

#include <map>
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
  /// `alone`: the only input of this decision, if it is one.
  virtual void begin(Partition partition, const RecordId* alone) = 0;
  virtual void end() = 0;

  /// What an earlier process died of, so far as is known.
  struct Death {
    Partition partition = 0;
    bool batch = false;                  // it died in a decision over several inputs
    std::map<RecordId, unsigned> alone;  // inputs with which it died, and how often
  };
  virtual Death earlier() const = 0;
};

inline constexpr unsigned kMostTries = 3;

/// One partition's.
class Suspicion {
 public:
  /// How the next decision is to be made.
  const Caution& caution() const { return caution_; }
  bool is_careful() const { return caution_.most_inputs > 0; }

  /// The last decision failed. `alone` is the input it had, if it was only one.
  void failed(const PartitionState& state, const std::string& why);
  /// A decision was made: care ends once what was pending at the failure is decided.
  void succeeded(const PartitionState& state);
  /// At the start, after an earlier process died in the middle.
  void suspect(const BlackBox::Death& death, const PartitionState& state);

 private:
  void be_careful(const PartitionState& state);

  Caution caution_;
  std::map<RecordId, unsigned> tries_;
  Position careful_until_ = 0;
};

}  // namespace tocsin::engine
