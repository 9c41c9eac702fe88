// What comes back by way of a channel: a button pressed in a message, a digit, a reply, a receipt.
// An ear knows its provider's wire format and signature, and nothing of incidents: it says who did
// what to which message, and how they are told what became of it. Pure.
//
//   provider ──POST──▶ router/api ──▶ hear() ──▶ Spoken ──▶ a command, as of the API's own calls
//            ◀─answer─            ◀── answer() ◀── Ended ◀──
//            ◀─FollowUp, by itself: the message shows it from now on
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/http.hpp"
#include "router/core/message.hpp"
#include "router/core/result.hpp"

namespace tocsin::connectors {

/// More than a request has that brings an answer; what is longer is none.
inline constexpr std::size_t kMostHeardBytes = 256u << 10;

enum class Wish : std::uint8_t {
  nothing,      // the request is right, and nobody wants anything by it
  acknowledge,  //
  resolve,      //
  escalate,     // to the next step, now
  snooze,       // for an hour
  unclear,      // somebody said something that nobody understands
};
inline constexpr std::pair<Wish, std::string_view> kButtonNames[] = {
    {Wish::acknowledge, "acknowledge"},
    {Wish::resolve, "resolve"},
    {Wish::escalate, "escalate"},
    {Wish::snooze, "snooze"},
};
/// What a button says of itself; empty: it is no button's.
constexpr std::string_view to_string(Wish wish) {
  for (const auto& each : kButtonNames)
    if (each.first == wish) return each.second;
  return {};
}
/// The other way round; nothing: there is no such button.
constexpr std::optional<Wish> wish_named(std::string_view word) {
  for (const auto& each : kButtonNames)
    if (each.second == word) return each.first;
  return std::nullopt;
}

/// One request, and what is known beside it.
struct Hearing {
  const HttpRequest& request;
  const Values& settings;  // of the channel, secrets expanded
  std::string url;         // by which its provider called: server.external_url and the path
  WallTime now{};
};

/// Who, which incident, what.
struct Spoken {
  Wish wish = Wish::nothing;
  std::string press;  // Notification::press of the message; empty: the path or `code` says which
  std::string code;   // typed: the beginning of an incident's id; empty: the only one
  std::vector<std::string> addresses;  // theirs on this channel: any may be a contact's
  std::string name;                    // what the provider calls them, for people
};

/// What became of it, in words for whoever said it.
struct Ended {
  enum class How : std::uint8_t {
    nothing,   // nobody wanted anything
    done,      // it holds, or did before
    over,      // there is nothing left to be done: of an incident that is over, of an old message
    stranger,  // nobody of the configuration has such a contact
    unclear,   // what, or of which incident
    again,     // not now: they may try again
  } how = How::nothing;
  std::string sentence = {};  // plain text; of `unclear` several lines
  std::string state = {};  // one line that the message shows from now on; empty: it stays as it is
  std::vector<Wish> still = {};  // which of its buttons are of use still
};

/// One more request to the provider: a POST, tried once.
struct FollowUp {
  std::string url;  // may hold a secret
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Echo {
  HttpResponse response;
  std::optional<FollowUp> then = {};
};

struct Ear {
  /// Errors: refused, it is not signed as it should be; invalid, it is no such request. Neither
  /// message holds a secret.
  Result<Spoken> (*hear)(const Hearing&);
  Echo (*answer)(const Hearing&, const Ended&);
  /// What a request to a message's receipt_url says; nothing: it is on its way. Errors: as above.
  Result<std::optional<Attempt>> (*receipt)(const Hearing&) = nullptr;
  /// False: its provider signs nothing, and `press` alone shows that it was given to it.
  bool signs = true;
};

}  // namespace tocsin::connectors
