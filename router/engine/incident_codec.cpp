// How incidents are written in snapshots, history and `carried` records.
#include "router/core/codec.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

template <class Optional, class Write>
void write_optional(Writer& out, const Optional& value, Write write_value) {
  if (value)
    write_value(*value);
  else
    out.null();
}
template <class T, class Read>
std::optional<T> read_optional(Reader& in, Read read) {
  return in.null_next() ? std::nullopt : std::optional<T>(read());
}

// How far it got to the person: of a message of which there is anything to say.
bool has_reach(const MessageState& m) {
  return m.occurrence > 0 || m.failures > 0 || m.receipt != Receipt::none || !m.held.empty() ||
         m.alone;
}
void write_reach(Writer& out, const MessageState& m) {
  out.array(5).unsigned_number(m.occurrence).unsigned_number(m.failures);
  write_enum(out, m.receipt);
  out.text(m.held).boolean(m.alone);
}
void read_reach(Reader& in, MessageState& m) {
  read_array(in, 5, [&] {
    m.occurrence = read_u32(in);
    m.failures = read_u32(in);
    m.receipt = read_enum(in, Receipt::missing);
    m.held = read_string(in);
    m.alone = in.boolean();
  });
}

}  // namespace

void write(Writer& out, const MessageState& m) {
  out.array(has_reach(m) ? 15 : 14).text(m.id.text);
  write_enum(out, m.kind);
  codec::write(out, m.contact);
  out.unsigned_number(m.round).unsigned_number(m.step).boolean(m.fallback);
  write_enum(out, m.status);
  codec::write(out, m.due);
  out.unsigned_number(m.attempt).unsigned_number(m.started_by);
  codec::write(out, m.started_at);
  out.text(m.detail).text(m.provider_id);
  if (m.rota.empty() && !m.assigned)
    out.null();
  else
    out.array(2).text(m.rota).boolean(m.assigned);
  if (has_reach(m)) write_reach(out, m);
}
MessageState read_message(Reader& in) {
  MessageState m;
  read_growing_array(in, 14, 15, [&](std::size_t items) {
    m.id.text = read_string(in);
    m.kind = read_enum(in, kLastMessageKind);
    m.contact = read_contact(in);
    m.round = read_u32(in);
    m.step = read_u32(in);
    m.fallback = in.boolean();
    m.status = read_enum(in, MessageStatus::bundled);
    m.due = read_wait(in);
    m.attempt = read_u32(in);
    m.started_by = in.unsigned_number();
    m.started_at = read_instant(in);
    m.detail = read_string(in);
    m.provider_id = read_string(in);
    if (!in.null_next())
      read_array(in, 2, [&] {
        m.rota = read_string(in);
        m.assigned = in.boolean();
      });
    if (items > 14) read_reach(in, m);
  });
  return m;
}

