// An incident and its alerts as the fold keeps them: plain values, changed only by apply().
//
// There may be a hundred thousand of them: what many have in common they share (sharing.hpp), and
// what few have takes no place in the others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/core/alert.hpp"
#include "router/core/decision.hpp"
#include "router/core/hold.hpp"
#include "router/core/ids.hpp"
#include "router/core/message.hpp"
#include "router/core/policy.hpp"
#include "router/core/shared.hpp"
#include "router/core/shared_text.hpp"

namespace tocsin::engine {

/// One alert during its stay in one incident (or, when nobody is paged for it, while it fires).
struct AlertState {
  AlertId id;
  Alert alert;  // as last heard
  SharedText integration;
  std::shared_ptr<const Decision> decision;          // shared by all that were decided alike
  std::shared_ptr<const std::string> configuration;  // hash of the one that it was decided by
  WallTime decided_at{};
  IncidentId incident;      // empty: it belongs to none
  std::uint32_t count = 1;  // how often it was heard
  Instant heard;            // when it was last received
  Position anchor = 0;      // from here on the journal has all of it: older records may be dropped
  Realm realm;              // production's; or it is a drill copy …
  AlertId original;         // … of this one, as which it begins and ends

  bool is_copy() const { return !original.empty(); }
  /// It still fires, and its sender says nothing new.
  void hear_again(const Alert& word, const Instant& received);
  bool operator==(const AlertState& other) const;
};

enum class MessageStatus : std::uint8_t {
  waiting,    // not begun: its time has not come
  sending,    // an attempt is under way, or its result was lost
  retrying,   // the last attempt failed for now
  accepted,   // the provider has it
  rejected,   // this contact does not work
  withdrawn,  // no longer wanted before it was accepted
  bundled,    // to be told together with others (see bundle.hpp); `due`: by then at the latest
};
std::string_view to_string(MessageStatus status);

/// Whether a page that was accepted got through to the person's device.
enum class Receipt : std::uint8_t {
  none,       // its provider does not say
  awaited,    // it will, until `due` is over
  delivered,  // it did
  denied,     // it did not
  missing,    // it did not say so in time; it may still
};
std::string_view to_string(Receipt receipt);

struct MessageState {
  MessageId id;
  MessageKind kind = MessageKind::page;
  Contact contact;
  std::uint32_t round = 0, step = 0;
  bool fallback = false;
  MessageStatus status = MessageStatus::waiting;
  // Waiting: until it may begin; retrying: until the next attempt; accepted: until its receipt.
  Wait due;
  std::uint32_t attempt = 0;     // the last that was started
  std::uint64_t started_by = 0;  // the boot that started it
  Instant started_at;
  SharedText detail;  // the provider's last words
  SharedText provider_id;
  SharedText rota = {};          // that the person is on call in; empty: they are named
  bool assigned = false;         // a person gave it to them
  std::uint32_t occurrence = 0;  // of its incident, when it was planned
  std::uint32_t failures = 0;    // attempts that failed for now, or of which nothing was heard
  Receipt receipt = Receipt::none;
  SharedText held = {};  // waiting, bundled: for what, for people; may be empty
  bool alone = false;    // goes by itself, however many its contact has had

  bool is_final() const {
    return status == MessageStatus::accepted || status == MessageStatus::rejected ||
           status == MessageStatus::withdrawn;
  }
  bool operator==(const MessageState&) const = default;
};

/// Nothing of it is under way, and it is wanted still.
constexpr bool is_idle(MessageStatus status) {
  return status == MessageStatus::waiting || status == MessageStatus::retrying ||
         status == MessageStatus::bundled;
}
inline bool is_idle(const MessageState& message) { return is_idle(message.status); }

struct TimelineEntry {
  WallTime at{};
  SharedText kind;
  SharedText by;  // empty: tocsin itself
  SharedText text;

  bool operator==(const TimelineEntry&) const = default;
};

enum class IncidentState : std::uint8_t { open, acknowledged, resolved };
std::string_view to_string(IncidentState state);

/// What became of the hook that was to repair it.
struct RemedyState {
  RemedyStatus status = RemedyStatus::proposed;
  MessageId message;  // of the call, once it was started
  Wait wait;          // how long the page is held for it
  std::string by;     // who said yes; empty: by itself

  bool operator==(const RemedyState&) const = default;
};

/// Where the escalation stands.
struct Escalation {
  bool begun = false;
  bool fallback = false;  // in the default policy
  std::uint32_t round = 0, step = 0;
  Wait next;                  // until the next step
  Queue queue = Queue::none;  // it waits for somebody who can be paged; none: it does not …
  SharedText nobody = {};     // … and why nobody could be, for people
  /// Everybody whom the step paged must acknowledge; otherwise whoever comes first does it for all.
  bool everyone = false;
  /// `everyone`: whom it paged; assigned: to whom, until the next step. Empty: nobody asks.
  std::vector<std::string> paged = {};

  bool operator==(const Escalation&) const = default;
};

/// Somebody of those who all have to.
struct Acknowledgement {
  std::string by;
  WallTime at{};

  bool operator==(const Acknowledgement&) const = default;
};

/// Whose turn it was in a step that pages one of its targets after the other.
struct StepTurn {
  bool fallback = false;
  std::uint32_t step = 0;
  std::uint32_t round = 0;
  std::uint32_t target = 0;

