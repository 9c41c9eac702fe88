// What attempts and people have shown of each contact: whether it works. Facts for people and for
// coverage; no page is sent or left out for them. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "router/core/bodies.hpp"
#include "router/core/message.hpp"
#include "router/core/time.hpp"

namespace tocsin::engine {

struct ContactHealth {
  std::optional<WallTime> accepted_at;   // its provider took a message, the last time
  std::optional<WallTime> delivered_at;  // and said that it was delivered
  std::optional<WallTime> failed_at;     // it did not take one, or nothing was heard of it
  std::optional<WallTime> worked_at;     // last: delivered, or accepted where nobody says more
  /// The person has shown that messages arrive there: by the link of one, or its receipt.
  std::optional<WallTime> confirmed_at;
  std::uint32_t failures = 0;  // since it last worked
  bool rejected = false;       // and the last of them said that it does not work at all
  std::string detail;          // of the last failure, for people
  /// Receipts are asked for what goes there: that a message was taken shows nothing.
  bool receipts = false;

  bool operator==(const ContactHealth&) const = default;
};

/// By contact; the channel itself where it needs no address. Hooks are none.
using ContactsHealth = std::map<Contact, ContactHealth>;

/// Of one partition. Past it, the one that was heard of longest ago goes.
inline constexpr std::size_t kMostContactsKept = 10'000;

/// So many failures since it last worked are more than a bad moment.
inline constexpr std::uint32_t kFailuresOfNote = 3;
/// What failed longer ago than this is no news any more.
inline constexpr Duration kLately = std::chrono::hours(24 * 7);

/// It has lately failed: since it last worked it was rejected, or failed kFailuresOfNote times, the
/// last time within kLately, or was rejected whenever that was. A provider that was down for a
/// moment does not count.
bool is_lately_failing(const ContactHealth& health, WallTime now);

/// The result of an attempt to reach it, or a receipt. `at`: when it was recorded.
void hear_result(ContactsHealth& contacts, const Contact& contact, const Attempt& said,
                 WallTime at);
/// Nothing was heard of an attempt or of its receipt.
void hear_failure(ContactsHealth& contacts, const Contact& contact, const std::string& why,
                  WallTime at);
/// Somebody has pressed the link of a message that went there.
void hear_person(ContactsHealth& contacts, const Contact& contact, WallTime at);

/// What several partitions have shown, as one: the latest of each; failures count that came after
/// it last worked anywhere.
void merge(ContactsHealth& into, const ContactsHealth& other);

}  // namespace tocsin::engine
