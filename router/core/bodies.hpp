// What the input records say: alerts, commands, results. Bytes in the journal, values everywhere
// else.
//
// Encoding never fails; decoding fails with `corrupt` on bytes that are not such a body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/core/alert.hpp"
#include "router/core/message.hpp"

namespace tocsin {

/// A re-send that says nothing new but until when it holds: a reference to the alert as the journal
/// has it already.
struct Resend {
  AlertId of;
  std::optional<WallTime> ends_at;

  bool operator==(const Resend&) const = default;
};

/// Alerts of one request: all of them, up to kMostAlertsPerRecord.
struct AlertsBody {
  std::string integration;
  Instant received;
  std::vector<Alert> alerts;
  std::vector<Resend> resends = {};
  std::vector<std::string> beats = {};  // names of heartbeats of which a sign of life came
  bool exact_times = false;             // its alerts' times tell which change of state came first

  bool operator==(const AlertsBody&) const = default;
};
/// A larger request becomes several records, so that the turn that decides one stays far below what
/// a record may hold.
inline constexpr std::size_t kMostAlertsPerRecord = 512;
std::string encode(const AlertsBody& body);
Result<AlertsBody> decode_alerts(std::string_view bytes);

enum class CommandKind : std::uint8_t {
  acknowledge = 0,
  resolve = 1,
  note = 2,      // words for the timeline
  snooze = 3,    // silent for a while, then it pages again
  approve = 4,   // run the hook that a rule proposes
  reject = 5,    // do not
  escalate = 6,  // the next step, at once
  assign = 7,    // page this person, at once
};
inline constexpr CommandKind kLastCommand = CommandKind::assign;
std::string_view to_string(CommandKind kind);

/// What a person wants done to an incident.
struct Command {
  CommandKind kind = CommandKind::acknowledge;
  IncidentId incident;
  std::string by;          // who, as the timeline shows it
  std::string via;         // "page link", "api", …
  std::string text = {};   // their words; approve, reject: the hook
  Duration length = {};    // snooze
  std::string to = {};     // assign: whom
  MessageId message = {};  // whose link was pressed; empty: none's
  /// Instead of an incident, what its sender says of an alert: that of this integration with this
  /// key, and the incident that it is in when this is decided.
  std::string integration = {}, alert = {};

  bool operator==(const Command&) const = default;
};
std::string encode(const Command& command);
Result<Command> decode_command(std::string_view bytes);

/// The fate of one attempt to hand over one message, or a receipt for it.
struct AttemptResult {
  IncidentId incident;
  MessageId message;
  std::uint32_t attempt = 0;
  Instant at;
  Attempt said;

  bool operator==(const AttemptResult&) const = default;
};
std::string encode(const AttemptResult& result);
Result<AttemptResult> decode_result(std::string_view bytes);

}  // namespace tocsin
