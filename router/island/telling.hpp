// Takes what an island decided to the journal, piece by piece, and what becomes of a piece that the
// journal will not have.
//
//   pieces ──▶ several under way, of one incident one ──▶ journal ── durable
//     ▲                                                     ├─ away, or nobody knows: why_not()
//     └── in halves, or alone again ◀── refused by a ───────┘
//               └─ kMostRefusals times: left behind         journal that takes others
//
// What is left behind (a topic may take smaller records than an incident with one alert needs) is
// named in the log; its alerts are the journal's owner's to decide, as if there had been no island:
// left_from() says from where on. So it ends, whatever the journal refuses, and no alert is lost.
//
// One thread at a time.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "router/core/clock.hpp"
#include "router/core/mint.hpp"
#include "router/engine/pieces.hpp"
#include "router/spool/spooled_journal.hpp"

namespace tocsin::island {

class Telling {
 public:
  /// `tell` takes a line for the log. The journal may answer when this is gone.
  Telling(spool::SpooledJournal& journal, Mint& mint, const Clock& clock,
          std::function<void(const std::string&)> tell);

  void add(Partition partition, const engine::Carried& piece);
  /// Appends what may be appended now.
  void step();
  /// Every piece is in the journal, or left behind.
  bool done() const { return pieces_.empty() && under_way_.empty(); }
  /// Empty, or why the journal is away again: then no step may follow.
  const std::string& why_not() const { return why_not_; }

  /// Through where the journal has them.
  const journal::Cursor& through() const { return through_; }
  /// The first position of the island's log of which something was left behind; 0: nothing was.
  Position left_from(Partition partition) const { return left_from_[partition]; }

 private:
  struct Piece {
    Partition partition = 0;
    IncidentId incident;  // empty: of none
    Record record;
    int refusals = 0;  // of one that cannot be cut
    Duration not_before{};
  };
  /// What the journal has answered, by the number of the append.
  struct Answers {
    std::mutex mutex;
    std::vector<std::pair<std::uint64_t, journal::Appended>> come;
  };

  Piece made_of(Partition partition, const engine::Carried& piece);
  void hear();
  void refused(Piece piece, const std::string& why);
  void leave(const Piece& piece, const engine::Carried& carried, const std::string& why);
  void append(Piece piece);

  spool::SpooledJournal& journal_;
  Mint& mint_;
  const Clock& clock_;
  const std::function<void(const std::string&)> tell_;
  const std::shared_ptr<Answers> answers_ = std::make_shared<Answers>();
  std::deque<Piece> pieces_;
  std::map<std::uint64_t, Piece> under_way_;
  std::size_t bytes_under_way_ = 0;
  std::uint64_t numbered_ = 0;
  std::string why_not_;
  journal::Cursor through_;
  std::vector<Position> left_from_;
  std::size_t least_left_;      // bytes: what is as large will not be taken either
  std::set<IncidentId> named_;  // in the log
};

/// On their way to the journal at once.
inline constexpr std::size_t kMostPiecesUnderWay = 64;
inline constexpr std::size_t kMostPieceBytesUnderWay = 8u << 20;
/// A piece that cannot be cut is left behind when a journal in no trouble has refused it so often.
inline constexpr int kMostRefusals = 5;
/// Between two of them.
inline constexpr Duration kRefusedAgain = std::chrono::seconds(1);

}  // namespace tocsin::island
