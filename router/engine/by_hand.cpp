#include "router/engine/by_hand.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/apply.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/due.hpp"
#include "router/engine/remedy.hpp"
#include "router/engine/retry.hpp"
#include "router/engine/steps.hpp"
#include "router/oncall/reach.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostNameShown = 60;

std::string in_lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string why_words(const std::string& why) { return why.empty() ? "" : ": " + why; }

// Nobody has it in hand, and whoever wants a person now does not wait for a hook.
void take_back(Incident& incident, const std::string& by) {
  forget_acknowledgements(incident);
  if (!is_running(incident)) return;
  incident.remedy->status = RemedyStatus::spent;
  for (MessageState& message : incident.messages)  // its call, if it has not begun
    if (message.id == incident.remedy->message && message.status == MessageStatus::waiting)
      message.status = MessageStatus::rejected;
  if (incident.tried.size() < kMostTried)
    incident.tried.push_back("hook " + incident.decision->remedy->hook + " runs still, and " + by +
                             " did not wait for it");
}

// One that had none has the default policy from now on; a drill has no other.
std::optional<Policy> policy_to_go_on(const Incident& incident, const Present& present) {
  const auto& all = present.configuration.policies;
  const auto today = all.find(present.configuration.default_policy);
  const bool wanted = incident.policy->steps.empty() && incident.realm.is_production();
  return wanted && today != all.end() ? std::optional(today->second) : std::nullopt;
}

Duration wait_of(const Incident& incident, const std::optional<Policy>& policy) {
  if (policy) return policy->steps.front().wait;
  if (incident.policy->steps.empty()) return kDefaultStepWait;
  return wait_at(incident, incident.escalation);
}

}  // namespace

Result<ByHand> escalation(const Incident& incident, const Command& command, const Workspace& state,
                          const Present& present) {
  if (incident.hold)
    return refused("it pages nobody: " + incident.hold->why +
                   (drill_is_over(incident) ? "" : "; end that first"));
  if (incident.policy->steps.empty())
    return refused("it has no policy that could escalate; assign it to somebody");
  if (ends_in_silence(incident, incident.escalation) && incident.escalation.begun)
    return refused("this was the last step, and a drill has no default policy");
  ByHand by_hand;
  Incident open = incident;
  take_back(open, command.by);
  const Escalation next = open.escalation.begun ? after(open, open.escalation) : Escalation{};
  effect::Stepped step = step_from(open, next, "escalated by " + command.by, state, present);
  if (step.messages.empty()) return refused(step.why);
  by_hand.words = sentence(step, policy_at(open, {true, step.fallback, 0, 0, {}}));
  by_hand.effects.emplace_back(
      effect::Escalated{incident.id, command.by, command.via, command.text});
  by_hand.effects.emplace_back(std::move(step));
  return by_hand;
}

Result<ByHand> assignment(const Incident& incident, const Command& command,
                          const Present& present) {
  const std::string& to = command.to;
  if (incident.hold)
    return refused("it pages nobody: " + incident.hold->why +
                   (drill_is_over(incident) ? "" : "; end that first"));
  const auto& people = present.configuration.directory.people;
  const auto person = people.find(to);
  if (person == people.end())
    return refused("nobody is called " + cut(one_line(to), kMostNameShown) +
                   "; name one of the people of the configuration");
  std::vector<oncall::Due> contacts =
      oncall::ways_by_hand(person->second, incident.decision->severity);
  if (contacts.empty())
    return refused(to + " has no contact, so no page would reach them; give them one first");
  if (!incident.realm.is_production()) {
    const std::string& name = incident.realm.gameday;
    const auto set = present.configuration.gamedays.find(name);
    std::erase_if(contacts, [&](const oncall::Due& due) {
      return set == present.configuration.gamedays.end() ||
             !may_reach(set->second, present.configuration, present.facts, due.contact);
    });
    if (contacts.empty()) return refused("GameDay set " + name + " may not reach " + to);
  }
  ByHand by_hand;
  Incident open = incident;
  take_back(open, command.by);
  effect::Assigned assigned{incident.id, to, command.by, command.via, command.text, {}, {}};
  assigned.policy = policy_to_go_on(open, present);
  assigned.wait = wait_of(open, assigned.policy);
  const Escalation& at = open.escalation;
  for (oncall::Due& due : contacts) {
    const MessageId id = make_message_id(open.id, open.occurrence + 1, MessageKind::page,
                                         at.fallback, at.round, at.step, due.contact);
    assigned.messages.push_back({id, MessageKind::page, std::move(due.contact), due.after});
  }
  by_hand.words =
      whom(assigned.messages) +
      (at.queue == Queue::anybody
           ? "; nobody else can be paged at present: it is queued until somebody can"
           : "; unless somebody acknowledges, it goes on after " + format_duration(assigned.wait));
  by_hand.effects.emplace_back(std::move(assigned));
  return by_hand;
}

std::string person_meant(const oncall::Directory& directory, const std::string& said) {
  if (directory.people.contains(said)) return said;
  const std::string address = in_lower_case(said);
  std::string meant;
  for (const auto& [name, person] : directory.people) {
    const auto& ways = person.contacts;
    if (address.empty() || std::none_of(ways.begin(), ways.end(), [&](const oncall::Way& way) {
          return in_lower_case(way.address) == address;
        }))
      continue;
    if (!meant.empty()) return said;
    meant = name;
  }
  return meant.empty() ? said : meant;
}

void escalate(Incident& incident, const effect::Escalated& e, const Instant& at) {
  if (incident.state == IncidentState::resolved) return;
  const bool had = incident.state == IncidentState::acknowledged;
  const std::string whose = incident.acknowledged_by;
  take_back(incident, e.by);
  note(incident, {at.wall, "escalated", e.by,
                  "escalated by " + e.by + " (" + e.via + ")" + why_words(e.why) +
                      (had ? "; " + whose + " has it no longer" : "")});
}

void assign(Incident& incident, const effect::Assigned& e, const Instant& at) {
  if (incident.state == IncidentState::resolved) return;
  take_back(incident, e.by);
  withdraw_pages(incident);
  if (e.policy && incident.policy->steps.empty()) incident.policy = incident.fallback = *e.policy;
  incident.assigned_to = e.to;
  incident.backlog.reset();
  ++incident.occurrence;
  Escalation& escalation = incident.escalation;
  escalation.next = {at, e.wait};
  escalation.everyone = false;
  escalation.paged = {e.to};
  effect::Stepped place;
  place.fallback = escalation.fallback;
  place.round = escalation.round;
  place.step = escalation.step;
  plan(incident, e.messages, at, &place);
  for (MessageState& message : incident.messages)
    for (const PlannedMessage& planned : e.messages)
      if (message.id == planned.id) message.assigned = true;
  note(incident, {at.wall, "assigned", e.by,
                  "assigned to " + e.to + " by " + e.by + " (" + e.via + ")" + why_words(e.why) +
                      ": " + whom(e.messages)});
}

}  // namespace tocsin::engine
