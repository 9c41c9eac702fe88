// What notices say, for people. Pure.
#pragma once

#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/facts.hpp"

namespace tocsin::engine {

struct NoticeWords {
  std::string title;
  std::string text;  // may be empty
};

/// From … until …; in the rota's zone.
struct Period {
  WallTime from{}, until{};
  bool operator==(const Period&) const = default;
};
std::string spoken(const oncall::Rota& rota, const Period& period);

NoticeWords comes_on(const oncall::Rota& rota, const oncall::Shift& shift,
                     const std::string& before);
NoticeWords goes_off(const oncall::Rota& rota, const oncall::Shift& shift);
/// Nobody will be, or is: in this period.
NoticeWords nobody_is(const oncall::Rota& rota, const Period& gap, WallTime now);

/// By an override: to whoever it names, and to whoever it replaces in this period.
NoticeWords put_on(const oncall::Rota& rota, const control::RotaOverride& made);
NoticeWords replaced(const oncall::Rota& rota, const control::RotaOverride& made,
                     const Period& period);
/// It was ended before its time: likewise.
NoticeWords not_put_on(const oncall::Rota& rota, const control::RotaOverride& made);
NoticeWords not_replaced(const oncall::Rota& rota, const control::RotaOverride& made,
                         const Period& period);

/// By a configuration: what was theirs before, and is now.
NoticeWords rearranged(const oncall::Rota& rota, const std::vector<Period>& before,
                       const std::vector<Period>& after);

NoticeWords contact_test(const control::ContactTest& test);

}  // namespace tocsin::engine