  bool operator==(const StepTurn&) const = default;
};

inline constexpr std::string_view kOpened = "opened";

/// One that opened and ended while tocsin was away.
struct PassedIncident {
  IncidentId id;
  std::string title;
  WallTime opened_at{}, ended_at{};  // when its first and its last alert were heard

  bool operator==(const PassedIncident&) const = default;
};
inline constexpr std::size_t kMostNamedInDigest = 20;

/// What passed, told at once.
struct Digest {
  std::uint32_t count = 0;
  std::vector<PassedIncident> named;  // the first kMostNamedInDigest of them
  Instant since;                      // it began to gather
  bool told = false;                  // its messages are planned

  bool operator==(const Digest&) const = default;
};

struct Incident {
  IncidentId id;
  std::vector<IncidentId> aliases;  // of those that turned out to be the same trouble
  Partition partition = 0;
  Realm realm;
  SharedText integration;
  SharedText group;
  SharedText title, service;
  Shared<Decision> decision;  // of the alert that opened it
  IncidentState state = IncidentState::open;
  Instant received;  // the alert that opened it
  WallTime opened_at{};
  std::optional<WallTime> acknowledged_at, resolved_at;
  SharedText acknowledged_by, resolved_by;
  std::vector<Acknowledgement> acknowledgements;  // where each of several is wanted: so far
  Rare<Wait> acknowledged_for;                    // then it is open again; nothing: for good
  SharedText assigned_to;                         // by a person; empty: nobody
  std::uint32_t occurrence = 0;                   // grows when it is opened again

  std::vector<AlertId> alerts;
  std::uint32_t firing = 0;  // how many of them

  Shared<Policy> policy;    // as it was when the incident began
  Shared<Policy> fallback;  // the default policy of that moment
  Escalation escalation;
  std::vector<StepTurn> turns;  // of the steps that page one after the other
  std::vector<MessageState> messages;
  std::vector<Contact> reached;  // whom a page got to: they hear how it ends
  std::vector<Contact> told;     // who has been told so
  Instant ended;                 // resolved: when, on both clocks
  Rare<Wait> after;              // until the escalation may begin: the rule's `after`
  Rare<Hold> hold;               // pages nobody while this lasts
  Rare<Wait> snoozed;            // acknowledged only for so long
  Rare<RemedyState> remedy;
  std::vector<std::string> tried;  // what was done before somebody was paged, a sentence each
  SharedText begins{kOpened};      // why the escalation begins, or begins anew
  bool room_told = false;  // its rooms' words are planned; withdrawing one opens the question again
  std::vector<Contact> rooms_heard;  // since it was (re)opened: these are not told again

  /// Opened in the backlog, and nobody has been told yet: pages nobody while tocsin is behind, for
  /// so long at the most.
  Rare<Wait> backlog;
  IncidentId passed_in;  // it has passed: the incident whose digest tells it
  Rare<Digest> digest;   // of what has passed, itself among it

  std::vector<TimelineEntry> timeline;
  std::uint32_t timeline_dropped = 0;  // entries left out in the middle
  Position anchor = 0;  // from here on the journal has all of it: older records may be dropped

  bool operator==(const Incident&) const = default;
};

/// Of an incident that is over: something may still go out, or somebody may still be owed a word. A
/// page whose result was lost counts only until that word has been planned; what rooms and hooks
/// have not heard they will not hear now.
bool is_owed(const Incident& incident, const MessageState& message);
/// It carries a digest that nobody has been told.
bool owes_digest(const Incident& incident);

/// A drill of a run that is over: nothing of it is sent any more, but that it paused.
constexpr bool is_for_good(HoldKind kind) {
  return kind == HoldKind::gameday_over || kind == HoldKind::gameday_paused;
}
inline bool drill_is_over(const Incident& incident) {
  return incident.hold && is_for_good(incident.hold->kind);
}

/// A hook's call is a message that is sent once, through a lane of its own.
std::string hook_channel(std::string_view hook);  // "hook:restart-api"

/// Under which name the starts of its hook are counted: drills use up no limit of production's, nor
/// production's theirs.
std::string counted_as(const Incident& incident);

/// Told to a channel that nobody is paged by: the manual's answer, or that there is no procedure.
constexpr bool is_for_room(MessageKind kind) {
  return kind == MessageKind::advice || kind == MessageKind::no_procedure;
}

/// One start of a hook: counted against its limit, across restarts.
struct HookRun {
  std::string hook;
  std::string group;  // of the incident that it was started for
  IncidentId incident;
  MessageId message;
  Instant at;
  Position anchor = 0;  // from here on the journal has all of it: older records may be dropped

  bool operator==(const HookRun&) const = default;
};
inline constexpr std::size_t kMostHookRuns = 10'000;
/// The longest that a limit may look back.
inline constexpr Duration kMostLimitPer = std::chrono::hours(24 * 7);

/// A timeline keeps its beginning and its end; past this, entries in the middle go.
inline constexpr std::size_t kMostTimeline = 300;
inline constexpr std::size_t kTimelineBeginning = 100;
/// There is room for so many at once: few incidents ever have more.
inline constexpr std::size_t kFewEntries = 4;
inline constexpr std::size_t kMostTried = 20;
/// Messages kept with an incident; the oldest that are final go first.
inline constexpr std::size_t kMostMessages = 200;

}  // namespace tocsin::engine
