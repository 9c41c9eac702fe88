// What the result of an attempt does to its message, and what a timeline tells of results.
#include <algorithm>
#include <set>
#include <tuple>

#include "router/engine/apply.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/due.hpp"
#include "router/engine/retry.hpp"
#include "router/engine/told.hpp"

namespace tocsin::engine {
namespace {

// It has the word, or cannot get any: in either case it is not told again.
void heard(Incident& incident, const MessageState& message) {
  if (is_for_room(message.kind)) incident.rooms_heard.push_back(message.contact);
}

constexpr std::string_view kDelivery = "delivery";

// How an entry begins that tells of a result: told and read here alone.
std::string words_of(MessageKind kind, const Contact& contact, AttemptOutcome outcome) {
  return std::string(to_string(kind)) + " to " + name_of(contact) + ": " +
         std::string(to_string(outcome));
}

std::vector<TimelineEntry> results(const Incident& incident, const MessageState& message,
                                   AttemptOutcome outcome) {
  const std::string begins = words_of(message.kind, message.contact, outcome);
  std::vector<TimelineEntry> found;
  for (const TimelineEntry& entry : incident.timeline)
    if (entry.kind == kDelivery && entry.text.starts_with(begins)) found.push_back(entry);
  return found;
}

// Of a page that was accepted, unless what it is to say came first.
void await_receipt(MessageState& message, const AttemptResult& result) {
  if (message.kind != MessageKind::page || !result.said.receipt_within ||
      message.receipt != Receipt::none)
    return;
  message.receipt = Receipt::awaited;
  message.due = {result.at, *result.said.receipt_within};
}

// A receipt may come before the answer to its attempt, long after it, and twice. That a message was
// delivered holds whatever is said of it before or after.
void apply_receipt(const AttemptResult& result, WallTime recorded_at, Incident& incident,
                   MessageState& message) {
  if (message.kind == MessageKind::hook || message.attempt == 0 ||
      message.receipt == Receipt::delivered)
    return;
  if (result.said.outcome == AttemptOutcome::delivered) {
    message.receipt = Receipt::delivered;
    message.status = MessageStatus::accepted;
    message.failures = 0;
    reached(incident, message);
    heard(incident, message);
  } else {
    // Of an earlier attempt it says nothing: the provider was given another since.
    const bool matters =
        message.status == MessageStatus::sending || message.status == MessageStatus::accepted;
    if (!matters || result.attempt != message.attempt || message.receipt == Receipt::denied) return;
    message.receipt = Receipt::denied;
  }
  message.detail = result.said.detail;
  note_result(incident, message, result.said, recorded_at);
}

bool is_tried_again(const Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::resolved || message.kind == MessageKind::resolved_bundle ||
      message.kind == MessageKind::drill_paused)
    return message.attempt < kMostWordAttempts;
  if (message.kind == MessageKind::digest) return message.attempt < kMostDigestAttempts;
  return incident.state == IncidentState::open;
}

// The gate held it back by a state that this one is not: a node that was cut off knew that it was
// over, and here it goes on. A hook is called once at the most, and what of a drill was refused
// stays so.
bool is_wanted_still(const Incident& incident, const MessageState& message, const Attempt& said) {
  return said.outcome == AttemptOutcome::withheld && incident.realm.is_production() &&
         message.kind != MessageKind::hook && why_not_send(incident, message).empty();
}

}  // namespace

void reached(Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::page &&
      std::find(incident.reached.begin(), incident.reached.end(), message.contact) ==
          incident.reached.end())
    incident.reached.push_back(message.contact);
}

void note_result(Incident& incident, const MessageState& message, const Attempt& said,
                 WallTime recorded_at) {
  std::string text = words_of(message.kind, message.contact, said.outcome);
  if (message.attempt > 1 && !is_receipt(said.outcome))
    text += ", attempt " + std::to_string(message.attempt);
  if (!said.detail.empty()) text += " (" + said.detail + ")";
  note(incident, {recorded_at, std::string(kDelivery), "", text});
}

