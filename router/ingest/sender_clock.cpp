#include "router/ingest/sender_clock.hpp"

#include <algorithm>

namespace tocsin::ingest {
namespace {

/// What was shown of the clocks is good for so long.
constexpr Duration kShownHolds = std::chrono::minutes(10);
/// A word is sent again at each interval of its rules, and holds for four of them.
constexpr int kIntervalsOfWord = 4;

Duration passed_since(const Instant& heard, const Instant& received) {
  return elapsed_between(heard, received, Duration::max());
}

// Its end moved on as time did: that of what is over would be behind by all that a word holds. One
// that moved on by much more comes from a clock that was stepped as ours was.
bool goes_on(Duration moved, Duration passed, Duration holds) {
  return std::chrono::abs(moved - passed) < holds / 2;
}

// What is over and said to be over once more, as some do with a new end each time, ends now.
bool goes_on_again(Duration moved, Duration passed, Duration past) {
  return passed >= kLeastBetweenWords && past >= kEndsNow && moved >= passed / 2 &&
         moved <= passed * 2;
}

// And our clock has not been stepped since.
bool holds_still(const Instant& shown, const Instant& received) {
  const Duration passed = passed_since(shown, received);
  return passed < kShownHolds &&
         std::chrono::abs(received.wall - shown.wall - passed) < kClocksDiffer;
}

}  // namespace

SenderClock::Verdict SenderClock::verdict(const Alert& alert, const Instant& received,
                                          const Word* last, const std::optional<Shown>& shown,
                                          const FiringWordOf& firing_word_of) {
  const WallTime end = *alert.ends_at;
  if (last != nullptr) {
    const Duration passed = passed_since(last->heard, received);
    const Duration moved = end - last->ends_at;
    if (last->holds > Duration::zero())
      return {goes_on(moved, passed, last->holds) ? last->holds : Duration::zero(), true, true};
    const bool again =
        alert.starts_at < last->ends_at && goes_on_again(moved, passed, received.wall - end);
    if (!again) return {};
    return {std::max(kLeastWordHolds, kIntervalsOfWord * passed), true, true};
  }
  const auto known = firing_word_of ? firing_word_of(alert.key) : std::nullopt;
  if (known) {
    const Duration holds = known->ends_at - known->heard.wall;
    if (holds > Duration::zero() &&
        goes_on(end - known->ends_at, passed_since(known->heard, received), holds))
      return {holds, true, true};
  }
  if (shown && holds_still(shown->at, received)) {
    const bool fires = end - received.wall + shown->ahead > shown->holds / 2;
    return {fires ? shown->holds : Duration::zero(), true, false};
  }
  if (known && received.wall - end > kJustEnded) return {kLeastWordHolds, false, false};
  return {};
}

std::optional<Duration> SenderClock::judge_past(const std::string& integration, Alert& alert,
                                                const Instant& received,
                                                const FiringWordOf& firing_word_of) {
  std::optional<Word> last;
  std::optional<Shown> shown;
  {
    const std::lock_guard lock(mutex_);
    const Sender& sender = senders_[integration];
    if (const auto found = sender.words.find(alert.key); found != sender.words.end())
      last = found->second;
    shown = sender.shown;
  }
  const Verdict verdict =
      SenderClock::verdict(alert, received, last ? &*last : nullptr, shown, firing_word_of);
  const bool fires = verdict.holds > Duration::zero();
  const Duration ahead = received.wall - *alert.ends_at + verdict.holds;
  // From one that fires on, all later ones are measured: what would be little from word to word
  // adds up.
  Word word = last && last->holds > Duration::zero() && fires
                  ? *last
                  : Word{alert.starts_at, *alert.ends_at, received,
                         verdict.sure ? verdict.holds : Duration::zero(), received};
  word.last_heard = received;
  if (fires) {
    alert.status = AlertStatus::firing;
    alert.ends_at = received.wall + verdict.holds;
  }
  const std::lock_guard lock(mutex_);
  Sender& sender = senders_[integration];
  if (fires && verdict.shows) sender.shown = Shown{received, ahead, verdict.holds};
  if (!sender.words.contains(alert.key) && sender.words.size() >= kMostWordsKept)
    std::erase_if(sender.words, [&](const auto& each) {
      return passed_since(each.second.last_heard, received) >= kWordsKept;
    });
  if (sender.words.contains(alert.key) || sender.words.size() < kMostWordsKept)
    sender.words[alert.key] = word;
  return fires && verdict.shows && ahead > kClocksDiffer ? std::optional(ahead) : std::nullopt;
}

std::optional<SenderClock::Differing> SenderClock::judge(const std::string& integration,
                                                         std::vector<Alert>& alerts,
                                                         const Instant& received,
                                                         const FiringWordOf& firing_word_of) {
  std::optional<Duration> differ;
  for (Alert& alert : alerts) {
    if (alert.starts_at - received.wall > kClocksDiffer)
      differ = std::min(differ.value_or(Duration::zero()), received.wall - alert.starts_at);
    if (!alert.ends_at) continue;
    if (alert.status == AlertStatus::resolved) {
      const auto ahead = judge_past(integration, alert, received, firing_word_of);
      if (ahead) differ = std::max(differ.value_or(*ahead), *ahead);
      continue;
    }
    const std::lock_guard lock(mutex_);
    const auto sender = senders_.find(integration);
    if (sender == senders_.end()) continue;
    sender->second.words.erase(alert.key);
    sender->second.shown.reset();
  }
  if (!differ) return std::nullopt;
  const std::lock_guard lock(mutex_);
  std::optional<Instant>& told = senders_[integration].told;
  const bool tell = !told || passed_since(*told, received) >= kTellClocksEvery;
  if (tell) told = received;
  return Differing{*differ, tell};
}

}  // namespace tocsin::ingest
