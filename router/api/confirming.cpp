#include "router/api/confirming.hpp"

#include <algorithm>

namespace tocsin::api {
namespace {

constexpr Duration kNothingWaits = std::chrono::seconds(10);

}  // namespace

Confirming::Confirming(const Clock& clock, Members members)
    : clock_(clock), members_(std::move(members)) {}

std::vector<std::string> Confirming::unconfirmed(Position fact) const {
  std::vector<std::string> nodes;
  if (!members_) return nodes;
  const auto seen = members_();
  for (std::size_t i = 1; i < seen.size(); ++i)  // the first is this one, which has folded it
    if (seen[i].lives && seen[i].facts < fact)
      nodes.push_back(seen[i].url.empty() ? seen[i].node : seen[i].url);
  return nodes;
}

void Confirming::await(Position fact, Duration most, Done done) {
  std::vector<std::string> left = unconfirmed(fact);
  if (left.empty()) return done(std::move(left));
  const std::lock_guard lock(mutex_);
  waiting_.push_back({fact, clock_.now().elapsed + most, std::move(done)});
}

Duration Confirming::step() {
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return kNothingWaits;
    waiting.swap(waiting_);
  }
  const Duration now = clock_.now().elapsed;
  Duration rest = kNothingWaits;
  for (Waiting& each : waiting) {
    std::vector<std::string> left = unconfirmed(each.fact);
    if (left.empty() || each.until <= now) {
      each.done(std::move(left));
      continue;
    }
    rest = std::min(rest, each.until - now);
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(each));
  }
  return rest;
}

}  // namespace tocsin::api
