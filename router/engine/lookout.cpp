#include "router/engine/lookout.hpp"

#include <algorithm>
#include <utility>

#include "router/engine/noticing.hpp"
#include "router/oncall/vacancy.hpp"

namespace tocsin::engine {
namespace {

// Clocks of two nodes may differ: what was said a moment from now is news as well.
bool is_news(WallTime at, WallTime now) { return now - at < kChangeIsNews; }

bool same_leave(const oncall::Rota& rota, const Configuration& one, const Configuration& other) {
  const auto leave_of = [](const Configuration& configuration, const std::string& name) {
    const auto found = configuration.directory.people.find(name);
    return found == configuration.directory.people.end() ? std::nullopt
                                                         : std::optional(found->second.leave);
  };
  for (const oncall::Layer& layer : rota.layers)
    for (const std::string& name : layer.people)
      if (leave_of(one, name) != leave_of(other, name)) return false;
  return true;
}

bool is_the_same(const oncall::Rota& rota, const Configuration& one, const Configuration& other) {
  const auto found = other.rotas.find(rota.name);
  return found != other.rotas.end() && found->second == rota && same_leave(rota, one, other);
}

// The first of them, taken out.
template <class Map>
auto take_first(Map& map) {
  return map.extract(map.begin());
}

}  // namespace

void Lookout::look_again() {
  at_.reset();
  on_call_.clear();
  gap_ahead_.clear();
  override_changes_.reset();
  if (before_ && rearranged_.empty()) by_ = std::exchange(before_, nullptr);
  heard_ = true;
}

bool Lookout::is_time(const Configuration& configuration, WallTime now) const {
  if (!at_ || heard_ || by_.get() != &configuration || *at_ > now) return true;
  return !configuration.rotas.empty() && std::chrono::floor<std::chrono::minutes>(now) >
                                             std::chrono::floor<std::chrono::minutes>(*at_);
}

std::optional<Duration> Lookout::next_in(const Moment& moment) const {
  const bool more =
      !handed_over_.empty() || !gaps_.empty() || !overridden_.empty() || !rearranged_.empty();
  if (more || heard_ || !at_) return Duration::zero();
  if (!by_ || by_->rotas.empty()) return std::nullopt;
  const WallTime now = moment.now.wall;
  return std::chrono::floor<std::chrono::minutes>(now) + kLookForHandovers - now;
}

void Lookout::look_for_handovers(const oncall::Roster& roster, WallTime now) {
  if (!at_) {
    oncall::At then(now - kLateHandover);
    for (const auto& [rota, on_call] : oncall::everybody(roster, then))
      on_call_.insert_or_assign(std::string(rota), on_call.person);
  }
  std::map<std::string, std::string, std::less<>> present;
  oncall::At at(now);
  for (const auto& [rota, on_call] : oncall::everybody(roster, at)) {
    const auto before = on_call_.find(rota);
    // Of a rota that was not there its people are told as of one that was rearranged.
    if (before != on_call_.end() && before->second != on_call.person)
      handed_over_.emplace(std::string(rota), before->second);
    present.emplace_hint(present.end(), std::string(rota), on_call.person);
  }
  on_call_ = std::move(present);
}

void Lookout::look_ahead(const oncall::Roster& roster, WallTime now) {
  std::set<std::string, std::less<>> ahead;
  oncall::At at(now + kGapAhead);
  for (const auto& [name, on_call] : oncall::everybody(roster, at)) {
    if (!on_call.person.empty()) continue;
    const oncall::Rota& rota = roster.rotas.find(name)->second;
    if (!oncall::is_in_hours(rota, at.time())) continue;
    ahead.emplace(name);
    if (!gap_ahead_.contains(name)) gaps_.emplace(name);
  }
  gap_ahead_ = std::move(ahead);
  if (at_) return;
  for (const auto& each : roster.rotas) gaps_.insert(each.first);
}

void Lookout::look_at_overrides(const Facts& facts, WallTime now) {
  if (override_changes_ == facts.override_changes) return;
  override_changes_ = facts.override_changes;
  for (const auto& [id, kept] : facts.made_overrides) {
    if (!is_news(kept.said.ended_at.value_or(kept.said.made_at), now)) continue;
    overridden_.insert(id);
    gaps_.insert(kept.said.rota);
  }
}

void Lookout::compare(const std::shared_ptr<const Configuration>& configuration) {
  const std::shared_ptr<const Configuration> before = std::exchange(by_, configuration);
  if (!before || before == configuration) return;
  before_ = before;
  const auto changed = [&](const std::string& rota) {
    rearranged_.emplace(rota, before);  // compared with the earliest, if that is not told yet
    gaps_.insert(rota);
  };
  for (const auto& [name, rota] : configuration->rotas)
    if (!is_the_same(rota, *configuration, *before)) changed(name);
  for (const auto& [name, rota] : before->rotas)
    if (!configuration->rotas.contains(name)) changed(name);
}

std::vector<Effect> Lookout::look(const PartitionState& state,
                                  std::shared_ptr<const Configuration> configuration,
                                  const Moment& moment) {
  if (at_) before_.reset();  // what was noticed at the last look was said
  const WallTime now = moment.now.wall;
  const Facts& facts = state.facts;
  const oncall::Roster roster{configuration->rotas, configuration->directory, facts.overrides};
  if (is_time(*configuration, now)) {
    if (at_ && (now < *at_ || now - *at_ >= kLateHandover)) look_again();
    compare(configuration);
    look_for_handovers(roster, now);
    look_at_overrides(facts, now);
    look_ahead(roster, now);
    at_ = now;
    heard_ = false;
  }
  Noticing told(state, *configuration, now);
  for (const control::ContactTest& test : facts.contact_tests)
    if (is_news(test.at, now)) told.test(test);
  const auto rota_of = [&](const std::string& name) -> const oncall::Rota* {
    const auto found = configuration->rotas.find(name);
    return found == configuration->rotas.end() ? nullptr : &found->second;
  };
  for (std::size_t news = 0; news < kMostNewsPerLook && told.size() < kMostNoticesPerTurn; ++news) {
    if (!handed_over_.empty()) {
      const auto each = take_first(handed_over_);
      if (const auto* rota = rota_of(each.key())) told.hand_over(*rota, each.mapped());
    } else if (!overridden_.empty()) {
      const auto each = take_first(overridden_);
      const auto made = facts.made_overrides.find(each.value());
      if (made == facts.made_overrides.end()) continue;
      if (const auto* rota = rota_of(made->second.said.rota))
        told.overridden(*rota, made->second.said);
    } else if (!rearranged_.empty()) {
      const auto each = take_first(rearranged_);
      const oncall::Rota* rota = rota_of(each.key());
      if (!rota) rota = &each.mapped()->rotas.find(each.key())->second;  // it is gone
      told.rearranged(*rota, *each.mapped(), kShiftsCompared);
    } else if (!gaps_.empty()) {
      const auto each = take_first(gaps_);
      if (const auto* rota = rota_of(each.value())) told.gaps(*rota, kGapAhead + kLookForHandovers);
    } else {
      break;
    }
  }
  return told.take();
}

}  // namespace tocsin::engine
