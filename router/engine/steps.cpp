#include "router/engine/steps.hpp"

#include <algorithm>

#include "router/engine/apply.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/due.hpp"
#include "router/engine/reach.hpp"
#include "router/engine/remedy.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

const StepTurn* turn_at(const Incident& incident, const Escalation& place) {
  const auto found =
      std::find_if(incident.turns.begin(), incident.turns.end(), [&](const StepTurn& turn) {
        return turn.fallback == place.fallback && turn.step == place.step;
      });
  return found == incident.turns.end() ? nullptr : &*found;
}

// The incident keeps its target while its escalation begins anew, and has the next in the next
// round; a new incident has whose turn it is.
std::uint32_t first_target(const Incident& incident, const Escalation& place,
                           const Workspace& state) {
  if (const StepTurn* const turn = turn_at(incident, place))
    return turn->target + (place.round > turn->round ? 1 : 0);
  return state.turn_of(turn_key(policy_at(incident, place), place.step));
}

class Climb {
 public:
  Climb(const Incident& incident, std::string why, const Workspace& state, const Present& present)
      : incident_(incident), why_(std::move(why)), state_(state), present_(present) {}

  effect::Stepped from(Escalation place) {
    const bool real = !incident_.fallback->steps.empty();
    const Escalation& at = incident_.escalation;
    const bool nobody = real && has_nobody(incident_.policy, incident_, present_);
    again_ = nobody || (at.begun && at.fallback) ? Duration::zero() : kDefaultPolicyEvery;
    if (at.begun && at.fallback) {  // who waits already goes on waiting
      if (nobody && at.queue != Queue::none) queue_ = Queue::own_policy;
      nobody_ = at.nobody;
      return default_step(place);
    }
    if (nobody) {
      queue_ = Queue::own_policy;
      say_nobody(incident_.policy, "");
    } else if (!place.fallback) {
      if (auto step = own_step(place)) return std::move(*step);
    }
    if (!real) return stepped(place_, {}, "");
    return default_step({true, true, 0, 0, {}});
  }

 private:
  // Each step is looked at once at the most: when all of them reach nobody, so do further rounds.
  std::optional<effect::Stepped> own_step(Escalation place) {
    place_ = place;
    for (std::size_t tries = 0; tries < incident_.policy->steps.size(); ++tries) {
      const Step& step = incident_.policy->steps[place.step];
      Reached reached = reach_of(step, incident_, first_target(incident_, place, state_), present_);
      place_ = place;
      if (!reached.contacts.empty()) return step_at(place, step, std::move(reached));
      pass_over(place, reached);
      if (ends_in_silence(incident_, place)) break;
      place = after(incident_, place);
      if (place.fallback) break;
    }
    return std::nullopt;
  }

  effect::Stepped default_step(Escalation place) {
    // Its rooms alone are nobody, where it wants people as well.
    const bool empty = has_nobody(incident_.fallback, incident_, present_);
    const std::size_t all = empty ? 0 : incident_.fallback->steps.size();
    const Escalation begin = place;
    for (std::size_t tries = 0; tries < all; ++tries, place = after(incident_, place)) {
      const Step& step = incident_.fallback->steps[place.step];
      Reached reached = reach_of(step, incident_, first_target(incident_, place, state_), present_);
      if (!reached.contacts.empty()) return step_at(place, step, std::move(reached));
    }
    const auto today = present_.configuration.policies.find(present_.configuration.default_policy);
    if (today != present_.configuration.policies.end() &&
        !has_nobody(today->second, incident_, present_))
      for (const Step& step : today->second.steps) {
        Reached reached = reach_of(step, incident_, 0, present_);
        reached.target.reset();  // it counts targets of another version
        if (!reached.contacts.empty()) return step_at(begin, step, std::move(reached));
      }
    if (queue_ == Queue::none || incident_.policy->name != incident_.fallback->name)
      say_nobody(incident_.fallback, ", the default");
    queue_ = Queue::anybody;
    std::vector<PlannedMessage> rooms;
    if (incident_.escalation.queue != Queue::anybody)
      for (const Step& step : incident_.fallback->steps) add_rooms_of(step, begin, rooms);
    add_rooms(begin, rooms);
    effect::Stepped queued = stepped(begin, std::move(rooms), "");
    queued.wait = again_;
    return queued;
  }

