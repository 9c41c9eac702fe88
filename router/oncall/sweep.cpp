#include "router/oncall/sweep.hpp"

#include "router/oncall/answer.hpp"
#include "router/oncall/rotation.hpp"

namespace tocsin::oncall {
namespace {

constexpr WallTime kNever = WallTime::max();
/// Where a schedule's answer is no step forward (at the ends of time), look again so much later.
constexpr std::chrono::hours kLookAgain{1};

WallTime later(WallTime time, Duration by) { return time < kNever - by ? time + by : kNever; }

/// While a layer's hours hold, the latest of their ends; otherwise the first beginning.
WallTime change_of(const std::vector<Schedule>& only, WallTime time, bool covered) {
  std::optional<WallTime> change;
  for (const Schedule& each : only) {
    if (covered && !each.covers(time)) continue;
    const WallTime its = (covered ? each.ends_at(time) : each.next_start(time)).value_or(kNever);
    change = !change ? its : covered ? std::max(*change, its) : std::min(*change, its);
  }
  if (!change) return kNever;
  return *change > time ? *change : later(time, kLookAgain);
}

WallTime next_hand_over(const Rotation& rotation, const Zone& zone, WallTime time, At& at) {
  const auto current = shift_number(rotation, at.clocks(zone));
  const CivilTime next = hand_over(rotation, current ? *current + 1 : 0);
  const WallTime moment = zone.moments(next).first;
  return moment > time ? moment : kNever;  // past the end of time
}

}  // namespace

Sweep::Sweep(const Rota& rota, std::span<const Override> made, const Directory& people,
             WallTime from)
    : rota_(rota), made_(made), people_(people), layers_(rota.layers.size()), time_(from) {
  const auto add = [&](WallTime begin, WallTime end) {
    if (begin >= end) return;
    if (begin > from) ends_.push_back(begin);
    if (end > from) ends_.push_back(end);
  };
  for (const std::span<const Override> overrides :
       {std::span(rota.overrides.data(), rota.overrides.size()), made})
    for (const Override& each : overrides) add(each.from, each.until);
  for (const Layer& layer : rota.layers)
    for (const std::string& name : layer.people) {
      const auto person = people.people.find(name);
      if (person == people.people.end()) continue;
      for (const Leave& leave : person->second.leave) add(leave.from, leave.until);
    }
  std::sort(ends_.begin(), ends_.end());
  ends_.erase(std::unique(ends_.begin(), ends_.end()), ends_.end());
  look();
}

void Sweep::advance() {
  time_ = next_;
  look();
}

void Sweep::look() {
  At at(time_);
  on_call_ = answer(rota_, made_, people_, at);
  while (next_end_ < ends_.size() && ends_[next_end_] <= time_) ++next_end_;
  next_ = next_end_ < ends_.size() ? ends_[next_end_] : kNever;
  if (on_call_.source.kind == Source::Kind::override) return;
  // Whatever a layer beneath does makes no difference while this one has somebody.
  const std::size_t lowest = on_call_.person.empty() ? 0 : on_call_.source.layer;
  for (std::size_t layer = lowest; layer < layers_.size(); ++layer)
    next_ = std::min(next_, next_of(layer, at));
}

WallTime Sweep::next_of(std::size_t number, At& at) {
  const Layer& layer = rota_.layers[number];
  Ahead& ahead = layers_[number];
  if (!ahead.begun || ahead.hours_until <= time_) {
    ahead.begun = true;
    ahead.covered =
        layer.only.empty() || std::any_of(layer.only.begin(), layer.only.end(),
                                          [&](const Schedule& only) { return at.covers(only); });
    ahead.hours_until = change_of(layer.only, time_, ahead.covered);
  }
  if (!ahead.covered) return ahead.hours_until;
  const Zone& zone = zone_of(rota_, layer);
  if (!ahead.hand_over_known || ahead.hand_over_at <= time_) {
    ahead.hand_over_known = true;
    const bool begun = shift_number(layer.rotation, at.clocks(zone)).has_value();
    ahead.hand_over_at =
        begun && !has_turns(layer) ? kNever : next_hand_over(layer.rotation, zone, time_, at);
  }
  return std::min(ahead.hours_until, ahead.hand_over_at);
}

}  // namespace tocsin::oncall