namespace {

void write(Writer& out, const std::vector<Contact>& contacts) {
  write_list(out, contacts, [&](const Contact& contact) { codec::write(out, contact); });
}
std::vector<Contact> read_contacts(Reader& in) {
  return read_list<Contact>(in, [&] { return read_contact(in); });
}

void write(Writer& out, const RemedyState& remedy) {
  out.array(4);
  write_enum(out, remedy.status);
  out.text(remedy.message.text);
  codec::write(out, remedy.wait);
  out.text(remedy.by);
}
RemedyState read_remedy(Reader& in) {
  RemedyState remedy;
  read_array(in, 4, [&] {
    remedy.status = read_enum(in, kLastRemedyStatus);
    remedy.message.text = read_string(in);
    remedy.wait = read_wait(in);
    remedy.by = read_string(in);
  });
  return remedy;
}

void write(Writer& out, const Digest& digest) {
  out.array(4).unsigned_number(digest.count).boolean(digest.told);
  codec::write(out, digest.since);
  write_list(out, digest.named, [&](const PassedIncident& passed) {
    out.array(4).text(passed.id.text).text(passed.title);
    codec::write(out, passed.opened_at);
    codec::write(out, passed.ended_at);
  });
}
Digest read_digest(Reader& in) {
  Digest digest;
  read_array(in, 4, [&] {
    digest.count = read_u32(in);
    digest.told = in.boolean();
    digest.since = read_instant(in);
    digest.named = read_list<PassedIncident>(in, [&] {
      PassedIncident passed;
      read_array(in, 4, [&] {
        passed.id.text = read_string(in);
        passed.title = read_string(in);
        passed.opened_at = read_wall(in);
        passed.ended_at = read_wall(in);
      });
      return passed;
    });
  });
  return digest;
}

void write_timeline(Writer& out, const Incident& i) {
  write_list(out, i.timeline, [&](const TimelineEntry& entry) {
    out.array(4);
    codec::write(out, entry.at);
    out.text(entry.kind).text(entry.by).text(entry.text);
  });
  out.unsigned_number(i.timeline_dropped);
}
void read_timeline(Reader& in, Incident& i) {
  i.timeline = read_list<TimelineEntry>(in, [&] {
    TimelineEntry entry;
    read_array(in, 4, [&] {
      entry.at = read_wall(in);
      entry.kind = read_string(in);
      entry.by = read_string(in);
      entry.text = read_string(in);
    });
    return entry;
  });
  i.timeline_dropped = read_u32(in);
}

// What it is, and how it came about.
void write_identity(Writer& out, const Incident& i) {
  out.text(i.id.text).unsigned_number(i.partition).text(i.realm.gameday);
  out.unsigned_number(i.realm.run).text(i.integration).text(i.group).text(i.title);
  out.text(i.service);
  codec::write(out, i.decision);
  codec::write(out, i.received);
  codec::write(out, i.opened_at);
}
void read_identity(Reader& in, Incident& i) {
  i.id.text = read_string(in);
  i.partition = static_cast<Partition>(in.unsigned_number());
  i.realm.gameday = read_string(in);
  i.realm.run = read_u32(in);
  i.integration = read_string(in);
  i.group = read_string(in);
  i.title = read_string(in);
  i.service = read_string(in);
  i.decision = read_decision(in);
  i.received = read_instant(in);
  i.opened_at = read_wall(in);
}
constexpr std::size_t kIdentityItems = 11;

// Where it stands with people.
void write_standing(Writer& out, const Incident& i) {
  const auto wall = [&](WallTime at) { codec::write(out, at); };
  write_enum(out, i.state);
  write_optional(out, i.acknowledged_at, wall);
  write_optional(out, i.resolved_at, wall);
  out.text(i.acknowledged_by).text(i.resolved_by).unsigned_number(i.occurrence);
  write_list(out, i.alerts, [&](const AlertId& id) { out.text(id.text); });
  out.unsigned_number(i.firing);
}
void read_standing(Reader& in, Incident& i) {
  i.state = read_enum(in, IncidentState::resolved);
  i.acknowledged_at = read_optional<WallTime>(in, [&] { return read_wall(in); });
  i.resolved_at = read_optional<WallTime>(in, [&] { return read_wall(in); });
  i.acknowledged_by = read_string(in);
  i.resolved_by = read_string(in);
  i.occurrence = read_u32(in);
  i.alerts = read_list<AlertId>(in, [&] { return AlertId{read_string(in)}; });
  i.firing = read_u32(in);
}
constexpr std::size_t kStandingItems = 8;

// What is to be done, and what was.
void write_work(Writer& out, const Incident& i) {
  const auto wait = [&](const Wait& value) { codec::write(out, value); };
  codec::write(out, i.policy);
  codec::write(out, i.fallback);
  out.boolean(i.escalation.begun).boolean(i.escalation.fallback);
  out.unsigned_number(i.escalation.round).unsigned_number(i.escalation.step);
  codec::write(out, i.escalation.next);
  write_list(out, i.messages, [&](const MessageState& message) { write(out, message); });
  write(out, i.reached);
  write(out, i.told);
  codec::write(out, i.ended);
  write_optional(out, i.after, wait);
  write_optional(out, i.hold, [&](const Hold& hold) { codec::write(out, hold); });
  write_optional(out, i.snoozed, wait);
  write_optional(out, i.remedy, [&](const RemedyState& remedy) { write(out, remedy); });
  codec::write(out, i.tried);
  out.text(i.begins).boolean(i.room_told);
}
void read_work(Reader& in, Incident& i) {
  const auto wait = [&] { return read_wait(in); };
  i.policy = read_policy(in);
  i.fallback = read_policy(in);
  i.escalation.begun = in.boolean();
  i.escalation.fallback = in.boolean();
  i.escalation.round = read_u32(in);
  i.escalation.step = read_u32(in);
  i.escalation.next = read_wait(in);
  i.messages = read_list<MessageState>(in, [&] { return read_message(in); });
  i.reached = read_contacts(in);
  i.told = read_contacts(in);
  i.ended = read_instant(in);
  i.after = read_optional<Wait>(in, wait);
  i.hold = read_optional<Hold>(in, [&] { return read_hold(in); });
  i.snoozed = read_optional<Wait>(in, wait);
  i.remedy = read_optional<RemedyState>(in, [&] { return read_remedy(in); });
  i.tried = read_strings(in);
  i.begins = read_string(in);
  i.room_told = in.boolean();
}
constexpr std::size_t kWorkItems = 18;
// The first version ended with its anchor, the second with the rooms that have heard.
constexpr std::size_t kIncidentItems1 = kIdentityItems + kStandingItems + kWorkItems + 3;
constexpr std::size_t kIncidentItems2 = kIncidentItems1 + 1;
constexpr std::size_t kIncidentItems3 = kIncidentItems2 + 1;
constexpr std::size_t kIncidentItems4 = kIncidentItems3 + 3;
constexpr std::size_t kIncidentItems = kIncidentItems4 + 1;

// What an outage's backlog made of it.
void write_backlog(Writer& out, const Incident& i) {
  write_optional(out, i.backlog, [&](const Wait& wait) { codec::write(out, wait); });
  out.text(i.passed_in.text);
  write_optional(out, i.digest, [&](const Digest& digest) { write(out, digest); });
}
void read_backlog(Reader& in, Incident& i) {
  i.backlog = read_optional<Wait>(in, [&] { return read_wait(in); });
  i.passed_in.text = read_string(in);
  i.digest = read_optional<Digest>(in, [&] { return read_digest(in); });
}

// What came later, of an incident that has any of it: for whom it waits, who has to acknowledge and
// who has, for how long that holds, to whom it was given, and whose turn it was.
bool has_parts(const Incident& i) {
  const Escalation& at = i.escalation;
  return at.queue != Queue::none || at.everyone || !at.paged.empty() ||
         !i.acknowledgements.empty() || i.acknowledged_for || !i.assigned_to.empty() ||
         !i.turns.empty();
}
void write_parts(Writer& out, const Incident& i) {
  out.array(8);
  write_enum(out, i.escalation.queue);
  out.text(i.escalation.nobody).boolean(i.escalation.everyone);
  codec::write(out, i.escalation.paged);
  write_list(out, i.acknowledgements, [&](const Acknowledgement& each) {
    out.array(2).text(each.by);
    codec::write(out, each.at);
  });
  write_optional(out, i.acknowledged_for, [&](const Wait& wait) { codec::write(out, wait); });
  out.text(i.assigned_to);
  write_list(out, i.turns, [&](const StepTurn& turn) {
    out.array(4).boolean(turn.fallback).unsigned_number(turn.step);
    out.unsigned_number(turn.round).unsigned_number(turn.target);
  });
}
void read_parts(Reader& in, Incident& i) {
  read_array(in, 8, [&] {
    i.escalation.queue = read_enum(in, kLastQueue);
    i.escalation.nobody = read_string(in);
    i.escalation.everyone = in.boolean();
    i.escalation.paged = read_strings(in);
    i.acknowledgements = read_list<Acknowledgement>(in, [&] {
      Acknowledgement each;
      read_array(in, 2, [&] {
        each.by = read_string(in);
        each.at = read_wall(in);
      });
      return each;
    });
    i.acknowledged_for = read_optional<Wait>(in, [&] { return read_wait(in); });
    i.assigned_to = read_string(in);
    i.turns = read_list<StepTurn>(in, [&] {
      StepTurn turn;
      read_array(in, 4, [&] {
        turn.fallback = in.boolean();
        turn.step = read_u32(in);
        turn.round = read_u32(in);
        turn.target = read_u32(in);
      });
      return turn;
    });
  });
}

// What the first version did not say can be seen of the messages that are still there.
void recall_rooms(Incident& i) {
  for (const MessageState& message : i.messages)
    if (is_for_room(message.kind) &&
        (message.status == MessageStatus::accepted || message.status == MessageStatus::rejected))
      i.rooms_heard.push_back(message.contact);
}

}  // namespace

