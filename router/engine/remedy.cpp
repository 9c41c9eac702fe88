#include "router/engine/remedy.hpp"

#include <algorithm>

#include "router/engine/due.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

const MessageState* call_of(const Incident& incident, const MessageId& id) {
  const auto found = std::find_if(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& message) { return message.id == id; });
  return found == incident.messages.end() ? nullptr : &*found;
}
const MessageState* call_of(const Incident& incident) {
  return incident.remedy ? call_of(incident, incident.remedy->message) : nullptr;
}

// Nobody knows yet what became of it, whatever became of its incident.
bool is_under_way(const MessageState* call, const Moment& moment) {
  return call && !call->is_final() && !lost(*call, moment);
}

// It is the incident's turn to start its hook by itself.
bool starts_by_itself(const Incident& incident) {
  return incident.state == IncidentState::open && !incident.hold && !incident.remedy &&
         !incident.escalation.begun && incident.decision->outcome == Outcome::remediate &&
         incident.decision->remedy;
}

std::uint32_t runs_within(const std::deque<HookRun>& runs, const Incident& incident,
                          const Instant& now) {
  const Duration per = incident.decision->remedy->per;
  const std::string name = counted_as(incident);
  return static_cast<std::uint32_t>(
      std::count_if(runs.begin(), runs.end(), [&](const HookRun& run) {
        return run.hook == name && elapsed_between(run.at, now, per) < per;
      }));
}

// Why the hook did not help, if that is known by now.
std::optional<std::string> why_failed(const MessageState* call, const Moment& moment) {
  if (!call) return "its call is not known any more";
  switch (call->status) {
    case MessageStatus::rejected:
    case MessageStatus::retrying:
    case MessageStatus::withdrawn:
      return call->detail.empty() ? "it could not be called" : call->detail;
    case MessageStatus::sending:
      if (lost(*call, moment)) return "no answer came; it may have run";
      break;
    case MessageStatus::waiting:
    case MessageStatus::accepted:
    case MessageStatus::bundled:
      break;
  }
  return std::nullopt;
}

std::string hook_words(const Incident& incident) {
  const std::string by =
      incident.remedy->by.empty() ? "" : " (approved by " + incident.remedy->by + ")";
  return "hook " + incident.decision->remedy->hook + by;
}

}  // namespace

bool is_running(const Incident& incident) {
  return incident.remedy && incident.remedy->status == RemedyStatus::running;
}

std::string why_not_run(const Incident& incident, const Workspace& state, const View& view,
                        const Moment& moment) {
  if (view.island) return "the journal is away, and what other nodes have started is not known";
  const Remedy& remedy = *incident.decision->remedy;
  for (const HookRun& run : state.hook_runs()) {
    if (run.hook != counted_as(incident) || run.group != incident.group) continue;
    const Incident* const other = state.find_incident(run.incident);
    if (!other) continue;
    const bool held_for = is_running(*other) && other->state != IncidentState::resolved;
    if (held_for || is_under_way(call_of(*other, run.message), moment))
      return "it runs already for this group";
  }
  std::uint32_t runs = runs_within(state.hook_runs(), incident, moment.now);
  for (const PartitionState& other : view.partitions)
    if (other.partition != incident.partition)
      runs += runs_within(other.hook_runs, incident, moment.now);
  if (runs < remedy.runs) return {};
  return "its limit of " + std::to_string(remedy.runs) +
         (remedy.runs == 1 ? " run in " : " runs in ") + format_duration(remedy.per) +
         " is reached";
}

effect::Remedied start_remedy(const Incident& incident, const std::string& by) {
  const Remedy& remedy = *incident.decision->remedy;
  const std::size_t before = static_cast<std::size_t>(
      std::count_if(incident.messages.begin(), incident.messages.end(),
                    [](const MessageState& m) { return m.kind == MessageKind::hook; }));
  const Contact contact{"", hook_channel(remedy.hook), ""};
  return {incident.id,
          make_message_id(incident.id, incident.occurrence, MessageKind::hook, false,
                          static_cast<std::uint32_t>(before), 0, contact),
          by, remedy.wait};
}

std::optional<Effect> remedy_due(const Incident& incident, const Workspace& state, const View& view,
                                 const Moment& moment) {
  if (starts_by_itself(incident) && (!incident.after || incident.after->over(moment.now))) {
    const std::string why = why_not_run(incident, state, view, moment);
    if (why.empty()) return start_remedy(incident, "");
    return effect::Unremedied{
        incident.id, RemedyStatus::limited, "",
        "hook " + incident.decision->remedy->hook + " was not started: " + why};
  }
  if (!is_running(incident) || incident.state == IncidentState::resolved) return std::nullopt;
  const MessageState* const call = call_of(incident);
  if (const auto why = why_failed(call, moment))
    return effect::Unremedied{incident.id, RemedyStatus::failed, "",
                              hook_words(incident) + " failed: " + *why};
  if (!incident.remedy->wait.over(moment.now)) return std::nullopt;
  const std::string said = call->status != MessageStatus::accepted ? " has not answered"
                           : call->detail.empty()                  ? " ran"
                                                                   : " ran (" + call->detail + ")";
  return effect::Unremedied{incident.id, RemedyStatus::spent, "",
                            hook_words(incident) + said + ", and it still fires after " +
                                format_duration(incident.remedy->wait.length)};
}

std::optional<Duration> remedy_in(const Incident& incident, const Moment& moment) {
  if (starts_by_itself(incident))
    return incident.after ? incident.after->left(moment.now) : Duration::zero();
  if (!is_running(incident) || incident.state == IncidentState::resolved) return std::nullopt;
  const MessageState* const call = call_of(incident);
  if (why_failed(call, moment)) return Duration::zero();
  Duration left = incident.remedy->wait.left(moment.now);
  if (call->status == MessageStatus::sending)
    left =
        std::min(left, kAttemptLost - elapsed_between(call->started_at, moment.now, kAttemptLost));
  return left;
}

}  // namespace tocsin::engine
