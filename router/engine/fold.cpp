#include "router/engine/fold.hpp"

#include <algorithm>

#include "router/engine/apply.hpp"

namespace tocsin::engine {
namespace {

// A re-send that says what is known already needs no decision: it only tells that the alert is
// still there. What an alert says of itself (annotations) may change at every re-send, and decides
// nothing.
bool still_there(PartitionState& state, const std::string& key, const AlertsBody& body,
                 const Alert& alert) {
  if (state.pending_keys.contains(key)) return false;
  const auto current = state.current.find(key);
  if (current == state.current.end()) return false;
  const auto found = state.alerts.find(current->second);
  if (found == state.alerts.end() || found->second.alert.status != alert.status) return false;
  AlertState& known = found->second;
  if (alert.status == AlertStatus::firing) {
    if (known.alert.labels != alert.labels) return false;
    known.alert.annotations = alert.annotations;
    known.alert.generator_url = alert.generator_url;
    known.alert.ends_at = alert.ends_at;
    ++known.count;
  }
  known.heard = body.received;
  return true;
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

void fold_alerts(PartitionState& state, Pending pending, AlertsBody body) {
  hear(state.heard[body.integration], body);
  for (std::uint32_t i = 0; i < body.alerts.size(); ++i) {
    const std::string key = alert_key({}, body.integration, body.alerts[i].key);
    if (still_there(state, key, body, body.alerts[i])) continue;
    pending.changed.push_back(i);
    ++state.pending_keys[key];
  }
  if (pending.changed.empty()) return;
  pending.input = std::make_shared<const AlertsBody>(std::move(body));
  state.pending.push_back(std::move(pending));
}

void forget_pending(PartitionState& state, const Pending& pending) {
  const auto* const alerts = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input);
  if (!alerts) return;
  for (const std::uint32_t i : pending.changed) {
    const auto key =
        state.pending_keys.find(alert_key({}, (*alerts)->integration, (*alerts)->alerts[i].key));
    if (key != state.pending_keys.end() && --key->second == 0) state.pending_keys.erase(key);
  }
}

void forget_alert(PartitionState& state, const AlertId& id) {
  const auto found = state.alerts.find(id);
  if (found == state.alerts.end()) return;
  const std::string key = alert_key({}, found->second.integration, found->second.alert.key);
  const auto current = state.current.find(key);
  if (current != state.current.end() && current->second == id) state.current.erase(current);
  state.alerts.erase(found);
}

bool alert_of_no_use(const PartitionState& state, const AlertId& id) {
  const auto found = state.alerts.find(id);
  return found != state.alerts.end() && found->second.alert.status == AlertStatus::resolved;
}

// Something may still go out, or somebody may still be owed a word. A page whose result was lost
// keeps an incident only until that word has been planned.
bool is_pending(const Incident& incident, const MessageState& message) {
  const bool told =
      message.kind == MessageKind::page &&
      std::find(incident.told.begin(), incident.told.end(), message.contact) != incident.told.end();
  return !message.is_final() && !told;
}

// What is over leaves memory, oldest first. An incident that still owes somebody a message waits
// its turn again; so does one whose alerts still fire (a person resolved it), or they would open it
// anew.
void make_room(PartitionState& state) {
  for (std::size_t tries = state.closed.size(); state.closed.size() > kMostClosed && tries > 0;
       --tries) {
    const IncidentId id = state.closed.front();
    state.closed.pop_front();
    const auto found = state.incidents.find(id);
    if (found == state.incidents.end()) continue;
    const Incident& incident = found->second;
    if (incident.state != IncidentState::resolved) continue;  // reopened; it comes again at its end
    const bool busy = incident.firing > 0 ||
                      std::any_of(incident.messages.begin(), incident.messages.end(),
                                  [&](const MessageState& m) { return is_pending(incident, m); });
    if (busy) {
      state.closed.push_back(id);
      continue;
    }
    for (const AlertId& alert : incident.alerts) forget_alert(state, alert);
    state.incidents.erase(found);
  }
  while (state.ended.size() > kMostEnded) {
    if (alert_of_no_use(state, state.ended.front())) forget_alert(state, state.ended.front());
    state.ended.pop_front();
  }
}

struct Touched {
  std::vector<IncidentId>& ids;

  template <class E>
  void operator()(const E& e) {
    if constexpr (requires { e.incident; })
      if (ids.empty() || ids.back() != e.incident) ids.push_back(e.incident);
  }
};

AttemptRef started(const PartitionState& state, const effect::Attempted& effect) {
  AttemptRef ref{state.partition, effect.incident, effect.message, effect.attempt, {}};
  const auto incident = state.incidents.find(effect.incident);
  if (incident == state.incidents.end()) return ref;
  for (const MessageState& message : incident->second.messages)
    if (message.id == effect.message) ref.channel = message.contact.channel;
  return ref;
}

void fold_turn(PartitionState& state, const Record& record, const Turn& turn, Folded& folded) {
  folded.boot = record.id.boot;
  if (turn.number != state.turn + 1) {
    folded.what = Folded::What::void_turn;
    return;
  }
  folded.turn = true;
  state.turn = turn.number;
  state.turn_boot = record.id.boot;
  Direct direct(state);
  const TurnContext context{turn.at, record.id.boot};
  for (const Effect& effect : turn.effects) {
    apply(effect, context, direct);
    std::visit(Touched{folded.touched}, effect);
    if (const auto* a = std::get_if<effect::Attempted>(&effect))
      folded.started.push_back(started(state, *a));
    if (const auto* a = std::get_if<effect::Answered>(&effect)) folded.answered.push_back(*a);
    if (const auto* d = std::get_if<effect::Decided>(&effect)) folded.decided.push_back(*d);
  }
  while (!state.pending.empty() && state.pending.front().position <= turn.inputs_up_to) {
    forget_pending(state, state.pending.front());
    state.pending.pop_front();
  }
  make_room(state);
}

void set_aside(PartitionState& state, Pending pending, std::string why) {
  pending.input = Pending::Broken{std::move(why)};
  state.pending.push_back(std::move(pending));
}

}  // namespace

Folded fold(PartitionState& state, Position position, const Record& record) {
  Folded folded;
  state.position = position;
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
      if (body)
        fold_alerts(state, std::move(pending), std::move(*body));
      else
        set_aside(state, std::move(pending), body.error().message);
      break;
    }
    case RecordKind::command: {
      auto command = decode_command(record.body);
      if (!command) {
        set_aside(state, std::move(pending), command.error().message);
        break;
      }
      pending.input = std::move(*command);
      state.pending.push_back(std::move(pending));
      break;
    }
    case RecordKind::result: {
      const auto result = decode_result(record.body);
      if (!result) {
        set_aside(state, std::move(pending), result.error().message);
        break;
      }
      const auto incident = state.incidents.find(result->incident);
      if (incident == state.incidents.end()) break;
      apply_result(*result, record.accepted_at, incident->second);
      folded.touched.push_back(result->incident);
      break;
    }
    case RecordKind::turn: {
      const auto turn = decode_turn(record.body);
      if (turn)
        fold_turn(state, record, *turn, folded);
      else
        folded.what =
            Folded::What::void_turn;  // nobody can apply it, so everybody decides its inputs again
      break;
    }
    case RecordKind::control:
    case RecordKind::carried:
      break;  // of a later version: facts that this one does not use
  }
  return folded;
}

}  // namespace tocsin::engine
