#include "router/engine/contact_health.hpp"

#include <algorithm>

namespace tocsin::engine {
namespace {

std::optional<WallTime> heard_at(const ContactHealth& health) {
  return std::max({health.accepted_at, health.delivered_at, health.confirmed_at, health.failed_at});
}

ContactHealth& health_of(ContactsHealth& contacts, const Contact& contact) {
  const auto known = contacts.find(contact);
  if (known != contacts.end()) return known->second;
  if (contacts.size() >= kMostContactsKept)
    contacts.erase(std::min_element(
        contacts.begin(), contacts.end(),
        [](const auto& a, const auto& b) { return heard_at(a.second) < heard_at(b.second); }));
  return contacts[contact];
}

void clear_failures(ContactHealth& health) {
  health.failures = 0;
  health.rejected = false;
  health.detail.clear();
}

void work(ContactHealth& health, WallTime at) {
  health.worked_at = std::max(health.worked_at, std::optional(at));
  clear_failures(health);
}

void fail(ContactHealth& health, const std::string& why, WallTime at, bool rejected) {
  health.failed_at = at;
  ++health.failures;
  health.rejected = rejected;
  health.detail = why;
}

}  // namespace

bool is_lately_failing(const ContactHealth& health, WallTime now) {
  if (!health.failed_at) return false;
  return health.rejected ||
         (health.failures >= kFailuresOfNote && now - *health.failed_at < kLately);
}

void hear_result(ContactsHealth& contacts, const Contact& contact, const Attempt& said,
                 WallTime at) {
  if (said.outcome == AttemptOutcome::withheld || !said.tried) return;
  ContactHealth& health = health_of(contacts, contact);
  switch (said.outcome) {
    case AttemptOutcome::accepted:
      health.accepted_at = at;
      health.receipts = health.receipts || said.receipt_within;
      if (!health.receipts) work(health, at);  // otherwise its receipt tells
      break;
    case AttemptOutcome::delivered:
      health.delivered_at = health.confirmed_at = at;
      work(health, at);
      break;
    case AttemptOutcome::retry_later:
    case AttemptOutcome::undelivered:
    case AttemptOutcome::rejected:
      fail(health, said.detail, at, said.outcome == AttemptOutcome::rejected);
      break;
    case AttemptOutcome::withheld:
      break;
  }
}

void hear_failure(ContactsHealth& contacts, const Contact& contact, const std::string& why,
                  WallTime at) {
  fail(health_of(contacts, contact), why, at, false);
}

void hear_person(ContactsHealth& contacts, const Contact& contact, WallTime at) {
  ContactHealth& health = health_of(contacts, contact);
  health.confirmed_at = std::max(health.confirmed_at, std::optional(at));
  work(health, at);
}

void merge(ContactsHealth& into, const ContactsHealth& other) {
  for (const auto& [contact, theirs] : other) {
    const auto found = into.find(contact);
    if (found == into.end()) {
      into.emplace(contact, theirs);
      continue;
    }
    ContactHealth& ours = found->second;
    const auto worked = std::max(ours.worked_at, theirs.worked_at);
    const auto counted = [&](const ContactHealth& health) {
      return health.failed_at && health.failed_at > worked ? health.failures : 0;
    };
    const std::uint32_t failures = counted(ours) + counted(theirs);
    if (ours.failed_at < theirs.failed_at) {
      ours.failed_at = theirs.failed_at;
      ours.rejected = theirs.rejected;
      ours.detail = theirs.detail;
    }
    ours.accepted_at = std::max(ours.accepted_at, theirs.accepted_at);
    ours.delivered_at = std::max(ours.delivered_at, theirs.delivered_at);
    ours.confirmed_at = std::max(ours.confirmed_at, theirs.confirmed_at);
    ours.worked_at = worked;
    ours.failures = failures;
    if (failures == 0) clear_failures(ours);
  }
}

}  // namespace tocsin::engine
