#include "router/engine/reach.hpp"

#include <algorithm>

#include "router/engine/acknowledging.hpp"
#include "router/engine/bundle.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/due.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

bool same_step(const MessageState& a, const MessageState& b) {
  return a.kind == MessageKind::page && b.kind == MessageKind::page && a.fallback == b.fallback &&
         a.round == b.round && a.step == b.step && a.occurrence == b.occurrence;
}

std::string in_brackets(const std::string& detail) {
  return detail.empty() ? "" : " (" + detail + ")";
}

bool works_never(const MessageState& message) { return message.status == MessageStatus::rejected; }

// Of those whose answer is wanted and has not come yet.
bool is_waited_for(const Incident& incident, const MessageState& page) {
  const std::vector<std::string>& paged = incident.escalation.paged;
  const std::string& person = page.contact.person;
  return !has_acknowledged(incident, person) &&
         (paged.empty() || std::find(paged.begin(), paged.end(), person) != paged.end());
}

// Pages of the step in which the escalation stands: since it may have been there before it began
// anew, the latest.
std::vector<const MessageState*> pages_of_step(const Incident& incident) {
  const Escalation& at = incident.escalation;
  std::vector<const MessageState*> pages;
  for (const MessageState& m : incident.messages) {
    if (m.kind != MessageKind::page || m.fallback != at.fallback || m.round != at.round ||
        m.step != at.step)
      continue;
    if (!pages.empty() && pages.back()->occurrence < m.occurrence) pages.clear();
    if (pages.empty() || pages.back()->occurrence == m.occurrence) pages.push_back(&m);
  }
  return pages;
}

// An earlier page to the same contact that has not arrived by now is not tried again: this one
// takes its place.
void withdraw_earlier(Incident& incident, const MessageState& begun, const TurnContext& turn) {
  if (begun.kind != MessageKind::page) return;
  for (MessageState& earlier : incident.messages) {
    if (&earlier == &begun) return;
    const bool idle = is_idle(earlier) || lost(earlier, {turn.at, turn.boot});
    if (idle && earlier.kind == MessageKind::page && earlier.contact == begun.contact)
      earlier.status = MessageStatus::withdrawn;
  }
}

// Nothing was heard of the attempt before. That a process died with it blames no contact: what
// comes of the next one tells more.
void note_lost(MessageState& message, const TurnContext& turn, Workspace& state) {
  if (message.status != MessageStatus::sending || message.started_by != turn.boot ||
      elapsed_between(message.started_at, turn.at, kAttemptLost) < kAttemptLost)
    return;
  ++message.failures;
  message.detail = "no answer within " + format_duration(kAttemptLost);
  state.contact_failed(message.contact, turn.at.wall, message.detail);
}

}  // namespace

bool is_failing(const MessageState& message) {
  return (!message.is_final() && message.failures > 0) || message.receipt == Receipt::denied ||
         message.receipt == Receipt::missing;
}

const MessageState* failed_before(const Incident& incident, const MessageState& message) {
  const MessageState* before = nullptr;
  for (const MessageState& other : incident.messages) {
    if (other.id == message.id) break;
    if (other.contact.person == message.contact.person && same_step(other, message))
      before = &other;
  }
  return before && (works_never(*before) || is_failing(*before)) ? before : nullptr;
}

bool next_contact_wanted(const Incident& incident, const MessageState& message) {
  return message.status == MessageStatus::waiting && !message.contact.person.empty() &&
         failed_before(incident, message);
}

std::string why_not_reached(const MessageState& message) {
  const std::string contact = message.contact.channel, detail = in_brackets(message.detail);
  if (works_never(message)) return contact + " does not work" + detail;
  if (message.receipt == Receipt::denied) return contact + " was not delivered" + detail;
  if (message.receipt == Receipt::missing)
    return contact + " gave no receipt within " + format_duration(message.due.length);
  return contact + " failed for now" + detail;
}

std::string why_at_once(const Incident& incident, const MessageState& message) {
  if (message.attempt != 1 || message.contact.person.empty() ||
      message.due.over(message.started_at))
    return {};
  const MessageState* const before = failed_before(incident, message);
  return before ? why_not_reached(*before) : std::string();
}