void write(Writer& out, const Incident& incident) {
  out.array(has_parts(incident) ? kIncidentItems : kIncidentItems4);
  write_identity(out, incident);
  write_standing(out, incident);
  write_work(out, incident);
  write_timeline(out, incident);
  out.unsigned_number(incident.anchor);
  write(out, incident.rooms_heard);
  write_list(out, incident.aliases, [&](const IncidentId& id) { out.text(id.text); });
  write_backlog(out, incident);
  if (has_parts(incident)) write_parts(out, incident);
}
Incident read_incident(Reader& in) {
  Incident incident;
  read_growing_array(in, kIncidentItems1, kIncidentItems, [&](std::size_t items) {
    read_identity(in, incident);
    read_standing(in, incident);
    read_work(in, incident);
    read_timeline(in, incident);
    incident.anchor = in.unsigned_number();
    if (items > kIncidentItems1)
      incident.rooms_heard = read_contacts(in);
    else
      recall_rooms(incident);
    if (items > kIncidentItems2)
      incident.aliases = read_list<IncidentId>(in, [&] { return IncidentId{read_string(in)}; });
    if (items > kIncidentItems3) read_backlog(in, incident);
    if (items > kIncidentItems4) read_parts(in, incident);
  });
  return incident;
}

}  // namespace tocsin::engine
