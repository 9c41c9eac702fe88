// Notices: what is said to a person or a room that belongs to no incident. "You are on call from
// now on", "nobody will be on call tomorrow", a test of a contact. Planned by turns of partition 0
// and sent by the same way as pages: an attempt starts only when its turn was read back, and each
// has its result.
//
//   Noticed ─▶ push  attempt ── rejected            one contact after the other, until one takes it
//              mail  attempt ── accepted            a test: all of them, each by itself
//              sms   withdrawn
//
// A notice is made once: its id is a hash of what it says of whom, and one that is known is not
// made again, by whoever holds the partition. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "router/core/bodies.hpp"
#include "router/core/control.hpp"
#include "router/core/turn.hpp"
#include "router/engine/incident.hpp"

namespace tocsin::engine {

struct Moment;

struct Notice {
  NoticeId id;
  std::string about;  // a rota, or whose contacts are tested
  std::string title;
  std::string text;
  std::string team;  // may be empty
  Instant said;
  Duration useful{};  // nothing of it begins later than this
  std::vector<MessageState> messages;

  bool is_test() const;
  bool operator==(const Notice&) const = default;
};
using Notices = std::map<NoticeId, Notice>;

/// So long one that was made is known, and not made again.
inline constexpr Duration kNoticeKept = std::chrono::hours(24 * 3);
/// The oldest leave first.
inline constexpr std::size_t kMostNotices = 20'000;
/// A hand-over is of interest for about an hour.
inline constexpr Duration kNoticeUseful = std::chrono::hours(1);

/// A fact that somebody is told of by a notice.
bool is_news(const Control& fact);

/// A notice is spoken of where incidents are: in attempts and results.
bool is_notice(const IncidentId& id);
IncidentId as_incident(const NoticeId& id);
/// Nothing, if it is none that is known.
Notice* find_notice(Notices& notices, const IncidentId& id);
const Notice* find_notice(const Notices& notices, const IncidentId& id);

/// Empty if this message may go out now, otherwise why not, for people.
std::string why_not_send(const Notice& notice, const MessageState& message, const Instant& now);

/// How long until an attempt is due: zero if one is now, nothing if none will be.
std::optional<Duration> notice_in(const Notice& notice, const Moment& moment);
/// Those that are due.
std::vector<effect::Attempted> attempts_due(const Notice& notice, const Moment& moment);

/// What effects and results do. A notice that is known stays as it is.
void add_notice(Notices& notices, const effect::Noticed& noticed, const Instant& at);
void begin_attempt(Notice& notice, const effect::Attempted& attempted, std::uint64_t boot,
                   const Instant& at);
void apply_result(const AttemptResult& result, Notice& notice);

}  // namespace tocsin::engine
