// How often each contact was paged of late, and what waits to be told there at once: values.
#pragma once

#include <deque>
#include <vector>

#include "router/engine/incident.hpp"

namespace tocsin::engine {

/// Pages to a contact, and words that something is over: each is counted for itself, and so is each
/// run of a GameDay set.
struct PagedKey {
  Realm realm;
  MessageKind kind = MessageKind::page;  // page or resolved
  Contact contact;

  auto operator<=>(const PagedKey&) const = default;
};

struct Paged {
  std::deque<Instant> recent;  // messages that began to go there, the last kMostPagesCounted
  IncidentId bundle;           // that what is over the limit joins; empty: none

  bool operator==(const Paged&) const = default;
};
inline constexpr std::size_t kMostPagesCounted = 1'000;
/// No limit looks further back.
inline constexpr Duration kMostPagesPer = std::chrono::hours(24 * 7);

/// A message of an incident that is told in a bundle.
struct BundledPage {
  IncidentId incident;
  MessageId message;

  bool operator==(const BundledPage&) const = default;
};

/// Its one message is that of a host: an incident that nobody sees, so that the message is begun,
/// tried again and recorded as any other is, and needs none of those that it tells of to last.
struct Bundle {
  Incident host;
  std::vector<BundledPage> pages;  // in the order in which they joined
  std::size_t under_way = 0;       // the first so many are told by the attempt that began last

  bool operator==(const Bundle&) const = default;
};

/// What a bundle says when it is sent: of what is wanted then.
struct BundledIncident {
  IncidentId incident;
  MessageId message;
  std::string title;
  Severity severity = Severity::error;
  WallTime opened_at{};

  bool operator==(const BundledIncident&) const = default;
};
struct BundleWords {
  std::size_t count = 0;
  std::vector<BundledIncident> named;  // the gravest, and of these the oldest first
};
inline constexpr std::size_t kMostNamedInBundle = 10;

}  // namespace tocsin::engine
