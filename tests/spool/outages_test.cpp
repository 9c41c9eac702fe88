// Random outages, one seed each: whatever main, spool and process do, what was answered durable is
// in the journal in the end, once by its id, and in the order in which it was answered.
#include <random>

#include "tests/spool/node.hpp"

namespace tocsin::spool::testing {
namespace {

class Outages {
 public:
  explicit Outages(std::uint32_t seed) : random_(seed) {}

  void live() {
    for (int i = 0; i < 120; ++i) act();
    node_.spool->mend();
    node_.main->mend();
    node_.main->release();
    if (held_) release();
    node_.advance(10s);
    ++sequence_;
    node_.append(partition_of(sequence_), sequence_);
    node_.advance(10s);
    for (int i = 0; i < 10 && node_.journal->is_spooling(); ++i) node_.advance(3s);
  }

  /// Empty, or what promise was broken.
  std::string broken() const {
    if (node_.journal->is_spooling()) return "it is not forwarded in the end";
    std::map<Partition, std::map<std::uint64_t, std::size_t>> place;
    for (Partition p = 0; p < kPartitions; ++p) {
      const Sequences found = node_.in_main(p);
      for (std::size_t i = 0; i < found.size(); ++i) place[p][found[i]] = i;
    }
    for (const auto& [sequence, appended] : node_.answers)
      if (appended.durable() && !place[partition_of(sequence)].contains(sequence))
        return "lost " + std::to_string(sequence);
    if (node_.answers.size() != sequence_) return "an append has no answer";
    for (const auto& [sequence, appended] : node_.answers)
      if (appended.outcome == Outcome::refused && place[partition_of(sequence)].contains(sequence))
        return "refused and stored: " + std::to_string(sequence);
    for (const auto& [before, after] : ordered_)
      if (place[partition_of(before)][before] > place[partition_of(after)][after])
        return std::to_string(after) + " overtook " + std::to_string(before);
    return "";
  }

  std::size_t spooled() const { return node_.journal->counts().spooled; }

 private:
  static Partition partition_of(std::uint64_t sequence) {
    return static_cast<Partition>(sequence % kPartitions);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

  void act() {
    switch (below(16)) {
      case 0:
        return node_.main->break_down("no broker answers");
      case 1:
      case 2:
        return node_.main->mend();
      case 3:
        return node_.main->fail_next(Outcome::unknown, below(2) == 0 ? Kept::no : Kept::yes);
      case 4:
        return node_.main->fail_next(Outcome::refused);
      case 5:
        return node_.main->hold();
      case 6:
      case 7:
        return node_.main->release();
      case 8:
        if (below(3) == 0) restart();
        return;
      case 9:
        return below(4) == 0 ? node_.spool->break_down("the disk is full") : node_.spool->mend();
      case 10:
        return below(4) == 0 ? take_hold() : release();
      case 11:
        return node_.advance(std::chrono::milliseconds(below(4000)));
      default:
        return burst();
    }
  }

  void restart() {
    node_.spool->mend();
    const std::optional<Progress> saved = node_.disk.progress;
    node_.journal.reset();
    if (below(2) == 0) node_.disk.progress = saved;  // it was killed before it could save
    node_.start();
    held_ = false;
    note_answers();
  }
  void take_hold() {
    static_cast<void>(node_.journal->hold_forwarding());
    held_ = true;
  }
  void release() {
    REQUIRE(node_.journal->release_forwarding({}));
    held_ = false;
  }

  // What was answered before an append began must come before it.
  void burst() {
    note_answers();
    for (unsigned n = below(6); n > 0; --n) {
      const std::uint64_t sequence = ++sequence_;
      const auto last = last_answered_.find(partition_of(sequence));
      if (last != last_answered_.end()) candidates_.emplace_back(last->second, sequence);
      node_.append(partition_of(sequence), sequence);
    }
    if (below(2) == 0) node_.settle();
    note_answers();
  }
  void note_answers() {
    for (const auto& [sequence, appended] : node_.answers)
      if (appended.durable()) last_answered_[partition_of(sequence)] = sequence;
    std::erase_if(candidates_, [this](const auto& pair) {
      const auto answer = node_.answers.find(pair.second);
      if (answer == node_.answers.end()) return false;
      if (answer->second.durable()) ordered_.push_back(pair);
      return true;
    });
  }

  std::mt19937 random_;
  Node node_;
  std::uint64_t sequence_ = 0;
  bool held_ = false;
  std::map<Partition, std::uint64_t> last_answered_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> candidates_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ordered_;
};

}  // namespace

TEST_CASE("over a thousand seeds of outages nothing is lost or stored twice or overtaken") {
  std::size_t spooled = 0;
  for (std::uint32_t seed = 1; seed <= 1000; ++seed) {
    Outages outages(seed);
    outages.live();
    const std::string broken = outages.broken();
    if (!broken.empty()) FAIL("seed " << seed << ": " << broken);
    spooled += outages.spooled();
  }
  CHECK(spooled > 5'000);  // the outages were outages
}

}  // namespace tocsin::spool::testing
