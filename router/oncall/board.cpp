#include "router/oncall/board.hpp"

#include <algorithm>
#include <limits>

#include "router/oncall/answer.hpp"
#include "router/oncall/rotation.hpp"

namespace tocsin::oncall {
namespace {

constexpr auto kNobody = std::numeric_limits<std::uint32_t>::max();  // who does not exist

std::uint32_t size_of(const auto& list) { return static_cast<std::uint32_t>(list.size()); }

}  // namespace

/// A moment, by the numbers of zones and people.
struct Board::Now {
  At& at;
  std::vector<const At::Clocks*> clocks;
  std::vector<const Leave*> away;
};

Board::Board(const Roster& roster) {
  lines_.reserve(roster.rotas.size());
  for (const auto& [name, rota] : roster.rotas) {
    Line line;
    line.name = &name;
    line.windows.begin = size_of(windows_);
    add_windows(roster.people, rota.overrides);
    const auto made = roster.overrides.find(name);
    if (made != roster.overrides.end()) add_windows(roster.people, made->second);
    line.windows.end = size_of(windows_);
    line.layers.begin = size_of(layers_);
    for (const Layer& layer : rota.layers) add(rota, layer, roster.people);
    line.layers.end = size_of(layers_);
    lines_.push_back(line);
  }
}

std::uint32_t Board::number_of(const Zone& zone) {
  const auto found = std::find(zones_.begin(), zones_.end(), zone);
  if (found != zones_.end()) return static_cast<std::uint32_t>(found - zones_.begin());
  zones_.push_back(zone);
  return size_of(zones_) - 1;
}

std::uint32_t Board::number_of(const Directory& people, const std::string& name) {
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return known->second;
  const auto found = people.people.find(name);
  if (found == people.people.end()) return kNobody;
  people_.push_back(&found->second);
  return numbers_.emplace(found->first, size_of(people_) - 1).first->second;
}

void Board::add_windows(const Directory& people, const std::vector<Override>& overrides) {
  for (const Override& each : overrides)
    if (each.from < each.until && people.people.contains(each.person))
      windows_.push_back({each.from, each.until, &each});
}

void Board::add(const Rota& rota, const Layer& layer, const Directory& people) {
  Turns turns;
  turns.start = layer.rotation.start.seconds();
  turns.length = even_length(layer.rotation);
  turns.layer = &layer;
  turns.zone = number_of(zone_of(rota, layer));
  turns.hours.begin = size_of(hours_);
  hours_.insert(hours_.end(), layer.only.begin(), layer.only.end());
  turns.hours.end = size_of(hours_);
  turns.people.begin = size_of(turns_);
  for (const std::string& name : layer.people) turns_.push_back(number_of(people, name));
  turns.people.end = size_of(turns_);
  layers_.push_back(turns);
}

std::vector<std::pair<std::string_view, OnCall>> Board::everybody(At& at) const {
  Now now{at, {}, {}};
  for (const Zone& zone : zones_) now.clocks.push_back(&at.clocks(zone));
  for (const Person* person : people_) now.away.push_back(leave_at(*person, at.time()));
  std::vector<std::pair<std::string_view, OnCall>> all;
  all.reserve(lines_.size());
  for (const Line& line : lines_) all.emplace_back(*line.name, ask(line, now));
  return all;
}

OnCall Board::ask(const Line& line, const Now& now) const {
  const WallTime time = now.at.time();
  for (std::uint32_t i = line.windows.end; i-- > line.windows.begin;)
    if (windows_[i].from <= time && time < windows_[i].until)
      return by_override(*windows_[i].override);
  for (std::uint32_t i = line.layers.end; i-- > line.layers.begin;) {
    OnCall found = ask(layers_[i], i - line.layers.begin, now);
    if (!found.person.empty()) return found;
  }
  return {};
}

OnCall Board::ask(const Turns& turns, std::size_t layer, const Now& now) const {
  const std::uint32_t count = turns.people.end - turns.people.begin;
  if (count == 0) return {};
  const auto first = hours_.begin() + turns.hours.begin, last = hours_.begin() + turns.hours.end;
  if (first != last &&
      std::none_of(first, last, [&](const Schedule& hours) { return now.at.covers(hours); }))
    return {};
  const At::Clocks& clocks = *now.clocks[turns.zone];
  if (clocks.reached_seconds < turns.start) return {};
  const std::int64_t shift = turns.length > 0
                                 ? (clocks.reached_seconds - turns.start) / turns.length
                                 : shift_number(turns.layer->rotation, clocks).value_or(0);
  const auto turn = static_cast<std::uint32_t>(shift % count);
  const std::uint32_t scheduled = turns_[turns.people.begin + turn];
  if (scheduled == kNobody) return {};
  const Leave* away = now.away[scheduled];
  if (!away) return {people_[scheduled]->name, {Source::Kind::layer, layer, {}, {}}};
  for (std::uint32_t further = 1; further < count; ++further) {
    const std::uint32_t next = turns_[turns.people.begin + (turn + further) % count];
    if (next != scheduled && next != kNobody && !now.away[next])
      return {people_[next]->name,
              {Source::Kind::cover, layer, people_[scheduled]->name, away->why}};
  }
  return {};
}

}  // namespace tocsin::oncall
