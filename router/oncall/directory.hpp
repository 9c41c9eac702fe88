// Who can be reached, and how: people with their contacts, and channels that need no address. Pure
// values from the configuration.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "router/core/message.hpp"
#include "router/core/policy.hpp"
#include "router/core/zone.hpp"

namespace tocsin::oncall {

/// One of a person's contacts, in the order in which they want to be tried.
struct Way {
  std::string channel;
  std::string address;
  Duration after{};                       // counted from the page
  std::vector<Severity> severities = {};  // only for these; empty: for all

  bool operator==(const Way&) const = default;
};

/// Away: their shifts pass to the next of the layer.
struct Leave {
  WallTime from{}, until{};
  std::string why;  // may be empty

  bool operator==(const Leave&) const = default;
};

/// At most so many pages in so long; what is more is bundled (never the first page of a critical
/// incident).
struct PageLimit {
  std::uint32_t pages = 0;  // to each of their contacts; 0: kBuiltInLimit
  Duration per{};

  bool operator==(const PageLimit&) const = default;
};
/// Of whoever has none of their own, so that a storm is bounded for everybody: what is more than a
/// person can read waits for a minute at the most, and then comes at once.
inline constexpr PageLimit kBuiltInLimit{10, std::chrono::minutes(1)};
/// Of what is no person but another pager: every message by itself, however many.
inline constexpr PageLimit kNoLimit{std::numeric_limits<std::uint32_t>::max(),
                                    std::chrono::minutes(1)};

struct Person {
  std::string name;
  std::vector<Way> notify;         // without `notify` in the configuration: every contact at once
  std::vector<Way> contacts = {};  // all of them
  Zone time_zone = {};
  std::vector<Leave> leave = {};
  std::vector<Schedule> quiet_hours = {};  // never for what is critical
  PageLimit limit = {};
  bool notices = true;  // is told when a shift begins, ends or is changed

  bool operator==(const Person&) const = default;
};

struct Directory {
  std::map<std::string, Person, std::less<>> people;
  std::set<std::string, std::less<>> channels;  // those that can be a target themselves

  bool operator==(const Directory&) const = default;
};

/// A contact of a step, and how long after the step's start it is due.
struct Due {
  Contact contact;
  Duration after{};
  std::string held = {};  // why it waits, for people: "in peace until 07:00 Europe/Dublin"

  bool operator==(const Due&) const = default;
};

/// Every contact by which somebody could be paged on any occasion (see ways_of() in reach.hpp);
/// none for somebody who is not known.
std::vector<Due> contacts_of(std::string_view person, const Directory& directory);

}  // namespace tocsin::oncall