void apply_result(const AttemptResult& result, WallTime recorded_at, Incident& incident) {
  const auto found = std::find_if(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& m) { return m.id == result.message; });
  if (found == incident.messages.end()) return;
  const Attempt& said = result.said;
  if (is_receipt(said.outcome)) return apply_receipt(result, recorded_at, incident, *found);
  if (found->is_final()) return;
  MessageState& message = *found;
  // A late result of an earlier attempt still tells that the message arrived; its failure no longer
  // matters.
  if (result.attempt != message.attempt && said.outcome != AttemptOutcome::accepted) return;
  message.detail = said.detail;
  message.provider_id = said.provider_id;
  switch (is_wanted_still(incident, message, said) ? AttemptOutcome::retry_later : said.outcome) {
    case AttemptOutcome::accepted:
      message.status = MessageStatus::accepted;
      message.failures = 0;
      await_receipt(message, result);
      reached(incident, message);
      heard(incident, message);
      break;
    case AttemptOutcome::rejected:
      message.status = MessageStatus::rejected;
      heard(incident, message);
      break;
    case AttemptOutcome::withheld:
      // What the gate refuses of a drill it refuses for good: a room that the set may not reach.
      if (incident.realm.is_production())
        withdraw(incident, message);
      else
        message.status = MessageStatus::withdrawn;
      break;
    case AttemptOutcome::retry_later: {
      if (message.kind == MessageKind::hook) {  // it is called once, and may have run
        message.status = MessageStatus::rejected;
        break;
      }
      if (!is_tried_again(incident, message)) {
        withdraw(incident, message);
        break;
      }
      message.status = MessageStatus::retrying;
      message.due = {result.at, retry_wait(message.id, message.attempt, said.retry_after)};
      message.failures += said.tried && said.outcome == AttemptOutcome::retry_later;
      break;
    }
    case AttemptOutcome::delivered:
    case AttemptOutcome::undelivered:
      break;
  }
  note_result(incident, message, said, recorded_at);
}

std::optional<WallTime> first_page_accepted(const Incident& incident) {
  std::optional<WallTime> first;
  for (const MessageState& message : incident.messages) {
    if (message.kind != MessageKind::page || message.status != MessageStatus::accepted) continue;
    // An entry that is gone was between others: the attempt's beginning is near enough.
    const auto told = results(incident, message, AttemptOutcome::accepted);
    const WallTime at = told.empty() ? message.started_at.wall : told.front().at;
    if (!first || at < *first) first = at;
  }
  return first;
}

std::vector<TimelineEntry> withheld_attempts(const Incident& incident) {
  std::vector<TimelineEntry> all;
  std::set<std::tuple<MessageKind, Contact>> seen;
  for (const MessageState& message : incident.messages)
    if (seen.emplace(message.kind, message.contact).second)
      for (TimelineEntry& entry : results(incident, message, AttemptOutcome::withheld))
        all.push_back(std::move(entry));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& one, const auto& other) { return one.at < other.at; });
  return all;
}

// What is held for good was so before it was resolved, or by the same reason: its copies end with
// the run.
bool was_cut_off(const Incident& incident) {
  if (!drill_is_over(incident)) return false;
  if (incident.state != IncidentState::resolved) return true;
  const auto& timeline = incident.timeline;
  const auto resolved = std::find_if(timeline.rbegin(), timeline.rend(),
                                     [](const auto& e) { return e.kind == "resolved"; });
  if (resolved == timeline.rend() || resolved->text.ends_with(": " + incident.hold->why))
    return true;
  return std::any_of(resolved, timeline.rend(), [&](const auto& e) {
    return e.kind == "held" && e.text.starts_with(incident.hold->why);
  });
}

}  // namespace tocsin::engine
