#include "router/engine/adopt.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "router/core/digest.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/engine/changes.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

constexpr std::string_view kCutOff = "a node that was cut off";

template <class T>
void unite(std::vector<T>& ours, const std::vector<T>& theirs) {
  for (const T& each : theirs)
    if (std::find(ours.begin(), ours.end(), each) == ours.end()) ours.push_back(each);
}

// How far a message has come: what is final stays so, and a later attempt says more than an
// earlier.
auto progress(const MessageState& message) {
  return std::make_tuple(message.status == MessageStatus::accepted, message.is_final(),
                         message.attempt, message.status == MessageStatus::retrying);
}

// What waited on an island to be told with others is told by itself, or joins others here.
MessageState released(MessageState message, const Instant& now) {
  if (message.status != MessageStatus::bundled) return message;
  message.status = MessageStatus::waiting;
  message.due = {now, {}};
  return message;
}

void unite_messages(Incident& ours, const Incident& theirs, const Instant& now) {
  for (const MessageState& said : theirs.messages) {
    const auto known = std::find_if(ours.messages.begin(), ours.messages.end(),
                                    [&](const MessageState& m) { return m.id == said.id; });
    if (known == ours.messages.end()) ours.messages.push_back(released(said, now));
    // That it was no longer wanted there says nothing here, where it goes on.
    else if (said.status != MessageStatus::withdrawn && progress(*known) < progress(said))
      *known = released(said, now);
  }
  // Whom the other side alone has paged is not paged again for what this one had planned.
  const auto has = [](const std::vector<Contact>& all, const Contact& contact) {
    return std::find(all.begin(), all.end(), contact) != all.end();
  };
  for (MessageState& message : ours.messages)
    if (message.kind == MessageKind::page && is_idle(message) &&
        has(theirs.reached, message.contact) && !has(ours.reached, message.contact))
      message.status = MessageStatus::withdrawn;
  drop_old_messages(ours);
}

