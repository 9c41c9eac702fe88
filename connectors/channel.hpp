// A channel hands one message to one provider: one attempt, within a budget of time, nothing else.
//
// Retry, back-off, throttling and the decision whether to send at all are delivery's and the
// engine's; a channel never sleeps, reads a clock, logs a secret or meets an incident.
//
// To add one: connectors/channels/NAME.cpp with `extern const ChannelSpec NAME_channel`, one line
// in connectors/catalog.def, tests/connectors/NAME_test.cpp, one row in connectors/README.md. A
// house test checks all four.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/fields.hpp"
#include "router/core/message.hpp"
#include "router/core/severity.hpp"

namespace tocsin::connectors {

/// An incident that opened and ended while tocsin was away.
struct Passed {
  std::string incident;  // its id
  std::string title;
  WallTime opened_at{}, ended_at{};
};

/// One of the incidents that a bundle tells of at once.
struct Bundled {
  std::string incident;  // its id
  std::string title;
  Severity severity = Severity::error;
  WallTime opened_at{};
  std::string acknowledge_url;  // of this one alone; empty: there is nothing to acknowledge
};

inline constexpr std::size_t kMostPressBytes = 60;

/// Everything a channel may show, already in words.
struct Notification {
  MessageId id;  // the idempotency key: the same on every retry
  MessageKind kind = MessageKind::page;
  Contact contact;

  std::string incident;  // its id; empty: it belongs to none
  std::string title;     // a drill's begins with its mark
  Severity severity = Severity::error;
  /// The first characters of every text of a drill, such as "[GAMEDAY cdp-staging]"; empty: in
  /// earnest.
  std::string mark;
  std::string gameday;        // the set whose drill it is; empty: in earnest
  std::string not_the_drill;  // in earnest, to somebody whose drill is on: says that it is not that
  std::string impact;
  std::string team;
  std::string service;
  std::string summary;     // what the alert says of itself, if anything
  std::string why;         // one sentence: why this person, why now
  std::size_t alerts = 1;  // how many are in the incident
  Fields labels;           // of the alert that opened it
  WallTime opened_at{};
  WallTime now{};  // when this attempt starts

  std::string runbook_title, runbook_url;  // the procedure, if there is one
  std::string manual_url;                  // advice: the page that answers it
  std::vector<std::string> tried;          // what was done before anybody was paged
  std::string acknowledge_url;             // pages; a test of a contact: to say that it arrived
  /// Pages only: where to say that it was delivered, or not. A channel that passes it on says in
  /// its answer within what time (Attempt::receipt_within).
  std::string receipt_url;
  /// Pages only, for buttons inside the message: which incident it is, at most kMostPressBytes of
  /// letters, digits, dots, dashes and underscores; and the URL to which the channel's provider
  /// brings it back (see ear.hpp).
  std::string press, answer_url;
  std::string console_url;
  std::string incident_json;      // the API's form of the incident
  std::string about;              // on_call: the rota; contact_test: whose contacts
  std::vector<Passed> passed;     // digest: the first of them, by name …
  std::size_t passed_in_all = 0;  // … of so many
  /// What a template of the configuration says instead of a channel's own lines, between the
  /// headline and the link; empty: there is none.
  std::vector<std::string> words;
  // Bundles: the gravest of them by name, of so many. They have no acknowledge_url of their own:
  // to acknowledge one is to acknowledge that one.
  std::vector<Bundled> bundled;
  std::size_t bundled_in_all = 0;
};

class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// One attempt; back within `budget`. Several threads may call at once. Never throws.
  virtual Attempt deliver(const Notification&, Duration budget) = 0;
};

/// What a channel may use of the outside world.
struct ChannelDeps {
  std::function<bool(const std::string&)> print;  // whole lines to the terminal; false: not printed
};

struct Ear;

struct ChannelSpec {
  std::string_view name;     // as in the configuration: `type: webhook`
  std::string_view summary;  // the documentation row
  std::span<const Field> fields;
  std::string_view example;    // an entry in YAML, indented to be pasted; loaded by a test
  bool needs_address = false;  // people have an address on it; otherwise it can be a target itself

  /// Errors: invalid, naming the key and what to do.
  Result<std::unique_ptr<Channel>> (*make)(const Values&, const ChannelDeps&);
  const Ear* ear = nullptr;  // how answers come back by it; none do (see ear.hpp)
};

std::span<const ChannelSpec* const> all_channels();
const ChannelSpec* find_channel(std::string_view name);

}  // namespace tocsin::connectors
