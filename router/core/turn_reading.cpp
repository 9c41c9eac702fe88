// How a turn is read: what turn.cpp has written, and what older versions have.
#include <algorithm>

#include "router/core/codec.hpp"
#include "router/core/turn.hpp"

namespace tocsin {
namespace {

using namespace codec;

InputRef read_input(Reader& in) {
  InputRef input;
  read_array(in, 2, [&] {
    input.record = read_record_id(in);
    input.index = read_u32(in);
  });
  return input;
}

IncidentId read_incident(Reader& in) { return {read_string(in)}; }

effect::Opened read_opened(Reader& in, std::size_t items) {
  effect::Opened e;
  e.incident = read_incident(in);
  e.input = read_input(in);
  e.realm.gameday = read_string(in);
  e.realm.run = read_u32(in);
  e.group = read_string(in);
  e.title = read_string(in);
  e.service = read_string(in);
  e.decision = read_decision(in);
  e.policy = read_policy(in);
  e.fallback = read_policy(in);
  if (items > 10) e.backlog = in.boolean();
  if (items > 11) e.alert = {read_string(in)};
  return e;
}

effect::Joined read_joined(Reader& in, std::size_t items) {
  effect::Joined e{read_incident(in), read_input(in)};
  if (items > 2) e.alert = {read_string(in)};
  return e;
}

effect::Resolved read_resolved(Reader& in, std::size_t items) {
  effect::Resolved e{read_incident(in), read_string(in), read_string(in)};
  if (items > 3) e.passed_in = read_incident(in);
  return e;
}

effect::Reopened read_reopened(Reader& in, std::size_t items) {
  effect::Reopened e{read_incident(in), read_string(in)};
  if (items > 2) e.backlog = in.boolean();
  return e;
}

effect::Stepped read_stepped(Reader& in, std::size_t items) {
  effect::Stepped e;
  e.incident = read_incident(in);
  e.fallback = in.boolean();
  e.round = read_u32(in);
  e.step = read_u32(in);
  e.wait = read_duration(in);
  e.why = read_string(in);
  e.messages = read_planned(in);
  if (items < 11) return e;
  if (!in.null_next()) e.target = read_u32(in);
  e.everyone = in.boolean();
  e.queue = read_enum(in, kLastQueue);
  e.nobody = read_string(in);
  return e;
}

effect::Assigned read_assigned(Reader& in, std::size_t items) {
  effect::Assigned e;
  e.incident = read_incident(in);
  e.to = read_string(in);
  e.by = read_string(in);
  e.via = read_string(in);
  e.why = read_string(in);
  e.wait = read_duration(in);
  e.messages = read_planned(in);
  if (items > 7) e.policy = read_policy(in);
  return e;
}

// Braced initialisers are evaluated from left to right, which is the order on the wire. `items` is
// how many stand after the number; returns how many of them it read.
std::size_t read_effect(Reader& in, std::uint64_t number, std::size_t items, Effect& into) {
  switch (number) {
    case 0:
      into = effect::Decided{read_input(in), read_decision(in)};
      return 2;
    case 1:
      into = effect::Ended{read_input(in)};
      return 1;
    case 2:
      into = effect::Ignored{read_input(in), read_string(in)};
      return 2;
    case 3:
      into = read_opened(in, items);
      return std::clamp<std::size_t>(items, 10, 12);
    case 4:
      into = read_joined(in, items);
      return items > 2 ? 3 : 2;
    case 5:
      into = read_stepped(in, items);
      return items < 11 ? 7 : 11;
    case 6:
      into = effect::Told{read_incident(in), read_planned(in)};
      return 2;
    case 7:
      into = effect::Attempted{read_incident(in), {read_string(in)}, read_u32(in)};
      return 3;
    case 8:
      into = effect::Acknowledged{read_incident(in), read_string(in), read_string(in)};
      return 3;
    case 9:
      into = read_resolved(in, items);
      return items > 3 ? 4 : 3;
    case 10:
      into = effect::Answered{read_record_id(in), in.boolean(), read_string(in)};
      return 3;
    case 11:
      into = effect::SetAside{read_record_id(in), read_string(in)};
      return 2;
    case 12:
      into = effect::Raised{read_incident(in), read_enum(in, Severity::critical), read_string(in)};
      return 3;
    case 13:
      into = effect::Expired{{read_string(in)}, read_string(in)};
      return 2;
    case 14:
      into = read_reopened(in, items);
      return items > 2 ? 3 : 2;
    case 15:
      into = effect::Held{read_incident(in), read_hold(in)};
      return 2;
    case 16:
      into = effect::Released{read_incident(in), read_string(in)};
      return 2;
    case 17:
      into = effect::Noted{read_incident(in), read_string(in), read_string(in)};
      return 3;
    case 18:
      into = effect::Snoozed{read_incident(in), read_string(in), read_string(in), read_duration(in),
                             read_string(in)};
      return 5;
    case 19:
      into = effect::Remedied{
          read_incident(in), {read_string(in)}, read_string(in), read_duration(in)};
      return 4;
    case 20:
      into = effect::Unremedied{read_incident(in), read_enum(in, kLastRemedyStatus),
                                read_string(in), read_string(in)};
      return 4;
    case 21:
      into = effect::HandedOver{in.unsigned_number()};
      return 1;
    case 22:
      into = effect::Adopted{read_record_id(in), read_incident(in)};
      return 2;
    case 23:
      into = effect::Drilled{
          {read_string(in)}, {read_string(in), read_u32(in)}, {read_string(in)}, read_decision(in)};
      return 5;
    case 24:
      into = effect::AcknowledgedInPart{read_incident(in), read_string(in), read_string(in)};
      return 3;
    case 25:
      into =
          effect::Escalated{read_incident(in), read_string(in), read_string(in), read_string(in)};
      return 4;
    case 26:
      into = read_assigned(in, items);
      return items > 7 ? 8 : 7;
    case 27:
      into = effect::Unqueued{read_incident(in), read_string(in)};
      return 2;
    case 28:
      into = effect::Unconfirmed{read_incident(in), {read_string(in)}};
      return 2;
    case 29:
      into = effect::Bundled{read_incident(in),
                             {read_string(in)},
                             read_incident(in),
                             read_duration(in),
                             read_string(in)};
      return 5;
    case 30:
      into = effect::Unbundled{read_incident(in), read_incident(in), {read_string(in)}};
      return 3;
    case 31:
      into = effect::Noticed{{read_string(in)}, read_string(in),   read_string(in), read_string(in),
                             read_string(in),   read_duration(in), read_planned(in)};
      return 7;
    default:
      in.fail();
      return 0;  // by a newer version: this one must not guess what it meant
  }
}

// A number, or a list of it and of what is decided beyond it.
void read_decided(Reader& in, Turn& turn) {
  std::size_t items = in.array_next() ? in.array() : 1;
  turn.inputs_up_to = in.unsigned_number();
  for (; items > 1 && in.ok(); --items)
    read_array(in, 2, [&] {
      DecidedUpTo& each = turn.inputs_beyond.emplace_back();
      each.integration = read_string(in);
      each.position = in.unsigned_number();
    });
}

}  // namespace

Result<Turn> decode_turn(std::string_view bytes) {
  Reader in(bytes);
  Turn turn;
  read_array(in, 5, [&] {
    turn.number = in.unsigned_number();
    read_decided(in, turn);
    turn.configuration = read_string(in);
    turn.at = read_instant(in);
    turn.effects = read_list<Effect>(in, [&] {
      Effect effect;
      const std::size_t all = in.array();
      const std::size_t items = all > 0 ? all - 1 : 0;
      const std::size_t read = read_effect(in, in.unsigned_number(), items, effect);
      if (all == 0 || read > items)
        in.fail();
      else
        in.skip(items - read);
      return effect;
    });
  });
  if (!in.ok() || !in.at_end()) return corrupt("not the body of a turn");
  return turn;
}

}  // namespace tocsin
