#include "router/engine/acknowledging.hpp"

#include <algorithm>

#include "router/engine/apply.hpp"
#include "router/engine/changes.hpp"

namespace tocsin::engine {
namespace {

bool contains(const std::vector<std::string>& people, std::string_view person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

WallTime end_of(const Wait& wait) { return wait.since.wall + wait.length; }

// A word more than once changes nothing, unless it makes the time longer.
bool is_open_to(const Incident& incident) {
  return incident.state == IncidentState::open || (incident.state == IncidentState::acknowledged &&
                                                   (incident.snoozed || incident.acknowledged_for));
}

void add(Incident& incident, const std::string& by, const Instant& at) {
  if (!has_acknowledged(incident, by)) incident.acknowledgements.push_back({by, at.wall});
}

}  // namespace

bool has_acknowledged(const Incident& incident, std::string_view person) {
  return std::any_of(incident.acknowledgements.begin(), incident.acknowledgements.end(),
                     [&](const Acknowledgement& each) { return each.by == person; });
}

std::vector<std::string> waiting_for(const Incident& incident) {
  std::vector<std::string> people;
  const Escalation& at = incident.escalation;
  if (incident.state != IncidentState::open || !at.begun || !at.everyone) return people;
  for (const std::string& person : at.paged)
    if (!has_acknowledged(incident, person)) people.push_back(person);
  return people;
}

std::vector<Acknowledgement> acknowledgements_of(const Incident& incident) {
  std::vector<Acknowledgement> all = incident.acknowledgements;
  if (incident.acknowledged_at && !has_acknowledged(incident, incident.acknowledged_by))
    all.push_back({incident.acknowledged_by, *incident.acknowledged_at});
  return all;
}

std::optional<WallTime> acknowledged_until(const Incident& incident) {
  if (incident.state != IncidentState::acknowledged) return std::nullopt;
  if (incident.snoozed) return end_of(*incident.snoozed);
  return incident.acknowledged_for ? std::optional(end_of(*incident.acknowledged_for))
                                   : std::nullopt;
}

bool has_lapsed(const Incident& incident, const Instant& now) {
  return incident.state == IncidentState::acknowledged && !incident.snoozed &&
         incident.acknowledged_for && incident.acknowledged_for->over(now);
}

std::optional<Effect> acknowledgement(const Incident& incident, const std::string& by,
                                      const std::string& via) {
  if (!is_open_to(incident)) return std::nullopt;
  std::vector<std::string> left = waiting_for(incident);
  if (left.empty()) return effect::Acknowledged{incident.id, by, via};
  if (has_acknowledged(incident, by)) return std::nullopt;
  std::erase(left, by);
  if (left.empty()) return effect::Acknowledged{incident.id, by, via};
  return effect::AcknowledgedInPart{incident.id, by, via};
}

std::string words_for(const std::string& by, const Incident& acknowledged) {
  if (const std::vector<std::string> left = waiting_for(acknowledged); !left.empty()) {
    const bool asked = contains(acknowledged.escalation.paged, by);
    return (asked ? "acknowledged by " + by + ", who is paged no more; "
                  : "noted, but the step did not page " + by + "; ") +
           "it goes on until " + names(left) + (left.size() == 1 ? " has" : " have") +
           " acknowledged";
  }
  if (const auto until = acknowledged_until(acknowledged))
    return "acknowledged until " + format_rfc3339(*until) +
           "; unless it is over by then or acknowledged again, it pages anew";
  return {};
}

std::string names(const std::vector<std::string>& people) {
  std::string text;
  for (std::size_t i = 0; i < people.size(); ++i)
    text += (i == 0 ? "" : i + 1 == people.size() ? " and " : ", ") + people[i];
  return text;
}

void acknowledge(Incident& incident, const effect::Acknowledged& said, const Instant& at) {
  if (!is_open_to(incident)) return;
  const bool again = incident.state == IncidentState::acknowledged && !incident.snoozed;
  if (!incident.acknowledgements.empty()) add(incident, said.by, at);
  take_in_hand(incident, said.by, at);
  const Duration length = incident.policy->acknowledgement_timeout;
  std::string text = again ? "acknowledged again by " : "acknowledged by ";
  text += said.by + " (" + said.via + ")";
  if (length > Duration::zero()) {
    incident.acknowledged_for = Wait{at, length};
    text += " for " + format_duration(length);
  }
  note(incident, {at.wall, "acknowledged", said.by, std::move(text)});
}

void acknowledge_in_part(Incident& incident, const effect::AcknowledgedInPart& said,
                         const Instant& at) {
  if (incident.state != IncidentState::open) return;
  add(incident, said.by, at);
  for (MessageState& message : incident.messages)
    if (message.kind == MessageKind::page && message.contact.person == said.by && is_idle(message))
      message.status = MessageStatus::withdrawn;
  const std::vector<std::string> left = waiting_for(incident);
  std::string text = "acknowledged by " + said.by + " (" + said.via + ")";
  if (!contains(incident.escalation.paged, said.by)) text += ", whom the step did not page";
  if (!left.empty()) text += "; it waits for " + names(left);
  note(incident, {at.wall, "acknowledged", said.by, std::move(text)});
}

void forget_acknowledgements(Incident& incident) {
  if (incident.state == IncidentState::acknowledged) incident.state = IncidentState::open;
  incident.acknowledged_at.reset();
  incident.acknowledged_by.clear();
  incident.acknowledgements.clear();
  incident.acknowledged_for.reset();
  incident.snoozed.reset();
}

}  // namespace tocsin::engine