std::optional<Duration> unreached_in(const Incident& incident, const Moment& moment) {
  const Wait& next = incident.escalation.next;
  bool any = false, for_now = false;
  Duration answers{};
  for (const MessageState* const page : pages_of_step(incident)) {
    if (!is_waited_for(incident, *page)) continue;
    const bool helps = page->status != MessageStatus::waiting ||
                       page->due.left(moment.now) < next.left(moment.now) ||
                       next_contact_wanted(incident, *page);
    if (is_failing(*page)) {
      any = for_now = true;
      if (page->status == MessageStatus::sending)
        answers = std::max(answers, Wait{page->started_at, kAttemptAnswers}.left(moment.now));
    } else if (works_never(*page)) {
      any = true;
    } else if (helps) {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  if (!for_now) return Duration::zero();
  return std::max(Wait{next.since, kNobodyReached}.left(moment.now), answers);
}

std::string why_unreached(const Incident& incident) {
  const auto pages = pages_of_step(incident);
  const bool for_now = std::any_of(pages.begin(), pages.end(),
                                   [](const MessageState* page) { return is_failing(*page); });
  const Escalation& at = incident.escalation;
  const bool assigned = !at.paged.empty() && !at.everyone;
  if (!for_now) return "no contact of " + (assigned ? incident.assigned_to : "the step") + " works";
  return (assigned ? incident.assigned_to + " could not" : "nobody of the step could") +
         " be reached for " + format_duration(kNobodyReached);
}

std::optional<Duration> receipt_in(const Incident& incident, const MessageState& message,
                                   const Moment& moment) {
  if (message.receipt != Receipt::awaited || incident.state != IncidentState::open || incident.hold)
    return std::nullopt;
  return message.due.left(moment.now);
}

void begin_attempt(const effect::Attempted& attempted, const TurnContext& turn, Workspace& state) {
  Incident* const incident = state.incident(attempted.incident);
  if (!incident) return;
  for (MessageState& message : incident->messages) {
    if (message.id != attempted.message || message.is_final()) continue;
    note_lost(message, turn, state);
    message.status = MessageStatus::sending;
    message.attempt = attempted.attempt;
    message.started_by = turn.boot;
    message.started_at = turn.at;
    message.receipt = Receipt::none;
    message.held.clear();
    if (const std::string why = why_at_once(*incident, message); !why.empty())
      note(*incident, {turn.at.wall, "contact", "",
                       "the next contact of " + message.contact.person + " at once, " +
                           message.contact.channel + ": " + why});
    withdraw_earlier(*incident, message, turn);
    count_attempt(*incident, message, turn.at, state);
    if (is_bundle(message.kind)) state.begin_bundle(incident->id);
  }
}

void miss_receipt(const effect::Unconfirmed& unconfirmed, const Instant& at, Workspace& state) {
  Incident* const incident = state.incident(unconfirmed.incident);
  if (!incident) return;
  for (MessageState& message : incident->messages) {
    if (message.id != unconfirmed.message || message.receipt != Receipt::awaited) continue;
    message.receipt = Receipt::missing;
    const std::string why = "no receipt within " + format_duration(message.due.length);
    note(*incident,
         {at.wall, "delivery", "",
          std::string(to_string(message.kind)) + " to " + name_of(message.contact) + ": " + why});
    state.contact_failed(message.contact, at.wall, why);
  }
}

void hear_link(PartitionState& state, const Command& command, WallTime at) {
  const Incident* const incident =
      command.message.empty() ? nullptr : state.find_incident(command.incident);
  if (!incident) return;
  for (const MessageState& message : incident->messages)
    if (message.id == command.message) hear_person(state.contacts, message.contact, at);
}

std::string held_words(const std::vector<PlannedMessage>& messages) {
  std::string words;
  std::string last;
  for (const PlannedMessage& message : messages) {
    if (message.held.empty() || message.contact.person == last) continue;
    last = message.contact.person;
    words += "; " + last + " is left " + message.held;
  }
  return words;
}

}  // namespace tocsin::engine
