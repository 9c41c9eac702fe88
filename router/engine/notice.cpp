#include "router/engine/notice.hpp"

#include <algorithm>

#include "router/engine/decide.hpp"
#include "router/engine/due.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

/// A contact that fails so often for now is not waited for by the next one.
constexpr std::uint32_t kPatientAttempts = 3;
/// A test says soon whether its contact works.
constexpr std::uint32_t kMostTestAttempts = 4;

bool has_arrived(const Notice& notice) {
  return std::any_of(notice.messages.begin(), notice.messages.end(),
                     [](const MessageState& m) { return m.status == MessageStatus::accepted; });
}

// One contact after the other: those before this one do not work, or not now.
bool is_its_turn(const Notice& notice, const MessageState& message) {
  if (notice.is_test()) return true;
  for (const MessageState& before : notice.messages) {
    if (&before == &message) break;
    const bool failing =
        before.status == MessageStatus::rejected || before.status == MessageStatus::withdrawn ||
        (before.status == MessageStatus::retrying && before.attempt >= kPatientAttempts);
    if (!failing) return false;
  }
  return true;
}

std::optional<Duration> attempt_in(const Notice& notice, const MessageState& message,
                                   const Moment& moment) {
  if (!why_not_send(notice, message, moment.now).empty() || !is_its_turn(notice, message))
    return std::nullopt;
  if (message.status != MessageStatus::sending) return message.due.left(moment.now);
  if (lost(message, moment)) return Duration::zero();
  return kAttemptLost - elapsed_between(message.started_at, moment.now, kAttemptLost);
}

void forget_old(Notices& notices, WallTime now) {
  std::erase_if(notices,
                [&](const auto& each) { return each.second.said.wall + kNoticeKept < now; });
  while (notices.size() >= kMostNotices)
    notices.erase(std::min_element(notices.begin(), notices.end(), [](auto& a, auto& b) {
      return a.second.said.wall < b.second.said.wall;
    }));
}

}  // namespace

bool Notice::is_test() const {
  return !messages.empty() && messages.front().kind == MessageKind::contact_test;
}

bool is_news(const Control& fact) {
  return std::holds_alternative<control::RotaOverride>(fact) ||
         std::holds_alternative<control::RotaOverrideEnded>(fact) ||
         std::holds_alternative<control::ContactTest>(fact);
}

bool is_notice(const IncidentId& id) { return id.text.starts_with(kNoticeBegins); }
IncidentId as_incident(const NoticeId& id) { return {id.text}; }

Notice* find_notice(Notices& notices, const IncidentId& id) {
  const auto found = is_notice(id) ? notices.find({id.text}) : notices.end();
  return found == notices.end() ? nullptr : &found->second;
}
const Notice* find_notice(const Notices& notices, const IncidentId& id) {
  return find_notice(const_cast<Notices&>(notices), id);
}

std::string why_not_send(const Notice& notice, const MessageState& message, const Instant& now) {
  if (message.is_final()) return "it is " + std::string(to_string(message.status)) + " already";
  if (elapsed_between(notice.said, now, notice.useful) >= notice.useful)
    return "it is too late to be of use";
  if (!notice.is_test() && has_arrived(notice)) return "it has arrived by another way";
  return {};
}

std::optional<Duration> notice_in(const Notice& notice, const Moment& moment) {
  std::optional<Duration> soonest;
  for (const MessageState& message : notice.messages)
    if (const auto wait = attempt_in(notice, message, moment))
      soonest = std::min(soonest.value_or(*wait), *wait);
  return soonest;
}

std::vector<effect::Attempted> attempts_due(const Notice& notice, const Moment& moment) {
  std::vector<effect::Attempted> due;
  for (const MessageState& message : notice.messages) {
    // To a person one at a time, or the next contact would not wait for this one.
    if (!due.empty() && !notice.is_test()) break;
    if (attempt_in(notice, message, moment) == Duration::zero())
      due.push_back({as_incident(notice.id), message.id, message.attempt + 1});
  }
  return due;
}

void add_notice(Notices& notices, const effect::Noticed& noticed, const Instant& at) {
  if (notices.contains(noticed.notice)) return;
  forget_old(notices, at.wall);
  Notice notice{noticed.notice, noticed.about,
                noticed.title,  noticed.text,
                noticed.team,   at,
                noticed.useful, {}};
  for (const PlannedMessage& planned : noticed.messages) {
    MessageState message;
    message.id = planned.id;
    message.kind = planned.kind;
    message.contact = planned.contact;
    message.due = {at, planned.after};
    notice.messages.push_back(std::move(message));
  }
  notices.emplace(notice.id, std::move(notice));
}

void begin_attempt(Notice& notice, const effect::Attempted& attempted, std::uint64_t boot,
                   const Instant& at) {
  for (MessageState& message : notice.messages) {
    if (message.id != attempted.message || message.is_final()) continue;
    message.status = MessageStatus::sending;
    message.attempt = attempted.attempt;
    message.started_by = boot;
    message.started_at = at;
  }
}

void apply_result(const AttemptResult& result, Notice& notice) {
  const auto found = std::find_if(notice.messages.begin(), notice.messages.end(),
                                  [&](const MessageState& m) { return m.id == result.message; });
  if (found == notice.messages.end() || found->is_final()) return;
  MessageState& message = *found;
  const Attempt& said = result.said;
  // As of a page: a late result still tells that it arrived.
  if (result.attempt != message.attempt && said.outcome != AttemptOutcome::accepted) return;
  message.detail = said.detail;
  message.provider_id = said.provider_id;
  switch (said.outcome) {
    case AttemptOutcome::accepted:
    case AttemptOutcome::delivered:
      message.status = MessageStatus::accepted;
      if (!notice.is_test())
        for (MessageState& other : notice.messages)
          if (other.status == MessageStatus::waiting || other.status == MessageStatus::retrying)
            other.status = MessageStatus::withdrawn;
      break;
    case AttemptOutcome::rejected:
      message.status = MessageStatus::rejected;
      break;
    case AttemptOutcome::withheld:
      message.status = MessageStatus::withdrawn;
      break;
    case AttemptOutcome::undelivered:  // no receipt is asked for
      break;
    case AttemptOutcome::retry_later:
      message.status = notice.is_test() && message.attempt >= kMostTestAttempts
                           ? MessageStatus::rejected
                           : MessageStatus::retrying;
      message.due = {result.at, retry_wait(message.id, message.attempt, said.retry_after)};
      break;
  }
}

}  // namespace tocsin::engine
