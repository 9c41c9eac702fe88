#include "router/api/gap_gauges.hpp"

#include "router/oncall/vacancy.hpp"

namespace tocsin::api {

// Some at each reading, until all are known.
void GapGauges::look_ahead(const OnCallView& view, WallTime now) {
  if (by_ != view.configuration || overrides_ != view.overrides) {
    by_ = view.configuration;
    overrides_ = view.overrides;
    ahead_.clear();
  }
  std::size_t looked = 0;
  for (const auto& [name, rota] : view.configuration->rotas) {
    const auto known = ahead_.find(name);
    const bool good = known != ahead_.end() && now >= known->second.looked &&
                      now - known->second.looked < kAheadKept &&
                      (!known->second.gap || *known->second.gap > now);
    if (good) continue;
    if (++looked > kMostLookedAhead) return;
    Ahead ahead{now, {}};
    for (const auto& vacancy : oncall::vacancies(view.roster(), rota, now, now + kGapsLookedFor))
      if (vacancy.unmeant_from && !ahead.gap) ahead.gap = vacancy.unmeant_from;
    ahead_[name] = ahead;
  }
}

std::vector<RotaGauge> GapGauges::read(WallTime now, const std::function<Asked()>& ask) {
  const std::lock_guard lock(mutex_);
  // Also in the other direction: two who ask at once have read the clock one after the other.
  if (read_at_ && now - *read_at_ < kGaugesKept && *read_at_ - now < kGaugesKept) return last_;
  const Asked asked = ask();
  const OnCallView& view = asked.view;
  look_ahead(view, now);
  last_.clear();
  oncall::At at(now);
  std::map<std::string, bool> reached;  // by person: each is asked about once
  for (const auto& [name, on_call] : oncall::everybody(view.roster(), at)) {
    RotaGauge gauge;
    gauge.rota = std::string(name);
    const oncall::Rota& rota = view.configuration->rotas.find(name)->second;
    const auto person = view.configuration->directory.people.find(on_call.person);
    if (person == view.configuration->directory.people.end()) {
      gauge.gap = true;
      gauge.closed = !oncall::is_in_hours(rota, now);
    } else {
      const auto known = reached.try_emplace(on_call.person, false);
      if (known.second) known.first->second = asked.book.reaches(person->second, false);
      gauge.gap = !known.first->second;
    }
    if (const auto ahead = ahead_.find(gauge.rota); ahead != ahead_.end() && ahead->second.gap)
      gauge.next_gap = std::max(*ahead->second.gap - now, Duration::zero());
    last_.push_back(std::move(gauge));
  }
  read_at_ = now;
  return last_;
}

}  // namespace tocsin::api
