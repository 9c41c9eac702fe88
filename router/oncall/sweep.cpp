#include "router/oncall/sweep.hpp"

#include "router/oncall/answer.hpp"
#include "router/oncall/hours.hpp"
#include "router/oncall/rotation.hpp"

namespace tocsin::oncall {
namespace {

constexpr WallTime kNever = WallTime::max();
/// When a shift begins that is still to come; never, past the end of time.
WallTime moment_of(const Rotation& rotation, std::int64_t number, const Zone& zone, WallTime time) {
  const WallTime moment = zone.moments(hand_over(rotation, number)).first;
  return moment > time ? moment : kNever;
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
  const Zone& zone = zone_of(rota_, layer);
  Ahead& ahead = layers_[number];
  if (ahead.hand_over_at <= time_ || !ahead.known) {
    const auto shift = shift_number(layer.rotation, at.clocks(zone));
    ahead.begun = shift.has_value();
    ahead.hand_over_at = ahead.begun && !has_turns(layer)
                             ? kNever
                             : moment_of(layer.rotation, shift ? *shift + 1 : 0, zone, time_);
  }
  if (ahead.begun && (ahead.hours_until <= time_ || !ahead.hours_known)) {
    ahead.hours_known = true;
    ahead.covered = within(layer.only, at);
    ahead.hours_until = change_after(layer.only, time_, ahead.covered);
  }
  ahead.known = true;
  if (!ahead.begun) return ahead.hand_over_at;
  return ahead.covered ? std::min(ahead.hours_until, ahead.hand_over_at) : ahead.hours_until;
}

}  // namespace tocsin::oncall
