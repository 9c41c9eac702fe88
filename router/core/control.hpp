// Facts for all nodes and partitions, on partition 0: control records. Nobody decides them; they
// hold from the moment they are folded.
//
// As CBOR, an array that begins with the fact's number in the variant; new facts are appended to
// the variant, never inserted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "router/core/gameday_run.hpp"
#include "router/core/ids.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin {

using SilenceId = Id<struct SilenceTag>;
SilenceId make_silence_id(const RecordId& record);
using OverrideId = Id<struct OverrideTag>;
OverrideId make_override_id(const RecordId& record);

/// A contact's address without saying it.
std::string hash_of_address(std::string_view address);

namespace control {

/// A silence is set, or set anew under its id. Alerts that all matchers match are silenced from
/// `starts_at` until `ends_at`.
struct Silence {
  SilenceId id;
  std::vector<std::string> matchers;  // Alertmanager's syntax
  WallTime starts_at{};
  WallTime ends_at{};
  std::string by;
  std::string why;
  bool operator==(const Silence&) const = default;
};

/// A silence is over before its time.
struct SilenceEnded {
  SilenceId id;
  std::string by;
  WallTime at{};
  bool operator==(const SilenceEnded&) const = default;
};

/// A configuration as deciding sees it, kept once, so that a decision can be explained later. No
/// secrets are in it.
struct Configuration {
  std::string hash;
  std::string body;
  bool operator==(const Configuration&) const = default;
};

/// A node of a cluster lives: said once a second. It changes no state; who folds it hears it.
enum class Presence : std::uint8_t {
  here,
  leaving,  // gives its partitions away, and takes none
  gone,     // nothing of this boot is under way any more
};
inline constexpr Presence kLastPresence = Presence::gone;
struct Beat {
  std::string node;        // of its data directory, whatever process runs on it
  std::uint64_t boot = 0;  // of this process
  Presence presence = Presence::here;
  std::string url;     // where people reach the node; may be empty
  Position facts = 0;  // it has folded partition 0 up to here
  bool operator==(const Beat&) const = default;
};

/// A GameDay set is turned on. One that is on stays so, and ends when this says; otherwise a run of
/// it begins, whose number folding gives. Written again by retention (kCarriedFact) it is a run as
/// it was.
struct GamedayOn {
  std::string set;
  gameday::Run run;
  Duration longest{};  // from its beginning, however often it is turned on again
  bool operator==(const GamedayOn&) const = default;
};

/// The set's run is over. Of a set that is not on it says nothing.
struct GamedayEnded {
  std::string set;
  gameday::Ending ending;
  std::uint32_t run = 0;  // this one only; 0: whichever it is
  bool operator==(const GamedayEnded&) const = default;
};

/// Somebody is on call in a rota instead of whoever it would be, from `from` until `until`. Where
/// several hold, the one that was made last counts.
struct RotaOverride {
  OverrideId id;
  std::string rota;
  std::string person;
  WallTime from{};
  WallTime until{};
  std::string by;
  std::string why;  // may be empty
  // Of one that is kept, or that retention has written again (kCarriedFact):
  Position made = 0;                      // where it was first said; 0: here
  WallTime made_at{};                     // and when
  std::optional<WallTime> ended_at = {};  // before its time …
  std::string ended_by = {};              // … by whom
  bool operator==(const RotaOverride&) const = default;

  /// Up to here it holds; before `from`, if it was ended before it began.
  WallTime ends() const { return ended_at ? std::min(*ended_at, until) : until; }
};

/// An override is over before its time.
struct RotaOverrideEnded {
  OverrideId id;
  std::string by;
  WallTime at{};
  bool operator==(const RotaOverrideEnded&) const = default;
};

/// A message to each of a person's contacts is asked for, to see which of them arrive.
struct ContactTest {
  NoticeId id;
  std::string person;
  std::string by;
  WallTime at{};
  bool operator==(const ContactTest&) const = default;
};

/// A person has shown that messages to one of their contacts arrive.
struct ContactProved {
  std::string person;
  std::string channel;
  std::string address_hash;  // hash_of_address()
  WallTime at{};
  std::string how;  // for people: "test message", "page link"
  bool operator==(const ContactProved&) const = default;
};

}  // namespace control

using Control =
    std::variant<control::Silence, control::SilenceEnded, control::Configuration, control::Beat,
                 control::GamedayOn, control::GamedayEnded, control::RotaOverride,
                 control::RotaOverrideEnded, control::ContactTest, control::ContactProved>;

std::string encode(const Control& control);
/// Errors: corrupt; a fact of a later version is corrupt to this one.
Result<Control> decode_control(std::string_view bytes);

}  // namespace tocsin
