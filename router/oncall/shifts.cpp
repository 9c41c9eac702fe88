#include <algorithm>

#include "router/oncall/answer.hpp"
#include "router/oncall/sweep.hpp"

namespace tocsin::oncall {
namespace {

/// There is no walk backwards: so much before a moment is walked first, then twice as much before
/// that, and so on.
constexpr std::chrono::hours kFirstStretch{24};
constexpr std::chrono::hours kLongestStretch{24 * 366 * 100};

std::vector<Shift> walk(const Rota& rota, std::span<const Override> made, const Directory& people,
                        WallTime from, WallTime until) {
  std::vector<Shift> found;
  if (from >= until) return found;
  Sweep sweep(rota, made, people, from);
  for (std::size_t looks = 0; looks < kMostLooks; ++looks) {
    const WallTime end = std::min(sweep.next(), until);
    if (!found.empty() && found.back().on_call == sweep.on_call())
      found.back().until = end;
    else if (found.size() < kMostShifts)
      found.push_back({sweep.time(), end, sweep.on_call()});
    else
      break;
    if (end == until) break;
    sweep.advance();
  }
  return found;
}

/// When what is on call just after `end` began, not before `earliest`.
WallTime begin_of(const Rota& rota, std::span<const Override> made, const Directory& people,
                  const OnCall& same, WallTime end, WallTime earliest) {
  for (Duration stretch = kFirstStretch; end > earliest;
       stretch = std::min<Duration>(stretch * 2, kLongestStretch)) {
    const WallTime from = std::max(earliest, earlier(end, stretch));
    const std::vector<Shift> before = walk(rota, made, people, from, end);
    if (before.back().until != end || before.back().on_call != same) return end;
    if (before.size() > 1) return before.back().from;
    end = from;
  }
  return end;
}

}  // namespace

std::vector<Shift> shifts(const Roster& roster, std::string_view rota, WallTime from,
                          WallTime until) {
  const auto found = roster.rotas.find(rota);
  if (found != roster.rotas.end())
    return walk(found->second, made_for(roster.overrides, rota), roster.people, from, until);
  if (from >= until) return {};
  return {{from, until, {}}};
}

Shift shift_at(const Roster& roster, std::string_view rota, WallTime at, Duration most) {
  most = std::max(most, Duration(1));
  const WallTime earliest = earlier(at, most);
  const WallTime latest = later(at, most);
  const auto found = roster.rotas.find(rota);
  if (found == roster.rotas.end()) return {earliest, latest, {}};
  const auto made = made_for(roster.overrides, rota);
  Sweep sweep(found->second, made, roster.people, at);
  Shift shift{at, std::min(sweep.next(), latest), sweep.on_call()};
  for (std::size_t looks = 1; looks < kMostLooks && shift.until < latest; ++looks) {
    sweep.advance();
    if (sweep.on_call() != shift.on_call) break;
    shift.until = std::min(sweep.next(), latest);
  }
  shift.from = begin_of(found->second, made, roster.people, shift.on_call, at, earliest);
  return shift;
}

}  // namespace tocsin::oncall
