// By which of their contacts a person is paged, and when: by how grave it is, and not before their
// quiet hours are over. Pure; nothing here reads a clock.
//
//   notify: push (critical, error), mail after 2m, sms after 5m (critical)
//     critical at 03:00     push at once, mail 03:02, sms 03:05   quiet hours never apply
//     error    at 03:00     push 07:00, mail 07:02                quiet 22:00 to 07:00
//     error    at 15:00     push at once, mail 15:02
//     a severity that none of them is meant for: every contact at once, so that it is not silence
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/core/severity.hpp"
#include "router/oncall/directory.hpp"

namespace tocsin::oncall {

/// When a page to this person at `at` is held until by their quiet hours, those that follow each
/// other without a gap counted as one; nothing: they have none then. WallTime::max(): they never
/// end.
std::optional<WallTime> quiet_until(const Person& person, WallTime at);

/// The person's contacts for a page of this severity that begins at `at`, in the order in which
/// they want to be tried; those that wait for the end of quiet hours say so in `held`. Empty: the
/// person has no contact, or quiet hours that never end.
std::vector<Due> ways_of(const Person& person, Severity severity, WallTime at);

/// The same of a page that somebody sends them by hand: whoever does knows what time it is.
std::vector<Due> ways_by_hand(const Person& person, Severity severity);

/// Every contact by which a page could ever reach the person, each once.
std::vector<Contact> contacts_of(const Person& person);

}  // namespace tocsin::oncall
