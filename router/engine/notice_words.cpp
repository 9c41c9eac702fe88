#include "router/engine/notice_words.hpp"

#include <algorithm>
#include <cstdio>

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostPeriodsNamed = 3;

// "Mon 2026-11-30 10:00"
std::string moment(const oncall::Rota& rota, WallTime time) {
  const CivilTime civil = rota.time_zone.civil(time);
  char date[64];
  std::snprintf(date, sizeof date, " %04lld-%02d-%02d %02d:%02d",
                static_cast<long long>(civil.year), civil.month, civil.day, civil.hour,
                civil.minute);
  return std::string(to_string(civil.weekday())) + date;
}

std::string with_zone(const oncall::Rota& rota, WallTime time) {
  return moment(rota, time) + " " + rota.time_zone.abbreviation(time);
}

/// A shift that has no end in sight ends so late.
constexpr std::chrono::sys_days kLastDay = std::chrono::year(9999) / 12 / 31;

std::string until(const oncall::Rota& rota, WallTime time) {
  return time < kLastDay ? " until " + with_zone(rota, time) : "";
}

std::string with_why(const std::string& what, const std::string& why) {
  return what + (why.empty() ? "" : ": " + why);
}

std::string override_by(const control::RotaOverride& made) {
  return with_why("override by " + made.by, made.why);
}

std::string because(const oncall::Rota& rota, const oncall::OnCall& on_call) {
  using Kind = oncall::Source::Kind;
  const oncall::Source& source = on_call.source;
  if (source.kind == Kind::override) return with_why("an override", source.why);
  if (source.kind == Kind::cover)
    return with_why("for " + source.instead_of + ", who is away", source.why);
  if (source.kind == Kind::layer && rota.layers.size() > 1)
    return "layer " + std::to_string(source.layer + 1) + " of the rota";
  return {};
}

std::string all_of(const oncall::Rota& rota, const std::vector<Period>& periods) {
  std::string text;
  for (std::size_t i = 0; i < periods.size() && i < kMostPeriodsNamed; ++i)
    text += (i ? ", " : "") + spoken(rota, periods[i]);
  if (periods.size() > kMostPeriodsNamed)
    text += " and " + std::to_string(periods.size() - kMostPeriodsNamed) + " more";
  return text;
}

std::vector<Period> without(std::vector<Period> these, const std::vector<Period>& those) {
  std::erase_if(these, [&](const Period& each) {
    return std::find(those.begin(), those.end(), each) != those.end();
  });
  return these;
}

}  // namespace

std::string spoken(const oncall::Rota& rota, const Period& period) {
  return "from " + moment(rota, period.from) + until(rota, period.until);
}

NoticeWords comes_on(const oncall::Rota& rota, const oncall::Shift& shift,
                     const std::string& before) {
  std::string text = because(rota, shift.on_call);
  if (!before.empty()) text += (text.empty() ? "" : "; ") + ("before you it was " + before);
  return {"You are on call for " + rota.name + until(rota, shift.until), text};
}

NoticeWords goes_off(const oncall::Rota& rota, const oncall::Shift& shift) {
  const std::string& person = shift.on_call.person;
  return {"You are not on call for " + rota.name + " any more",
          (person.empty() ? "nobody" : person) + " is on call now" + until(rota, shift.until) +
              with_why("", because(rota, shift.on_call))};
}

NoticeWords nobody_is(const oncall::Rota& rota, const Period& gap, WallTime now) {
  const bool begun = gap.from <= now;
  const std::string end =
      gap.until < kLastDay ? " --until " + format_rfc3339(gap.until) : std::string(" --for 8h");
  return {begun ? "Nobody is on call for " + rota.name + until(rota, gap.until)
                : "Nobody will be on call for " + rota.name + " " + spoken(rota, gap),
          "What pages this rota goes on to the next step, and in the end to the default policy. "
          "To put somebody on call: tocsin override add " +
              rota.name + " PERSON --from " + format_rfc3339(std::max(gap.from, now)) + end};
}

NoticeWords put_on(const oncall::Rota& rota, const control::RotaOverride& made) {
  return {"You are on call for " + rota.name + " " + spoken(rota, {made.from, made.until}),
          override_by(made)};
}

NoticeWords replaced(const oncall::Rota& rota, const control::RotaOverride& made,
                     const Period& period) {
  return {"You are not on call for " + rota.name + " " + spoken(rota, period),
          made.person + " is on call instead; " + override_by(made)};
}

NoticeWords not_put_on(const oncall::Rota& rota, const control::RotaOverride& made) {
  return {"You are not on call for " + rota.name + " " + spoken(rota, {made.from, made.until}) +
              " after all",
          made.ended_by + " ended the " + override_by(made)};
}

NoticeWords not_replaced(const oncall::Rota& rota, const control::RotaOverride& made,
                         const Period& period) {
  return {"You are on call for " + rota.name + " " + spoken(rota, period) + " after all",
          made.ended_by + " ended the " + override_by(made)};
}

NoticeWords rearranged(const oncall::Rota& rota, const std::vector<Period>& before,
                       const std::vector<Period>& after) {
  const std::string gained = all_of(rota, without(after, before));
  const std::string lost = all_of(rota, without(before, after));
  std::string text;
  if (!gained.empty()) text = "on call " + gained;
  if (!lost.empty()) text += (text.empty() ? "" : "; ") + ("no longer " + lost);
  return {"Your shifts in " + rota.name + " have changed",
          text + "; a new configuration says so, of which the next two weeks were compared"};
}

NoticeWords contact_test(const control::ContactTest& test) {
  return {"Does this message reach you, " + test.person + "?",
          test.by +
              " tests which messages reach you. Nothing is wrong. Open the link and press the "
              "button, to say that this one did."};
}

}  // namespace tocsin::engine
