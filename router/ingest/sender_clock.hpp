// Whether an alert whose end is past has ended, where that is all its sender says of it
// (SourceSpec::over_by_end): the end is a moment of the sender's clock, and ours may be ahead of
// it.
//
// Such a sender gives whatever fires an end some minutes ahead of its own clock, and a later one
// with every re-send; what is over has the end at which it ended, in every re-send the same. So
// from one word about an alert to the next, the end of one that fires moves on as fast as time
// does, and the end of one that is over stays behind by as long as a word holds. That is measured
// with our steady clock, and holds however wrong a wall clock is. Where an alert was not heard of
// before, its end is compared with our clock, less what other alerts of the integration have shown
// of late.
//
// In doubt an alert that was known to fire goes on firing until its next word. Any thread may call.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "router/core/alert.hpp"
#include "router/core/time.hpp"

namespace tocsin::ingest {

/// What an alert that fires says of its end, as far as this node has folded the journal.
struct FiringWord {
  WallTime ends_at{};
  Instant heard;
};
/// Of the alert with this key; nothing: it is not known, or does not fire.
using FiringWordOf = std::function<std::optional<FiringWord>(const std::string& key)>;

/// How long a word holds at least, where nobody has said it: what Prometheus's rulers say is four
/// times their interval or a minute.
inline constexpr Duration kLeastWordHolds = std::chrono::minutes(5);
/// Two words of an alert within less show nothing.
inline constexpr Duration kLeastBetweenWords = std::chrono::seconds(20);
/// An end that is past by less is now.
inline constexpr Duration kEndsNow = std::chrono::seconds(10);
/// An end that is past by less is that of an alert that has just ended.
inline constexpr Duration kJustEnded = std::chrono::minutes(1);
/// What is over is sent for a quarter of an hour; after so long its words are forgotten.
inline constexpr Duration kWordsKept = std::chrono::minutes(20);
/// Of one integration. Past that an end is compared with our clock, and nothing else.
inline constexpr std::size_t kMostWordsKept = 10'000;
/// Clocks that differ by more are worth a warning.
inline constexpr Duration kClocksDiffer = std::chrono::minutes(1);

/// It is told in the log once in so long.
inline constexpr Duration kTellClocksEvery = std::chrono::minutes(10);

class SenderClock {
 public:
  struct Differing {
    Duration ahead{};  // our clock, of the sender's; negative: behind
    bool tell = false;
  };
  /// The alerts of one request of this integration: those that fire in spite of their ends fire,
  /// and end when their word is over by our clock. Returns by how much the clocks differ, where the
  /// alerts show that it is by more than kClocksDiffer.
  std::optional<Differing> judge(const std::string& integration, std::vector<Alert>& alerts,
                                 const Instant& received, const FiringWordOf& firing_word_of);

 private:
  struct Word {
    WallTime starts_at{}, ends_at{};  // as the sender says
    Instant heard;
    Duration holds{};  // from when it was sent; zero: it was taken for over
    Instant last_heard;
  };
  struct Shown {  // by alerts that fire although their ends are past
    Instant at;
    Duration ahead{}, holds{};
  };
  struct Sender {
    std::map<std::string, Word> words;  // what to measure each alert by whose end was past
    std::optional<Shown> shown;
    std::optional<Instant> told;
  };
  /// What is made of an alert whose end is past: for how long its word holds, or zero.
  struct Verdict {
    Duration holds{};
    bool sure = true;    // otherwise its next word tells
    bool shows = false;  // how the clocks differ
  };
  static Verdict verdict(const Alert& alert, const Instant& received, const Word* last,
                         const std::optional<Shown>& shown, const FiringWordOf& firing_word_of);
  std::optional<Duration> judge_past(const std::string& integration, Alert& alert,
                                     const Instant& received, const FiringWordOf& firing_word_of);

  std::mutex mutex_;  // never held while firing_word_of is called
  std::map<std::string, Sender> senders_;
};

}  // namespace tocsin::ingest
