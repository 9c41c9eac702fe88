#include <cstdio>

#include "router/oncall/rota.hpp"

namespace tocsin::oncall {
namespace {

/// Past it nobody is told when: what ends then has no end.
constexpr std::chrono::sys_days kLastDay = std::chrono::year(9999) / 12 / 31;

std::string because(const Rota& rota, const Source& source) {
  const std::string why = source.why.empty() ? "" : ": " + source.why;
  const std::string layer =
      rota.layers.size() > 1 ? "layer " + std::to_string(source.layer + 1) : "";
  switch (source.kind) {
    case Source::Kind::nobody:
      return "";
    case Source::Kind::layer:
      return layer.empty() ? "" : " (" + layer + ")";
    case Source::Kind::cover:
      return " (" + layer + (layer.empty() ? "" : ", ") + "for " + source.instead_of +
             ", who is away" + why + ")";
    case Source::Kind::override:
      return " (override" + why + ")";
  }
  return "";
}

}  // namespace

std::string clock_text(const Zone& zone, WallTime time) {
  const CivilTime civil = zone.civil(time);
  char date[64];
  std::snprintf(date, sizeof date, " %04lld-%02d-%02d %02d:%02d",
                static_cast<long long>(civil.year), civil.month, civil.day, civil.hour,
                civil.minute);
  std::string text = std::string(to_string(civil.weekday())) + date;
  if (civil.second != 0) {
    std::snprintf(date, sizeof date, ":%02d", civil.second);
    text += date;
  }
  return text + " " + zone.abbreviation(time);
}

std::string sentence(const Rota& rota, const Shift& shift) {
  const std::string until =
      shift.until < kLastDay ? " until " + clock_text(rota.time_zone, shift.until) : "";
  const std::string& person = shift.on_call.person;
  return (person.empty() ? "nobody is" : person + ",") + " on call in " + rota.name + until +
         because(rota, shift.on_call.source);
}

}  // namespace tocsin::oncall