void unite_timelines(Incident& ours, const Incident& theirs) {
  unite(ours.timeline, theirs.timeline);
  std::stable_sort(ours.timeline.begin(), ours.timeline.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  ours.timeline_dropped = std::max(ours.timeline_dropped, theirs.timeline_dropped);
  trim_timeline(ours);
}

// Who acknowledged in part on either side is paged no more.
void unite_acknowledgements(Incident& ours, const Incident& theirs) {
  if (theirs.state != IncidentState::open || ours.state != IncidentState::open) return;
  for (const Acknowledgement& each : theirs.acknowledgements)
    if (!has_acknowledged(ours, each.by)) ours.acknowledgements.push_back(each);
  for (MessageState& message : ours.messages)
    if (message.kind == MessageKind::page && is_idle(message) &&
        has_acknowledged(ours, message.contact.person))
      message.status = MessageStatus::withdrawn;
}

// Both are the same trouble, and both went on.
void merge(Incident& ours, const Incident& theirs, const Instant& now) {
  const bool same = ours.id == theirs.id;
  unite_messages(ours, theirs, now);
  unite(ours.reached, theirs.reached);
  unite(ours.told, theirs.told);
  unite(ours.rooms_heard, theirs.rooms_heard);
  unite(ours.tried, theirs.tried);
  if (ours.tried.size() > kMostTried) ours.tried.resize(kMostTried);
  unite_timelines(ours, theirs);
  ours.room_told = ours.room_told || theirs.room_told;
  const auto stands = [](const Escalation& at) {
    return std::make_tuple(at.begun, at.fallback, at.round, at.step);
  };
  if (stands(ours.escalation) < stands(theirs.escalation)) {
    ours.escalation = theirs.escalation;
    ours.after.reset();
  }
  unite_acknowledgements(ours, theirs);
  if (ours.assigned_to.empty()) ours.assigned_to = theirs.assigned_to;
  for (const StepTurn& turn : theirs.turns)
    if (std::none_of(ours.turns.begin(), ours.turns.end(), [&](const StepTurn& own) {
          return own.fallback == turn.fallback && own.step == turn.step;
        }))
      ours.turns.push_back(turn);
  if (ours.state != IncidentState::open || ours.hold) withdraw_pages(ours);
  if (same) ours.occurrence = std::max(ours.occurrence, theirs.occurrence);
  unite(ours.aliases, theirs.aliases);
  if (same || std::find(ours.aliases.begin(), ours.aliases.end(), theirs.id) != ours.aliases.end())
    return;
  ours.aliases.push_back(theirs.id);
  note(ours, {now.wall, "adopted", "",
              "incident " + theirs.id.text + ", which " + std::string(kCutOff) +
                  " opened meanwhile, is the same trouble and goes on here"});
}

void recount(Workspace& state, const IncidentId& id) {
  Incident* const incident = id.empty() ? nullptr : state.incident(id);
  if (!incident) return;
  incident->firing = static_cast<std::uint32_t>(
      std::count_if(incident->alerts.begin(), incident->alerts.end(), [&](const AlertId& alert) {
        const AlertState* const known = state.find_alert(alert);
        return known && known->incident == id && known->alert.status == AlertStatus::firing;
      }));
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool is_over(const Carried& piece, const std::string& key) {
  return std::any_of(piece.over.begin(), piece.over.end(),
                     [&](const LastWord& word) { return word.key == key; });
}

class Adopter {
 public:
  Adopter(Position position, const Instant& now, Workspace& state)
      : position_(position), now_(now), state_(state) {}

  void take(const Incident& theirs, const IncidentId& into, const std::string& before) {
    Incident* const ours = state_.incident(into);
    // Where the journal's beginning is gone, the one that it became part of is carried further on.
    if (!ours) return into == theirs.id ? add(theirs) : void();
    if (into != theirs.id || fingerprint(*ours) != before) return merge(*ours, theirs, now_);
    Incident after = theirs;
    release_bundled(after);
    after.anchor = ours->anchor;
    after.alerts = ours->alerts;
    const bool ends = ours->state != IncidentState::resolved;
    *ours = std::move(after);
    if (theirs.state == IncidentState::resolved) {
      if (ends) over(theirs);
    } else if (state_.group(theirs.group).empty()) {
      state_.set_group(theirs.group, theirs.id);
    }
  }

  void take(AlertState theirs, const IncidentId& into, const Carried& piece) {
    if (!theirs.incident.empty()) theirs.incident = into;
    theirs.anchor = position_;
    const bool firing = theirs.alert.status == AlertStatus::firing;
    const std::string key = alert_key(theirs);
    AlertState* const known = state_.alert(theirs.id);
    AlertState* const current = state_.alert(state_.current(key));
    const bool other_fires =
        current && current->id != theirs.id && current->alert.status == AlertStatus::firing;
    const bool replaces = other_fires && contains(piece.replaced, current->id);
    if (replaces) end(*current);
    if (known) {
      // Whether it fires is the journal's to say, but for what the island's own senders said.
      const AlertState before = *known;
      touched_.insert(known->incident);
      theirs.anchor = known->anchor;
      *known = theirs;
      if (before.heard.wall > theirs.heard.wall) {
        known->heard = before.heard;
        known->alert.ends_at = before.alert.ends_at;
      }
      known->count = std::max(before.count, theirs.count);
      const bool ends = !firing && before.heard.wall <= theirs.heard.wall && is_over(piece, key);
      if (!ends) known->alert.status = before.alert.status;
    } else if (firing && other_fires && !replaces) {  // both were told of it
      current->count += theirs.count;
      if (current->heard.wall < theirs.heard.wall) current->heard = theirs.heard;
      return;
    } else {
      // The journal has heard later of it, and that it is over.
      const bool passed = current && !other_fires && current->heard.wall > theirs.heard.wall;
      if (passed) theirs.alert.status = AlertStatus::resolved;
      if (!passed && (!other_fires || replaces)) state_.set_current(key, theirs.id);
      state_.add(theirs);
    }
    // Of several of one key the last that was heard of goes on, unless an earlier one fires.
    const bool goes_on = known && (known->alert.status == AlertStatus::firing || !current ||
                                   current->heard.wall <= known->heard.wall);
    if (goes_on && !other_fires) state_.set_current(key, theirs.id);
    touched_.insert(theirs.incident);
    if (theirs.incident.empty() && theirs.alert.status != AlertStatus::firing)
      state_.ended(theirs.id);
    Incident* const home = theirs.incident.empty() ? nullptr : state_.incident(theirs.incident);
    if (!home) return;
    if (known)
      unite(home->alerts, {theirs.id});
    else
      home->alerts.push_back(theirs.id);
  }

  void end(const LastWord& over) {
    AlertState* const alert = state_.alert(state_.current(over.key));
    if (!alert || alert->heard.wall > over.heard.wall) return;
    alert->heard = over.heard;  // an older word that it fires, in a later piece, is too late
    if (alert->alert.status == AlertStatus::firing) end(*alert);
  }

  // The journal had heard that it is over, and the island, later, that it is not.
  void fires(const LastWord& word) {
    AlertState* const alert = state_.alert(state_.current(word.key));
    if (!alert || alert->alert.status == AlertStatus::firing || alert->heard.wall > word.heard.wall)
      return;
    alert->alert.status = AlertStatus::firing;
    alert->heard = word.heard;
    touched_.insert(alert->incident);
  }

  void finish() {
    for (const IncidentId& id : touched_) recount(state_, id);
  }

  // It had ended by itself, before the piece brought what still fires of it.
  void go_on(const IncidentId& id) {
    Incident* const incident = state_.incident(id);
    if (!incident || incident->state != IncidentState::resolved || incident->firing == 0 ||
        !incident->resolved_by.empty())
      return;
    incident->state = incident->acknowledged_at ? IncidentState::acknowledged : IncidentState::open;
    incident->resolved_at.reset();
    if (state_.group(incident->group).empty()) state_.set_group(incident->group, id);
  }

 private:
  void release_bundled(Incident& incident) const {
    for (MessageState& message : incident.messages) message = released(std::move(message), now_);
  }

  void end(AlertState& alert) {
    alert.alert.status = AlertStatus::resolved;
    if (alert.incident.empty())
      state_.ended(alert.id);
    else
      touched_.insert(alert.incident);
  }

  void add(const Incident& theirs) {
    Incident fresh = theirs;
    release_bundled(fresh);
    fresh.partition = state_.base().partition;
    fresh.anchor = position_;
    fresh.alerts.clear();
    fresh.firing = 0;
    state_.add(std::move(fresh));
    if (theirs.state == IncidentState::resolved)
      over(theirs);
    else
      state_.set_group(theirs.group, theirs.id);
  }

  void over(const Incident& incident) {
    if (state_.group(incident.group) == incident.id) state_.set_group(incident.group, {});
    state_.closed(incident.id);
  }

  const Position position_;
  const Instant& now_;
  Workspace& state_;
  std::set<IncidentId> touched_;
};

}  // namespace

std::string fingerprint(const Incident& incident) {
  Incident same = incident;
  same.anchor = 0;
  cbor::Writer out;
  write(out, same);
  return hex(sha256(out.take()));
}

IncidentId adopted_into(const Workspace& state, const Carried& piece) {
  if (!piece.incident) return {};
  const Incident& theirs = *piece.incident;
  if (state.find_incident(theirs.id)) return theirs.id;
  const IncidentId open = state.group(theirs.group);
  if (open.empty() || theirs.state == IncidentState::resolved) return theirs.id;
  return open;
}

void adopt(const Carried& piece, const IncidentId& into, Position position, const TurnContext& turn,
           Workspace& state) {
  Adopter adopter(position, turn.at, state);
  if (piece.incident) adopter.take(*piece.incident, into, piece.before);
  for (const AlertState& alert : piece.alerts) adopter.take(alert, into, piece);
  for (const LastWord& word : piece.over) adopter.end(word);
  for (const LastWord& word : piece.firing) adopter.fires(word);
  adopter.finish();
  if (piece.incident && piece.incident->state != IncidentState::resolved) adopter.go_on(into);
}

std::vector<IncidentId> touched_by(const Workspace& state, const Carried& piece) {
  std::vector<IncidentId> incidents;
  const auto look_at = [&](const AlertId& id) {
    const AlertState* const alert = id.empty() ? nullptr : state.find_alert(id);
    if (alert && !alert->incident.empty()) incidents.push_back(alert->incident);
  };
  for (const LastWord& word : piece.over) look_at(state.current(word.key));
  for (const AlertId& id : piece.replaced) look_at(id);
  for (const LastWord& word : piece.firing) look_at(state.current(word.key));
  return incidents;
}

std::vector<Effect> words_of_island(const Incident& theirs, const Incident& ours,
                                    const Instant& now) {
  std::vector<Effect> words;
  if (ours.state == IncidentState::resolved) return words;
  if (theirs.decision->severity > ours.decision->severity)
    words.emplace_back(effect::Raised{ours.id, theirs.decision->severity,
                                      "by what " + std::string(kCutOff) + " heard"});
  if (theirs.state == IncidentState::resolved && !theirs.resolved_by.empty()) {
    words.emplace_back(effect::Resolved{ours.id, theirs.resolved_by, ""});
  } else if (theirs.state == IncidentState::acknowledged && ours.state == IncidentState::open) {
    if (!theirs.snoozed)
      words.emplace_back(
          effect::Acknowledged{ours.id, theirs.acknowledged_by, std::string(kCutOff)});
    else if (const Duration left = theirs.snoozed->left(now); left > Duration::zero())
      words.emplace_back(
          effect::Snoozed{ours.id, theirs.acknowledged_by, std::string(kCutOff), left, ""});
  } else if (ours.state == IncidentState::open && ours.escalation.everyone &&
             !ours.acknowledgements.empty() && waiting_for(ours).empty()) {
    // Each on one of the two sides: together they are all.
    words.emplace_back(
        effect::Acknowledged{ours.id, ours.acknowledgements.back().by, std::string(kCutOff)});
  }
  return words;
}

}  // namespace tocsin::engine