  effect::Stepped step_at(const Escalation& place, const Step& step, Reached reached) {
    for (std::string& why : reached.nobody)
      if (!step.round_robin) partly_.push_back(std::move(why));
    std::vector<PlannedMessage> messages;
    for (Reached::To& to : reached.contacts) messages.push_back(planned(place, std::move(to)));
    if (place.fallback) add_rooms(place, messages);
    effect::Stepped stepped_to = stepped(place, std::move(messages), joined(partly_));
    stepped_to.target = reached.target;
    stepped_to.everyone = step.everyone && reached.has_people;
    return stepped_to;
  }

  PlannedMessage planned(const Escalation& place, Reached::To to) const {
    const MessageId id = make_message_id(incident_.id, incident_.occurrence, MessageKind::page,
                                         place.fallback, place.round, place.step, to.due.contact);
    return {id,           MessageKind::page,  std::move(to.due.contact),
            to.due.after, std::move(to.rota), std::move(to.due.held)};
  }

  // When an incident begins and nobody of its policy is there, the first of its rooms hears of it
  // all the same, as it would have.
  void add_rooms(const Escalation& place, std::vector<PlannedMessage>& messages) const {
    if (queue_ == Queue::none || incident_.escalation.begun) return;
    for (const Step& step : incident_.policy->steps)
      if (add_rooms_of(step, place, messages)) return;
  }

  // What a step reaches that has none of its people; each once.
  bool add_rooms_of(const Step& step, const Escalation& place,
                    std::vector<PlannedMessage>& messages) const {
    Reached reached = reach_of(step, incident_, 0, present_);
    for (Reached::To& room : reached.contacts)
      if (std::none_of(messages.begin(), messages.end(), [&](const PlannedMessage& message) {
            return message.contact == room.due.contact;
          }))
        messages.push_back(planned(place, std::move(room)));
    return !reached.contacts.empty();
  }

  effect::Stepped stepped(const Escalation& place, std::vector<PlannedMessage> messages,
                          const std::string& beside) {
    if (!passed_over_.empty()) why_ += "; " + joined(passed_over_);
    if (!beside.empty()) why_ += "; " + beside;
    effect::Stepped step{
        incident_.id, place.fallback,     place.round, place.step, wait_at(incident_, place),
        why_,         std::move(messages)};
    step.queue = queue_;
    if (queue_ != Queue::none) step.nobody = nobody_;
    return step;
  }

  void pass_over(const Escalation& place, const Reached& reached) {
    passed_over_.push_back("step " + std::to_string(place.step + 1) +
                           " is passed over: " + joined(reached.nobody));
  }

  void say_nobody(const Policy& policy, const std::string& which) {
    const std::string why = "nobody of policy " + policy.name + which +
                            " can be paged: " + why_nobody(policy, incident_, present_);
    passed_over_.push_back(why);
    nobody_ += (nobody_.empty() ? "" : "; ") + why;
  }

  const Incident& incident_;
  std::string why_;
  const Workspace& state_;
  const Present& present_;
  Escalation place_;  // the last of its own that was looked at
  std::vector<std::string> passed_over_, partly_;
  Queue queue_ = Queue::none;
  std::string nobody_;
  Duration again_{};  // with nobody left: until its own policy, if that has somebody, begins again
};

}  // namespace

const Policy& policy_at(const Incident& incident, const Escalation& place) {
  return place.fallback ? incident.fallback : incident.policy;
}

Escalation after(const Incident& incident, Escalation place) {
  const Policy& policy = policy_at(incident, place);
  if (++place.step < policy.steps.size()) return place;
  place.step = 0;
  ++place.round;
  if (!place.fallback && place.round > policy.repeat) {
    place.fallback = true;
    place.round = 0;
  }
  return place;
}

Duration wait_at(const Incident& incident, const Escalation& place) {
  const Policy& policy = policy_at(incident, place);
  const bool last = place.fallback && place.step + 1 >= policy.steps.size();
  return last ? kDefaultPolicyEvery : policy.steps[place.step].wait;
}

bool ends_in_silence(const Incident& incident, const Escalation& place) {
  return !place.fallback && incident.fallback->steps.empty() &&
         place.step + 1 >= incident.policy->steps.size() && place.round >= incident.policy->repeat;
}

effect::Stepped step_from(const Incident& incident, Escalation place, std::string why,
                          const Workspace& state, const Present& present) {
  return Climb(incident, std::move(why), state, present).from(std::move(place));
}

std::string whom(const std::vector<PlannedMessage>& messages) {
  std::string text;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const PlannedMessage& message = messages[i];
    const bool after_rota = i > 0 && !messages[i - 1].rota.empty() &&
                            messages[i - 1].contact.person != message.contact.person;
    text += (i == 0 ? "pages " : after_rota ? ", and " : ", ") + name_of(message.contact);
    const bool last_of_person =
        i + 1 == messages.size() || messages[i + 1].contact.person != message.contact.person;
    if (!message.rota.empty() && last_of_person) text += ", on call in " + message.rota;
  }
  return text;
}

