#include "router/spool/first_waiting.hpp"

namespace tocsin::spool {
namespace {

constexpr Duration kMarkEvery = std::chrono::seconds(1);

}  // namespace

void FirstWaiting::answered(Duration came) {
  const auto found = handed_.find(came);
  TOCSIN_CHECK(found != handed_.end(), "only what was handed is answered");
  handed_.erase(found);
}

void FirstWaiting::stored(Partition partition, Position last, Duration came) {
  std::deque<Mark>& marks = stored_[partition];
  if (!marks.empty() && came - marks.back().came < kMarkEvery)
    marks.back().last = last;
  else
    marks.push_back({last, came});
}

void FirstWaiting::forget(const journal::Cursor& forwarded) {
  for (std::size_t p = 0; p < stored_.size(); ++p)
    while (!stored_[p].empty() && stored_[p].front().last <= forwarded[p]) stored_[p].pop_front();
}

std::optional<Duration> FirstWaiting::since(const journal::Cursor& forwarded) const {
  std::optional<Duration> since;
  const auto consider = [&since](Duration came) { since = std::min(since.value_or(came), came); };
  if (!handed_.empty()) consider(*handed_.begin());
  for (std::size_t p = 0; p < stored_.size(); ++p)
    for (const Mark& mark : stored_[p])
      if (forwarded[p] < mark.last) {
        consider(mark.came);
        break;
      }
  return since;
}

}  // namespace tocsin::spool
