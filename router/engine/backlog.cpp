#include "router/engine/backlog.hpp"

#include <algorithm>

#include "router/engine/apply.hpp"
#include "router/engine/retry.hpp"

namespace tocsin::engine {
namespace {

// Where a team is told what passed: without an own channel, where the default policy's team is.
std::vector<std::string> own_rooms(const Decision& decision) {
  if (decision.outcome == Outcome::advise) return decision.tell;
  if (decision.team_channel.empty()) return {};
  return {decision.team_channel};
}

std::string digest_key(const Decision& decision) {
  std::string key = decision.team;
  for (const std::string& room : own_rooms(decision)) key += "\n" + room;
  return key;
}

// When its last alert was heard of: its end, if the sender said it.
Instant last_heard(const Incident& incident, const Workspace& state) {
  Instant last = incident.received;
  for (const AlertId& id : incident.alerts)
    if (const AlertState* const alert = state.find_alert(id);
        alert && alert->incident == incident.id && alert->heard.wall > last.wall)
      last = alert->heard;
  return last;
}

std::string incidents(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " incident" : " incidents");
}

}  // namespace

bool is_backlog(const Instant& received, const Instant& now) {
  return elapsed_between(received, now, kBacklogAfter) >= kBacklogAfter;
}

bool is_backlog(const Instant& received, const Moment& moment) {
  return is_backlog(received, moment.now) ||
         (moment.behind && elapsed_between(received, moment.now, kBacklogTail) >= kBacklogTail);
}

bool is_backlog(const Pending& pending, const Instant& now) {
  const auto* const body = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input);
  return body && is_backlog((*body)->received, now);
}

bool waits_for_backlog(const Incident& incident, const Moment& moment) {
  if (!moment.behind || incident.state != IncidentState::open) return false;
  if (incident.backlog) return !incident.backlog->over(moment.now);
  return is_backlog(incident.received, moment.now);
}

bool has_passed(const Incident& incident, const Workspace& state, const Instant& now) {
  if (!incident.backlog || incident.backlog->over(now)) return false;
  if (incident.hold || incident.state != IncidentState::open) return false;
  // What ends before `after` is over was never to be a page.
  const Duration after = incident.decision->after;
  return elapsed_between(incident.received, last_heard(incident, state), after) >= after;
}

IncidentId Carriers::of(const Incident& passed, const Workspace& draft) {
  if (!known_) {
    known_.emplace();
    for (const auto& [id, incident] : state_.incidents) {
      if (!owes_digest(incident)) continue;
      IncidentId& known = (*known_)[digest_key(incident.decision)];
      if (known.empty() || id < known) known = id;
    }
  }
  IncidentId& carrier = (*known_)[digest_key(passed.decision)];
  const Incident* const there = carrier.empty() ? nullptr : draft.find_incident(carrier);
  if (!there || !owes_digest(*there)) carrier = passed.id;
  return carrier;
}

std::optional<effect::Told> digest_due(const Incident& incident, const Configuration& configuration,
                                       const Moment& moment) {
  if (digest_in(incident, moment) != Duration::zero()) return std::nullopt;
  effect::Told told{incident.id, {}};
  std::vector<std::string> rooms = own_rooms(incident.decision);
  const std::string& other = configuration.rules.default_team_channel();
  if (rooms.empty() && !other.empty()) rooms = {other};
  for (const std::string& room : rooms) {
    Contact contact{"", room, ""};
    const MessageId id = make_message_id(incident.id, incident.occurrence, MessageKind::digest,
                                         false, 0, 0, contact);
    told.messages.push_back({id, MessageKind::digest, std::move(contact), {}});
  }
  return told;
}

std::optional<Duration> digest_in(const Incident& incident, const Moment& moment) {
  if (!incident.digest || incident.digest->told) return std::nullopt;
  const bool waits =
      moment.behind && !Wait{incident.digest->since, kMostDigestWait}.over(moment.now);
  return waits ? kLookBehind : Duration::zero();
}

bool is_digest(const effect::Told& told) {
  return told.messages.empty() || told.messages.front().kind == MessageKind::digest;
}

void open_in_backlog(Incident& incident, const Instant& at) {
  incident.backlog = Wait{at, kMostBehind};
}

void pass(const effect::Resolved& resolved, const Instant& at, Workspace& state) {
  Incident* const incident = state.incident(resolved.incident);
  if (!incident || resolved.passed_in.empty()) return;
  incident->passed_in = resolved.passed_in;
  note(*incident, {at.wall, "passed", "",
                   "it opened and ended while tocsin was away, and nobody was paged: told in the "
                   "digest of incident " +
                       resolved.passed_in.text});
  PassedIncident passed{incident->id, incident->title, incident->received.wall,
                        last_heard(*incident, state).wall};
  Incident* const carrier = state.incident(resolved.passed_in);
  if (!carrier) return;
  Rare<Digest>& digest = carrier->digest;
  // One that is still on its way says the new ones as well.
  const bool on_its_way = std::any_of(
      carrier->messages.begin(), carrier->messages.end(), [](const MessageState& message) {
        return message.kind == MessageKind::digest && !message.is_final();
      });
  if (digest && digest->told && !on_its_way) digest.reset();
  if (!digest) digest.emplace().since = at;
  digest->told = false;
  ++digest->count;
  if (digest->named.size() < kMostNamedInDigest) digest->named.push_back(std::move(passed));
}

void take_back_passed(const IncidentId& reopened, Workspace& state) {
  Incident* const incident = state.incident(reopened);
  if (!incident || incident->passed_in.empty()) return;
  const IncidentId id = std::exchange(incident->passed_in, {});
  Incident* const carrier = state.incident(id);
  if (!carrier || !owes_digest(*carrier)) return;
  std::erase_if(carrier->digest->named,
                [&](const PassedIncident& passed) { return passed.id == reopened; });
  if (--carrier->digest->count == 0) carrier->digest.reset();
}

void tell_digest(Incident& carrier, const effect::Told& told, const Instant& at) {
  if (!carrier.digest) return;
  carrier.digest->told = true;
  std::string text = "the digest of " + incidents(carrier.digest->count) +
                     " that opened and ended while tocsin was away ";
  for (std::size_t i = 0; i < told.messages.size(); ++i)
    text += (i ? ", " : "goes to ") + told.messages[i].contact.channel;
  if (told.messages.empty())
    text += "goes nowhere: neither its team nor that of the default policy has a channel";
  note(carrier, {at.wall, "digest", "", text});
}

}  // namespace tocsin::engine
