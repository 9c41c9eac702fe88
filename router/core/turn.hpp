// A turn: what the owner of a partition decided, in full, so that folding it needs neither rules
// nor a clock.
//
// Turn n counts only straight after turn n-1; any other is void, and its inputs are decided by the
// next valid one. Effects are applied in their order. An effect names an alert by the input that
// brought it (record, place), so that nothing is written twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/decision.hpp"
#include "router/core/hold.hpp"
#include "router/core/ids.hpp"
#include "router/core/message.hpp"
#include "router/core/policy.hpp"

namespace tocsin {

/// One alert of one input record.
struct InputRef {
  RecordId record;
  std::uint32_t index = 0;

  auto operator<=>(const InputRef&) const = default;
};
/// As `index`: the record as a whole, and none of its alerts.
inline constexpr std::uint32_t kNoAlert = 0xffff'ffff;

namespace effect {

/// A firing alert, new or changed, was decided.
struct Decided {
  InputRef input;
  Decision decision;
  bool operator==(const Decided&) const = default;
};

/// An alert that was firing has ended.
struct Ended {
  InputRef input;
  bool operator==(const Ended&) const = default;
};

/// An input that changes nothing, and why; of an alert that fires already: when it was heard.
struct Ignored {
  InputRef input;
  std::string why;
  bool operator==(const Ignored&) const = default;
};

/// An incident begins, with everything that its escalation will need.
struct Opened {
  IncidentId incident;
  InputRef input;  // the alert that opens it
  Realm realm;
  std::string group;  // which later alerts join it
  std::string title;
  std::string service;
  Decision decision;
  Policy policy;
  Policy fallback;       // the default policy: when `policy` has nobody left
  bool backlog = false;  // its alert waited long to be decided
  AlertId alert = {};    // a drill: its copy; then `input` names none
  bool operator==(const Opened&) const = default;
};

struct Joined {
  IncidentId incident;
  InputRef input;
  AlertId alert = {};  // as in Opened
  bool operator==(const Joined&) const = default;
};

/// A step of the escalation begins: these messages become due, and the next step after `wait`.
struct Stepped {
  IncidentId incident;
  bool fallback = false;  // a step of the default policy
  std::uint32_t round = 0;
  std::uint32_t step = 0;
  Duration wait{};
  std::string why;  // "opened", "nobody acknowledged for 5m", "no contact works", …
  std::vector<PlannedMessage> messages;
  std::optional<std::uint32_t> target = {};  // round robin: which of its targets, from 0
  bool everyone = false;  // acknowledged when everybody whom it pages has acknowledged
  /// The incident waits for somebody; none: or no longer.
  Queue queue = Queue::none;
  std::string nobody = {};  // queued: why nobody could be paged, for people
  bool operator==(const Stepped&) const = default;
};

/// Messages outside of the escalation, such as "it is over". None: a digest that no room is there
/// for.
struct Told {
  IncidentId incident;
  std::vector<PlannedMessage> messages;
  bool operator==(const Told&) const = default;
};

/// One attempt starts now. Delivery sends only what a valid turn, read back, says here.
struct Attempted {
  IncidentId incident;
  MessageId message;
  std::uint32_t attempt = 0;  // from 1
  bool operator==(const Attempted&) const = default;
};

struct Acknowledged {
  IncidentId incident;
  std::string by;
  std::string via;
  bool operator==(const Acknowledged&) const = default;
};

struct Resolved {
  IncidentId incident;
  std::string by;  // empty: by itself
  std::string why;
  /// It opened and ended in the backlog, and nobody was told: the incident whose digest tells it.
  IncidentId passed_in = {};
  bool operator==(const Resolved&) const = default;
};

/// A command has been carried out or refused.
struct Answered {
  RecordId command;
  bool done = false;
  std::string why;  // refused: why; done: what whoever asked should know, may be empty
  bool operator==(const Answered&) const = default;
};

/// An input that could not be decided; kept in the journal, shown, and never tried again.
struct SetAside {
  RecordId record;
  std::string why;
  bool operator==(const SetAside&) const = default;
};

/// A graver alert joined: while nobody has acknowledged, the escalation begins anew.
struct Raised {
  IncidentId incident;
  Severity severity = Severity::critical;
  std::string why;
  bool operator==(const Raised&) const = default;
};

/// An alert that nobody ended is over all the same: its end has passed, and why that is believed.
struct Expired {
  AlertId alert;
  std::string why;
  bool operator==(const Expired&) const = default;
};

/// A resolved incident goes on: one of its alerts fires again so soon that it is the same trouble.
struct Reopened {
  IncidentId incident;
  std::string why;
  bool backlog = false;  // as in Opened
  bool operator==(const Reopened&) const = default;
};

/// An open incident pages nobody from now on, and why. What has not begun is withdrawn.
struct Held {
  IncidentId incident;
  Hold hold;
  bool operator==(const Held&) const = default;
};

/// The reason has ended (a silence, a snooze, the time for which an acknowledgement holds), and it
/// still fires: its escalation begins anew.
struct Released {
  IncidentId incident;
  std::string why;
  bool operator==(const Released&) const = default;
};

struct Noted {
  IncidentId incident;
  std::string by;
  std::string text;
  bool operator==(const Noted&) const = default;
};

/// Silent for so long, by a person; then, unless it is resolved, its escalation begins anew.
struct Snoozed {
  IncidentId incident;
  std::string by;
  std::string via;
  Duration length{};
  std::string why;  // may be empty
  bool operator==(const Snoozed&) const = default;
};

/// A hook starts, once, and the page is held for `wait` at the most.
struct Remedied {
  IncidentId incident;
  MessageId message;  // of the call
  std::string by;     // who approved it; empty: by itself
  Duration wait{};
  bool operator==(const Remedied&) const = default;
};

/// The hook did not help, or was not started: whoever was spared is paged now.
struct Unremedied {
  IncidentId incident;
  RemedyStatus how = RemedyStatus::failed;
  std::string by;  // rejected: who
  std::string why;
  bool operator==(const Unremedied&) const = default;
};

/// From the next turn on another process decides this partition: it lives, and is preferred.
struct HandedOver {
  std::uint64_t boot = 0;
  bool operator==(const HandedOver&) const = default;
};

/// What a node decided while it was cut off from the journal: this piece of it is taken in.
struct Adopted {
  RecordId record;      // the piece
  IncidentId incident;  // where its incident goes on, its own or the one that its group had by
                        // then; empty: it has none
  bool operator==(const Adopted&) const = default;
};

/// A drill copy of an alert that fires was decided, or decided anew.
struct Drilled {
  AlertId original;
  Realm realm;
  AlertId copy;  // where the copy goes on in its incident: of no use
  Decision decision;
  bool operator==(const Drilled&) const = default;
};

/// Somebody acknowledged, and others still have to, of whom each is wanted: it goes on without
/// them.
struct AcknowledgedInPart {
  IncidentId incident;
  std::string by;
  std::string via;
  bool operator==(const AcknowledgedInPart&) const = default;
};

/// A person wants its next step now, which follows; whoever had it in hand has it no longer.
struct Escalated {
  IncidentId incident;
  std::string by;
  std::string via;
  std::string why;  // may be empty
  bool operator==(const Escalated&) const = default;
};

/// By a person to a person, whom these messages page at once; after `wait` the escalation goes on
/// where it stands, unless somebody has acknowledged.
struct Assigned {
  IncidentId incident;
  std::string to;
  std::string by;
  std::string via;
  std::string why;  // may be empty
  Duration wait{};
  std::vector<PlannedMessage> messages;
  /// Of an incident that had none: what goes on then.
  std::optional<Policy> policy = {};
  bool operator==(const Assigned&) const = default;
};

/// There is somebody to page for an incident that waited for that: its escalation begins anew.
struct Unqueued {
  IncidentId incident;
  std::string why;
  bool operator==(const Unqueued&) const = default;
};

/// The time in which its provider was to say that a page was delivered is over.
struct Unconfirmed {
  IncidentId incident;
  MessageId message;
  bool operator==(const Unconfirmed&) const = default;
};

/// A message that is due does not go by itself, since its contact has had too many: it joins a
/// bundle, which goes at once with whatever joins it until then.
struct Bundled {
  IncidentId incident;
  MessageId message;
  IncidentId bundle;  // whose; a new one, if it is not known
  Duration wait{};    // until it goes, at the most
  std::string why;    // "ada had 10 pages in 1m"
  bool operator==(const Bundled&) const = default;
};

/// A bundle is over before it went: there is nothing left to tell, or only one message, which then
/// goes by itself.
struct Unbundled {
  IncidentId bundle;
  IncidentId incident;  // of that message; empty: there is none
  MessageId message;
  bool operator==(const Unbundled&) const = default;
};

/// Something is said to a person or a room that belongs to no incident: these messages become due,
/// one after the other until one arrives. Its attempts name it as they would an incident.
struct Noticed {
  NoticeId notice;
  std::string about;  // a rota, or whose contacts are tested
  std::string title;
  std::string text;
  std::string team;   // may be empty
  Duration useful{};  // nothing of it begins later than so long after the turn
  std::vector<PlannedMessage> messages;
  bool operator==(const Noticed&) const = default;
};

}  // namespace effect

using Effect =
    std::variant<effect::Decided, effect::Ended, effect::Ignored, effect::Opened, effect::Joined,
                 effect::Stepped, effect::Told, effect::Attempted, effect::Acknowledged,
                 effect::Resolved, effect::Answered, effect::SetAside, effect::Raised,
                 effect::Expired, effect::Reopened, effect::Held, effect::Released, effect::Noted,
                 effect::Snoozed, effect::Remedied, effect::Unremedied, effect::HandedOver,
                 effect::Adopted, effect::Drilled, effect::AcknowledgedInPart, effect::Escalated,
                 effect::Assigned, effect::Unqueued, effect::Unconfirmed, effect::Bundled,
                 effect::Unbundled, effect::Noticed>;

/// All that an integration has sent up to here; of no integration: what people and nodes have said.
struct DecidedUpTo {
  std::string integration;
  Position position = 0;

  bool operator==(const DecidedUpTo&) const = default;
};

struct Turn {
  std::uint64_t number = 0;   // counts only straight after number - 1
  Position inputs_up_to = 0;  // every input of this partition up to here is decided …
  std::string configuration;  // hash of the configuration that was used
  Instant at;                 // the time used
  std::vector<Effect> effects;
  /// … and these beyond it: of several integrations none waits until all of another's are decided.
  std::vector<DecidedUpTo> inputs_beyond;

  bool operator==(const Turn&) const = default;
};

std::string encode(const Turn& turn);
Result<Turn> decode_turn(std::string_view bytes);

}  // namespace tocsin
