#include "router/engine/fold.hpp"

#include <algorithm>

#include "router/core/timeline.hpp"
#include "router/engine/apply.hpp"
#include "router/engine/bundle.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/heartbeats.hpp"
#include "router/engine/late.hpp"
#include "router/engine/reach.hpp"

namespace tocsin::engine {
namespace {

// A re-send that says what is known already needs no decision: it only tells that the alert is
// still there. What an alert says of itself (annotations) may change at every re-send, and decides
// nothing.
bool hear_known(PartitionState& state, const std::string& key, const AlertsBody& body,
                const Alert& alert) {
  const auto current = state.current.find(key);
  AlertState* const known =
      current == state.current.end() ? nullptr : state.alerts.edit(current->second);
  if (!known || known->alert.status != alert.status) return false;
  if (alert.status == AlertStatus::resolved) {
    known->heard = body.received;
    if (body.exact_times) hear_later_end(*known, alert);
    return true;
  }
  if (known->alert.labels != alert.labels) return false;
  known->hear_again(alert, body.received);
  return true;
}

bool still_there(PartitionState& state, const std::string& key, const AlertsBody& body,
                 const Alert& alert) {
  return !state.pending_keys.contains(key) && hear_known(state, key, body, alert);
}

// Half of the time for which its alerts hold is several times the pause that a sender makes: so
// long a silence means that it, or we, were away.
void hear(Heard& heard, const AlertsBody& body) {
  const Duration silence = elapsed_between(heard.last, body.received, kMostWord);
  if (heard.last == Instant{} || silence > heard.word / 2) heard.since = body.received;
  heard.last = body.received;
  Duration word{};
  for (const Alert& alert : body.alerts)
    if (alert.status == AlertStatus::firing && alert.ends_at)
      word = std::max(word, *alert.ends_at - body.received.wall);
  if (word > Duration::zero()) heard.word = std::min(word, kMostWord);
}

void set_aside(PartitionState& state, Pending pending, std::string why) {
  pending.input = Pending::Broken{std::move(why)};
  state.pending.push_back(std::move(pending));
}

void hear_early(PartitionState& state, const std::string& name, const Alert& alert,
                const Instant& received) {
  if (state.truncated)
    state.early.insert_or_assign(name, EarlyWord{alert, received, state.position});
}

// A re-send by reference is the alert as the journal has it, heard again. Returns how many are not
// known: none, as long as whoever refers to an alert keeps to kResendsUnderWay.
std::size_t resolve_resends(PartitionState& state, AlertsBody& body) {
  std::size_t unknown = 0;
  for (const Resend& resend : body.resends) {
    const auto known = state.alerts.find(resend.of);
    if (known == state.alerts.end()) {
      ++unknown;
      Alert word;
      word.ends_at = resend.ends_at;
      hear_early(state, resend.of.text, word, body.received);
      continue;
    }
    Alert alert = known->second.alert;
    alert.status = AlertStatus::firing;
    alert.ends_at = resend.ends_at;
    body.alerts.push_back(std::move(alert));
  }
  body.resends.clear();
  return unknown;
}

// What its senders said last, for the journal, which may know more of an alert than the island did.
void hear_last(PartitionState& state, const std::string& key, const Alert& alert,
               const Instant& heard) {
  const bool firing = alert.status == AlertStatus::firing;
  (firing ? state.said_over : state.said_firing).erase(key);
  auto& said = firing ? state.said_firing : state.said_over;
  if (said.size() < kMostSaid || said.contains(key)) said[key] = heard;
}

// What an island has decided comes as its pieces do; of the requests it says that who sent them was
// heard, and which alerts were still there.
void hear_decided(PartitionState& state, AlertsBody body) {
  hear_beats(state, body);
  resolve_resends(state, body);
  hear(state.heard[body.integration], body);
  for (const Alert& alert : body.alerts) {
    const std::string key = alert_key({}, body.integration, alert.key);
    const auto current = state.current.find(key);
    const auto known =
        current == state.current.end() ? state.alerts.end() : state.alerts.find(current->second);
    // Whatever of it is yet to be decided: it was heard.
    if (known != state.alerts.end() && known->second.heard.wall < body.received.wall)
      hear_known(state, key, body, alert);
  }
}

void fold_alerts(PartitionState& state, Pending pending, AlertsBody body) {
  hear_beats(state, body);
  const std::size_t unknown = resolve_resends(state, body);
  // Where the beginning is gone, what they refer to is carried further on.
  if (unknown > 0 && !state.truncated)
    pending.broken = std::to_string(unknown) + " re-sends refer to alerts that are not known";
  hear(state.heard[body.integration], body);
  for (std::uint32_t i = 0; i < body.alerts.size(); ++i) {
    const std::string key = alert_key({}, body.integration, body.alerts[i].key);
    if (state.on_island) hear_last(state, key, body.alerts[i], body.received);
    if (still_there(state, key, body, body.alerts[i])) continue;
    if (!state.current.contains(key)) hear_early(state, key, body.alerts[i], body.received);
    pending.changed.push_back(i);
    ++state.pending_keys[key];
  }
  if (pending.changed.empty() && pending.broken.empty()) return;
  pending.input = std::make_shared<const AlertsBody>(std::move(body));
  state.pending.push_back(std::move(pending));
}

void forget_keys(PartitionState& state, const Pending& pending) {
  for (const std::string& name : keys_of(pending)) {
    const auto key = state.pending_keys.find(name);
    if (key != state.pending_keys.end() && --key->second == 0) state.pending_keys.erase(key);
  }
}

void forget_alert(PartitionState& state, const AlertId& id) {
  const auto found = state.alerts.find(id);
  if (found == state.alerts.end()) return;
  const std::string key = alert_key(found->second);
  const auto current = state.current.find(key);
  if (current != state.current.end() && current->second == id) state.current.erase(current);
  state.alerts.erase(id);
}

bool alert_of_no_use(const PartitionState& state, const AlertId& id) {
  const auto found = state.alerts.find(id);
  return found != state.alerts.end() && found->second.alert.status == AlertStatus::resolved;
}

// What is over leaves memory, oldest first. An incident that still owes somebody a message waits
// its turn again; so does one whose alerts still fire (a person resolved it), or they would open it
// anew.
void make_room(PartitionState& state) {
  const auto may_go = [&](const auto& over) { return over.at + kResendsUnderWay <= state.records; };
  for (auto* const closed : {&state.closed, &state.closed_drills})
    for (std::size_t tries = closed->size();
         closed->size() > kMostClosed && tries > 0 && may_go(closed->front()); --tries) {
      const IncidentId id = closed->front().what;
      closed->pop_front();
      const auto found = state.incidents.find(id);
      if (found == state.incidents.end()) continue;
      const Incident& incident = found->second;
      if (incident.state != IncidentState::resolved) continue;  // reopened; it comes at its end
      const bool busy = incident.firing > 0 || owes_digest(incident) ||
                        std::any_of(incident.messages.begin(), incident.messages.end(),
                                    [&](const MessageState& m) { return is_owed(incident, m); });
      if (busy) {
        closed->push_back({id, state.records});
        continue;
      }
      for (const AlertId& alert : incident.alerts) forget_alert(state, alert);
      state.incidents.erase(id);
    }
  while (state.ended.size() > kMostEnded && may_go(state.ended.front())) {
    const AlertId& id = state.ended.front().what;
    if (alert_of_no_use(state, id)) forget_alert(state, id);
    state.ended.pop_front();
  }
}

// Contacts of runs that are over, and of people who are gone, are not counted for ever.
void forget_idle_contacts(PartitionState& state, const Instant& at) {
  constexpr std::uint64_t kTurns = 1'000;
  if (state.turn % kTurns != 0) return;
  std::erase_if(state.paged, [&](const auto& each) {
    const auto& [recent, bundle] = each.second;
    return bundle.empty() &&
           (recent.empty() || elapsed_between(recent.back(), at, kMostPagesPer) >= kMostPagesPer);
  });
}

struct Touched {
  std::vector<IncidentId>& ids;

