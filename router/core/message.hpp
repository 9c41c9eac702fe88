// A message to somebody, most often about an incident, and what became of each attempt to hand it
// over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "router/core/ids.hpp"
#include "router/core/shared_text.hpp"
#include "router/core/time.hpp"

namespace tocsin {

enum class MessageKind : std::uint8_t {
  page = 0,             // to a person or room, until somebody acknowledges
  resolved = 1,         // to whoever was paged: it is over
  advice = 2,           // to a channel: the manual answers this, and nobody is woken
  no_procedure = 3,     // to the team's channel: somebody is paged, and there is no runbook
  hook = 4,             // to a hook, once: run, please
  digest = 5,           // to the team's channel: what opened and ended while tocsin was away
  drill_paused = 6,     // to whoever a drill paged: it is over, a real incident wins
  bundle = 7,           // many pages to one contact at once: more of them than it is to have
  resolved_bundle = 8,  // likewise, the word that they are over
  // Of no incident (router/engine/notice.hpp):
  on_call = 9,        // a shift begins, ends or is changed, or nobody will be on call
  contact_test = 10,  // to one contact of a person: does this reach you?
};

inline constexpr MessageKind kLastMessageKind = MessageKind::contact_test;

/// Tells of many incidents, and is of none of them.
constexpr bool is_bundle(MessageKind kind) {
  return kind == MessageKind::bundle || kind == MessageKind::resolved_bundle;
}

constexpr bool is_of_notice(MessageKind kind) {
  return kind == MessageKind::on_call || kind == MessageKind::contact_test;
}

constexpr std::string_view to_string(MessageKind kind) {
  switch (kind) {
    case MessageKind::page:
      return "page";
    case MessageKind::resolved:
      return "resolved";
    case MessageKind::advice:
      return "advice";
    case MessageKind::no_procedure:
      return "no_procedure";
    case MessageKind::hook:
      return "hook";
    case MessageKind::digest:
      return "digest";
    case MessageKind::drill_paused:
      return "drill_paused";
    case MessageKind::bundle:
      return "bundle";
    case MessageKind::resolved_bundle:
      return "resolved_bundle";
    case MessageKind::on_call:
      return "on_call";
    case MessageKind::contact_test:
      return "contact_test";
  }
  return "page";
}

/// Where one message goes: a person's address on a channel, or a channel that needs none.
struct Contact {
  SharedText person;  // empty: the channel itself
  SharedText channel;
  SharedText address;  // empty: the channel itself

  auto operator<=>(const Contact&) const = default;
};

/// What a channel's provider said to one attempt. Data, not an error.
enum class AttemptOutcome : std::uint8_t {
  accepted = 0,     // the provider took it
  retry_later = 1,  // not now, or nobody can tell: it may have arrived
  rejected = 2,     // never: this contact does not work
  withheld = 3,     // the sending gate held it back: nothing was sent
  // A receipt, which comes by itself, before or after the answer to the attempt:
  delivered = 4,    // it got to the person's device
  undelivered = 5,  // it will not
};
inline constexpr AttemptOutcome kLastOutcome = AttemptOutcome::undelivered;
constexpr bool is_receipt(AttemptOutcome outcome) {
  return outcome == AttemptOutcome::delivered || outcome == AttemptOutcome::undelivered;
}

constexpr std::string_view to_string(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::accepted:
      return "accepted";
    case AttemptOutcome::retry_later:
      return "retry_later";
    case AttemptOutcome::rejected:
      return "rejected";
    case AttemptOutcome::withheld:
      return "withheld";
    case AttemptOutcome::delivered:
      return "delivered";
    case AttemptOutcome::undelivered:
      return "undelivered";
  }
  return "rejected";
}

struct Attempt {
  AttemptOutcome outcome = AttemptOutcome::retry_later;
  std::string detail;       // for people: what the provider said; no secret
  std::string provider_id;  // the provider's own id of the message, if it gave one
  std::optional<Duration> retry_after;
  /// Accepted: the provider will say within this whether it was delivered; nothing: it says no
  /// more.
  std::optional<Duration> receipt_within = {};
  bool tried = true;  // false: the gate had it wait, and the channel was not asked

  static Attempt accepted(std::string detail, std::string provider_id = {}) {
    return {AttemptOutcome::accepted, std::move(detail), std::move(provider_id), {}};
  }
  static Attempt receipt(bool delivered, std::string detail) {
    return {delivered ? AttemptOutcome::delivered : AttemptOutcome::undelivered,
            std::move(detail),
            {},
            {}};
  }
  static Attempt retry_later(std::string detail, std::optional<Duration> after = {}) {
    return {AttemptOutcome::retry_later, std::move(detail), {}, after};
  }
  static Attempt rejected(std::string detail) {
    return {AttemptOutcome::rejected, std::move(detail), {}, {}};
  }
  bool operator==(const Attempt&) const = default;
};

/// A message that a turn made due: `after` counts from the turn.
struct PlannedMessage {
  MessageId id;
  MessageKind kind = MessageKind::page;
  Contact contact;
  Duration after{};
  std::string rota = {};  // that the person is on call in; empty: they are named
  std::string held = {};  // why it waits, for people: "in peace until 07:00 Europe/Dublin"

  bool operator==(const PlannedMessage&) const = default;
};

}  // namespace tocsin
