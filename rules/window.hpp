// A maintenance window: a silence with a schedule, written in the configuration. Pure.
#pragma once

#include <string>
#include <vector>

#include "router/core/fields.hpp"
#include "router/core/schedule.hpp"
#include "rules/matcher.hpp"

namespace tocsin::rules {

struct Window {
  std::string name;
  std::string team;  // empty: the service's own
  std::string why;
  std::vector<Matcher> matchers;  // at least one, and not every alert without a word
  Schedule schedule;
};

inline bool covers(const Window& window, const Fields& labels, WallTime now) {
  return all_match(window.matchers, labels) && window.schedule.covers(now);
}

}  // namespace tocsin::rules
