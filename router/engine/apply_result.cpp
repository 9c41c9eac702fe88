// What the result of an attempt does to its message.
#include <algorithm>

#include "router/engine/apply.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

void reached(Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::page &&
      std::find(incident.reached.begin(), incident.reached.end(), message.contact) ==
          incident.reached.end())
    incident.reached.push_back(message.contact);
}

// It has the word, or cannot get any: in either case it is not told again.
void heard(Incident& incident, const MessageState& message) {
  if (is_for_room(message.kind)) incident.rooms_heard.push_back(message.contact);
}

bool is_tried_again(const Incident& incident, const MessageState& message) {
  if (message.kind == MessageKind::resolved || message.kind == MessageKind::drill_paused)
    return message.attempt < kMostWordAttempts;
  if (message.kind == MessageKind::digest) return message.attempt < kMostDigestAttempts;
  return incident.state == IncidentState::open;
}

}  // namespace

void apply_result(const AttemptResult& result, WallTime recorded_at, Incident& incident) {
  const auto found = std::find_if(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& m) { return m.id == result.message; });
  if (found == incident.messages.end() || found->is_final()) return;
  MessageState& message = *found;
  const Attempt& said = result.said;
  // A late result of an earlier attempt still tells that the message arrived; its failure no longer
  // matters.
  if (result.attempt != message.attempt && said.outcome != AttemptOutcome::accepted) return;
  message.detail = said.detail;
  message.provider_id = said.provider_id;
  switch (said.outcome) {
    case AttemptOutcome::accepted:
      message.status = MessageStatus::accepted;
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
      break;
    }
  }
  std::string text = std::string(to_string(message.kind)) + " to " + name_of(message.contact) +
                     ": " + std::string(to_string(said.outcome));
  if (message.attempt > 1) text += ", attempt " + std::to_string(message.attempt);
  if (!said.detail.empty()) text += " (" + said.detail + ")";
  note(incident, {recorded_at, "delivery", "", text});
}

}  // namespace tocsin::engine