std::string sentence(const effect::Stepped& step, const Policy& policy) {
  std::string text =
      step.why + ": step " + std::to_string(step.step + 1) + " of policy " + policy.name;
  if (step.round > 0) text += ", round " + std::to_string(step.round + 1);
  text += " " + (step.messages.empty() ? "reaches nobody" : whom(step.messages));
  if (step.everyone) text += "; each of them must acknowledge";
  text += held_words(step.messages);
  return text;
}

bool is_queued(const Incident& incident) {
  return incident.state == IncidentState::open && incident.escalation.begun &&
         incident.escalation.queue != Queue::none && !incident.hold && !is_running(incident);
}

std::optional<Effect> queue_due(const Incident& incident, const Present& present,
                                const Instant& now) {
  if (!is_queued(incident)) return std::nullopt;
  const Escalation& at = incident.escalation;
  const auto there = [&](const Policy& policy) -> std::optional<Effect> {
    return effect::Unqueued{incident.id,
                            "somebody of policy " + policy.name + " can be paged again"};
  };
  // Whoever did not answer, or could not be reached, is not paged again without a pause.
  if ((at.queue != Queue::anybody || at.next.over(now)) &&
      !has_nobody(incident.policy, incident, present))
    return there(incident.policy);
  if (at.queue != Queue::anybody) return std::nullopt;
  if (!has_nobody(incident.fallback, incident, present)) return there(incident.fallback);
  const auto today = present.configuration.policies.find(present.configuration.default_policy);
  if (today != present.configuration.policies.end() &&
      !has_nobody(today->second, incident, present))
    return there(today->second);
  return std::nullopt;
}

std::optional<Duration> queue_in(const Incident& incident) {
  return is_queued(incident) ? std::optional(kLookAgain) : std::nullopt;
}

std::string turn_key(const Policy& policy, std::uint32_t step) {
  return policy.name + ":" + std::to_string(step + 1);
}

void take_turn(const effect::Stepped& step, Incident& incident, Workspace& state) {
  if (!step.target) return;
  const StepTurn turn{step.fallback, step.step, step.round, *step.target};
  const Escalation place{true, step.fallback, step.round, step.step, {}};
  const auto known =
      std::find_if(incident.turns.begin(), incident.turns.end(), [&](const StepTurn& each) {
        return each.fallback == turn.fallback && each.step == turn.step;
      });
  if (known != incident.turns.end()) {
    *known = turn;
    return;
  }
  incident.turns.push_back(turn);
  state.set_turn(turn_key(policy_at(incident, place), step.step), turn.target + 1);
}

void step(Incident& incident, const effect::Stepped& e, const Instant& at) {
  const bool queued_anew = e.queue != Queue::none && e.queue != incident.escalation.queue;
  incident.escalation = {true,    e.fallback, e.round,    e.step, {at, e.wait},
                         e.queue, e.nobody,   e.everyone, {}};
  std::vector<std::string>& paged = incident.escalation.paged;
  if (e.everyone)
    for (const PlannedMessage& message : e.messages)
      if (const std::string& person = message.contact.person;
          !person.empty() && std::find(paged.begin(), paged.end(), person) == paged.end())
        paged.push_back(person);
  incident.after.reset();
  incident.backlog.reset();
  plan(incident, e.messages, at, &e);
  std::string text = sentence(e, policy_at(incident, incident.escalation));
  if (queued_anew && e.queue == Queue::own_policy)
    text += "; it is queued for policy " + incident.policy->name +
            ", which begins when somebody of it can be paged";
  if (queued_anew && e.queue == Queue::anybody) {
    text += "; it is queued until somebody can be paged";
    if (e.wait > Duration::zero())
      text +=
          ", and policy " + incident.policy->name + " begins again in " + format_duration(e.wait);
  }
  if (ends_in_silence(incident, incident.escalation))
    text += "; a drill has no default policy, so this is its last step";
  note(incident, {at.wall, "escalated", "", text});
}

// What is on its way to whoever was paged instead stays so.
void leave_queue(Incident& incident, const effect::Unqueued& unqueued) {
  if (incident.escalation.queue == Queue::none) return;
  incident.escalation = {};
  incident.begins = unqueued.why;
  ++incident.occurrence;
}

}  // namespace tocsin::engine