  template <class E>
  void operator()(const E& e) {
    if constexpr (requires { e.incident; }) touch(e.incident);
    if constexpr (requires { e.bundle; }) touch(e.bundle);
  }
  void touch(const IncidentId& id) {
    if (ids.empty() || ids.back() != id) ids.push_back(id);
  }
};

AttemptRef started(const PartitionState& state, const effect::Attempted& effect) {
  AttemptRef ref{state.partition, effect.incident, effect.message, effect.attempt, {}};
  const auto channel_among = [&](const std::vector<MessageState>& messages) {
    for (const MessageState& message : messages)
      if (message.id == effect.message) ref.channel = message.contact.channel;
  };
  if (const Notice* const notice = find_notice(state.notices, effect.incident))
    channel_among(notice->messages);
  if (const Incident* const incident = state.look_up(effect.incident))
    channel_among(incident->messages);
  return ref;
}

void fold_turn(PartitionState& state, const Record& record, const Turn& turn, Folded& folded) {
  folded.boot = record.id.boot;
  const bool first_there_is = state.truncated && state.turn == 0;
  if (turn.number != state.turn + 1 && !first_there_is) {
    folded.what = Folded::What::void_turn;
    return;
  }
  folded.turn = true;
  state.turn = turn.number;
  state.at = turn.at;
  state.holder = record.id.boot;
  state.turn_position = state.position;
  if (!state.configuration || *state.configuration != turn.configuration)
    state.configuration = std::make_shared<const std::string>(turn.configuration);
  Direct direct(state);
  const TurnContext context{turn.at, record.id.boot, state.configuration};
  for (const Effect& effect : turn.effects) {
    apply(effect, context, direct);
    std::visit(Touched{folded.touched}, effect);
    if (const auto* a = std::get_if<effect::Attempted>(&effect))
      folded.started.push_back(started(state, *a));
    if (const auto* o = std::get_if<effect::Opened>(&effect)) folded.begun.push_back(o->incident);
    if (const auto* r = std::get_if<effect::Reopened>(&effect)) folded.begun.push_back(r->incident);
    if (const auto* r = std::get_if<effect::Raised>(&effect)) folded.begun.push_back(r->incident);
    if (const auto* a = std::get_if<effect::Answered>(&effect)) folded.answered.push_back(*a);
    if (const auto* d = std::get_if<effect::Decided>(&effect))
      folded.decided.push_back(d->decision);
    if (const auto* d = std::get_if<effect::Drilled>(&effect))
      folded.decided.push_back(d->decision);
    if (const auto* h = std::get_if<effect::HandedOver>(&effect)) state.holder = h->boot;
    if (std::holds_alternative<effect::Noticed>(effect)) folded.notices = true;
  }
  const auto& told = direct.touched();
  folded.touched.insert(folded.touched.end(), told.begin(), told.end());
  for (const Pending& input : state.pending.take(turn.inputs_up_to, turn.inputs_beyond))
    forget_keys(state, input);
  make_room(state);
  forget_idle_contacts(state, turn.at);
}

// Facts stand on partition 0 alone; one that this version does not know is of a later one, and left
// alone.
void fold_fact(PartitionState& state, const Record& record, Folded& folded) {
  const auto control = decode_control(record.body);
  if (!control || state.partition != 0) return;
  folded.control = true;
  if (const auto* beat = std::get_if<control::Beat>(&*control)) folded.beat = *beat;
  const Fact fact{record.accepted_at, state.position, (record.flags & kCarriedFact) != 0};
  const Status held = fold_control(state.facts, *control, fact);
  folded.news = is_news(*control);
  if (!held) folded.refused = held.error().message;
}

// An incident or alerts written again, before retention would drop what they were made of:
// installed where they are not known. Written after another turn than the last, it may be out of
// date.
void fold_carried(PartitionState& state, const Record& record, Folded& folded) {
  auto carried = decode_carried(record.body);
  if (!carried) return;
  if (state.truncated && state.turn == 0) state.turn = carried->after_turn;
  // A result that came between is not in it.
  const bool overtaken = state.result_position > carried->as_of;
  if (carried->after_turn != state.turn || overtaken) {
    folded.what = Folded::What::void_turn;
    return;
  }
  state.turn_position = state.position;
  install(state, std::move(*carried));
}

const MessageState* find_message(const Incident& incident, const MessageId& id) {
  const auto& messages = incident.messages;
  const auto found = std::find_if(messages.begin(), messages.end(),
                                  [&](const MessageState& message) { return message.id == id; });
  return found == messages.end() ? nullptr : &*found;
}

void fold_result(PartitionState& state, const Record& record, const AttemptResult& result,
                 Folded& folded) {
  if (Notice* const notice = find_notice(state.notices, result.incident)) {
    for (const MessageState& message : notice->messages)
      if (message.id == result.message)
        hear_result(state.contacts, message.contact, result.said, record.accepted_at);
    apply_result(result, *notice);
    folded.notices = true;
    return;
  }
  Incident* const incident = state.find_incident(result.incident);
  if (!incident) return;
  const MessageState* const message = find_message(*incident, result.message);
  if (message && message->kind != MessageKind::hook)
    hear_result(state.contacts, message->contact, result.said, record.accepted_at);
  apply_result(result, record.accepted_at, *incident);
  folded.touched.push_back(incident->id);
  if (is_host(*incident))
    conclude_bundle(state, result.incident, record.accepted_at, folded.touched);
}

void fold_piece(PartitionState& state, Pending pending, const Record& record) {
  auto piece = decode_carried(record.body);
  if (!piece) return set_aside(state, std::move(pending), piece.error().message);
  pending.input = std::make_shared<const Carried>(std::move(*piece));
  for (const std::string& key : keys_of(pending)) ++state.pending_keys[key];
  state.pending.push_back(std::move(pending));
}

}  // namespace

Folded fold(PartitionState& state, Position position, const Record& record) {
  Folded folded;
  state.position = position;
  ++state.records;
  if (!state.seen.insert(record.id)) {
    folded.what = Folded::What::skipped_duplicate;
    return folded;
  }
  Pending pending;
  pending.position = position;
  pending.id = record.id;
  switch (record.kind) {
    case RecordKind::alerts: {
      auto body = decode_alerts(record.body);
      if (body) body->received = heard_on_timeline(state.at, body->received);
      if (body && (record.flags & kDecidedElsewhere) != 0) {
        hear_decided(state, std::move(*body));
      } else if (body) {
        folded.received = body->received;
        fold_alerts(state, std::move(pending), std::move(*body));
      } else {
        set_aside(state, std::move(pending), body.error().message);
      }
      break;
    }
    case RecordKind::command: {
      auto command = decode_command(record.body);
      if (!command) {
        set_aside(state, std::move(pending), command.error().message);
        break;
      }
      hear_link(state, *command, record.accepted_at);
      pending.input = std::move(*command);
      state.pending.push_back(std::move(pending));
      break;
    }
    case RecordKind::result: {
      state.result_position = position;
      auto result = decode_result(record.body);
      if (!result) {
        set_aside(state, std::move(pending), result.error().message);
        break;
      }
      result->at = heard_on_timeline(state.at, result->at);
      fold_result(state, record, *result, folded);
      break;
    }
    case RecordKind::turn: {
      const auto turn = decode_turn(record.body);
      if (turn)
        fold_turn(state, record, *turn, folded);
      else  // nobody can apply it, so everybody decides its inputs again
        folded.what = Folded::What::void_turn;
      break;
    }
    case RecordKind::control:
      fold_fact(state, record, folded);
      break;
    case RecordKind::carried:
      if ((record.flags & kFromIsland) != 0)
        fold_piece(state, std::move(pending), record);
      else
        fold_carried(state, record, folded);
      break;
  }
  share(state, folded.touched);
  return folded;
}

}  // namespace tocsin::engine
