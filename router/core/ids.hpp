// The ids of records, alerts, incidents and messages, and how each is made.
//
//   record    boot . partition . sequence   minted where it was accepted, unchanged on its way;
//   fold applies an id once alert     hash of its opening record's id and its place in it incident
//   hash of the partition, the opening alert's id and the realm, 16 characters of Crockford's base
//   32: what differs
//             most stands first, so that people may type any unique beginning
//   message   hash of incident, occurrence, kind, round, step, person and contact: a retry keeps
//   it, a reopening changes it
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "router/core/digest.hpp"
#include "router/core/shared_text.hpp"

namespace tocsin {

using Partition = std::uint16_t;
/// A place in one partition of the journal: grows, need not be dense, 0 is before the first record.
using Position = std::uint64_t;

struct RecordId {
  std::uint64_t boot = 0;  // random, one for each start of a node
  Partition partition = 0;
  std::uint64_t sequence = 0;  // counted for each boot and partition, from 1

  auto operator<=>(const RecordId&) const = default;
};
/// "boot.partition.sequence" in hexadecimal: for logs, hashes and idempotency.
std::string to_string(const RecordId& id);

/// A text that is one kind of id and cannot be passed for another. Its copies share it: an alert's
/// and an incident's id stand in a dozen places each.
template <class Tag>
struct Id {
  SharedText text;

  bool empty() const { return text.empty(); }
  auto operator<=>(const Id&) const = default;
};
using AlertId = Id<struct AlertTag>;
using IncidentId = Id<struct IncidentTag>;
using MessageId = Id<struct MessageTag>;
using NoticeId = Id<struct NoticeTag>;

/// Where an incident lives: production, or one run of one GameDay set. Part of every id and key.
struct Realm {
  SharedText gameday;     // empty: production
  std::uint32_t run = 0;  // which time the set is on

  bool is_production() const { return gameday.empty(); }
  std::string text() const {
    return gameday.empty() ? "real" : gameday + "#" + std::to_string(run);
  }
  auto operator<=>(const Realm&) const = default;
};

AlertId make_alert_id(const RecordId& record, std::uint32_t index);
/// Of a drill copy: of the original's id and the realm; `nth` of them.
AlertId make_copy_id(const AlertId& original, const Realm& realm, std::uint32_t nth);
IncidentId make_incident_id(Partition partition, const AlertId& opening, const Realm& realm);
/// Of everything that makes one notice another. No incident's id begins as a notice's does.
NoticeId make_notice_id(std::initializer_list<std::string_view> of);
inline constexpr std::string_view kNoticeBegins = "notice_";

}  // namespace tocsin

template <class Tag>
struct std::hash<tocsin::Id<Tag>> {
  std::size_t operator()(const tocsin::Id<Tag>& id) const noexcept {
    return std::hash<tocsin::SharedText>()(id.text);
  }
};
