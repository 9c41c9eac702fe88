#include "router/offline/schedule.hpp"

#include <algorithm>
#include <map>

#include "router/core/text.hpp"

namespace tocsin::offline {
namespace {

using engine::Told;

bool together(const Told& a, const Told& b) {
  return a.after == b.after && a.kind == b.kind && a.fallback == b.fallback && a.round == b.round &&
         a.step == b.step && a.why == b.why;
}

std::vector<Line> gathered(const std::vector<Told>& told) {
  std::vector<Line> lines;
  for (const Told& each : told) {
    if (lines.empty() || !together(lines.back().told, each)) lines.push_back({each, {}, {}, 0});
    lines.back().contacts.push_back(each.contact);
    lines.back().rotas.push_back(each.rota);
  }
  return lines;
}

struct Round {
  std::vector<Line> lines;
  Duration start() const { return lines.front().told.after; }
};

/// Whether it tells the same people the same, each so long after its beginning.
bool alike(const Round& a, const Round& b) {
  return std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(),
                    [&](const Line& x, const Line& y) {
                      return x.contacts == y.contacts && x.told.step == y.told.step &&
                             x.told.after - a.start() == y.told.after - b.start();
                    });
}

}  // namespace

Schedule schedule_of(const std::vector<Told>& told) {
  Schedule schedule;
  std::map<std::pair<bool, std::uint32_t>, Round> rounds;
  for (Line& line : gathered(told)) {
    if (line.told.kind == MessageKind::page)
      rounds[{line.told.fallback, line.told.round}].lines.push_back(std::move(line));
    else
      schedule.lines.push_back(std::move(line));
  }
  const Round* shown = nullptr;  // the last round that is shown in full
  std::size_t repeats = 0;       // where the line is that stands for those like it; 0: none yet
  for (auto& [place, round] : rounds) {
    const auto [fallback, number] = place;
    if (fallback && number > 0) {
      if (!schedule.then_every) schedule.then_every = round.start() - rounds[{true, 0}].start();
      continue;
    }
    if (!fallback && shown != nullptr && alike(*shown, round)) {
      if (repeats == 0) {
        schedule.lines.push_back(round.lines.front());
        repeats = schedule.lines.size();
      }
      ++schedule.lines[repeats - 1].more_rounds;
      continue;
    }
    shown = &round;
    repeats = 0;
    schedule.lines.insert(schedule.lines.end(), round.lines.begin(), round.lines.end());
  }
  std::stable_sort(schedule.lines.begin(), schedule.lines.end(),
                   [](const Line& a, const Line& b) { return a.told.after < b.told.after; });
  return schedule;
}

std::string moment(Duration after) {
  return after == Duration::zero() ? "at once" : "+" + format_duration(after);
}

std::string whom(const Contact& contact) {
  return contact.person.empty() ? contact.channel.str() : contact.person + " by " + contact.channel;
}

std::string whom(const Line& line) {
  std::string text;
  for (std::size_t i = 0; i < line.contacts.size(); ++i) {
    text += (text.empty() ? "" : ", ") + whom(line.contacts[i]);
    if (!line.rotas[i].empty()) text += " (on call in " + line.rotas[i] + ")";
  }
  return text;
}

std::string what(const Told& told) {
  if (told.kind != MessageKind::page)
    return (told.kind == MessageKind::hook ? "the hook runs" : "hears: " + one_line(told.why));
  return "step " + std::to_string(told.step + 1) + " of " + told.policy +
         (told.fallback ? ", the default policy" : "") + ": " + one_line(told.why);
}

}  // namespace tocsin::offline
