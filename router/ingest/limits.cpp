#include "router/ingest/limits.hpp"

#include <utility>

namespace tocsin::ingest {

std::optional<Limits::Refusal> Limits::refuse(const std::string& integration, const Rate& rate,
                                              Duration now) {
  const std::lock_guard lock(mutex_);
  const auto known = all_.find(integration);
  if (known == all_.end()) return std::nullopt;
  Known& its = known->second;
  const Duration wait = wait_for(its.spent, rate, now);
  if (wait == Duration::zero()) return std::nullopt;
  ++its.refused;
  if (its.told && now - *its.told < kTellLimitedEvery) return Refusal{wait, 0};
  its.told = now;
  return Refusal{wait, std::exchange(its.refused, 0)};
}

void Limits::spend(const std::string& integration, const Rate& rate, Duration now,
                   std::size_t count) {
  const std::lock_guard lock(mutex_);
  Known& its = all_[integration];
  its.spent = tocsin::spend(its.spent, rate, now, count);
}

bool Limits::hold(const std::string& integration, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  std::size_t& held = under_way_[integration];
  if (held > 0 && held + bytes > kMostUnderWayBytes) return false;
  held += bytes;
  return true;
}

void Limits::release(const std::string& integration, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto its = under_way_.find(integration);
  its->second -= bytes;
  if (its->second == 0) under_way_.erase(its);
}

}  // namespace tocsin::ingest
