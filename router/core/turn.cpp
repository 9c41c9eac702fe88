// Each effect is an array that begins with its number in the variant; new effects are appended to
// the variant, never inserted.
#include "router/core/turn.hpp"

#include <algorithm>

#include "router/core/codec.hpp"

namespace tocsin {
namespace {

using namespace codec;

void write(Writer& out, const InputRef& input) {
  out.array(2);
  codec::write(out, input.record);
  out.unsigned_number(input.index);
}
InputRef read_input(Reader& in) {
  InputRef input;
  read_array(in, 2, [&] {
    input.record = read_record_id(in);
    input.index = read_u32(in);
  });
  return input;
}

// What an effect holds, after its number: how many items, and the items.
struct WriteEffect {
  Writer& out;
  std::uint64_t number;

  void head(std::size_t items) { out.array(items + 1).unsigned_number(number); }

  void operator()(const effect::Decided& e) {
    head(2);
    write(out, e.input);
    codec::write(out, e.decision);
  }
  void operator()(const effect::Ended& e) {
    head(1);
    write(out, e.input);
  }
  void operator()(const effect::Ignored& e) {
    head(2);
    write(out, e.input);
    out.text(e.why);
  }
  void operator()(const effect::Opened& e) {
    head(e.alert.empty() ? (e.backlog ? 11 : 10) : 12);
    out.text(e.incident.text);
    write(out, e.input);
    out.text(e.realm.gameday).unsigned_number(e.realm.run);
    out.text(e.group).text(e.title).text(e.service);
    codec::write(out, e.decision);
    codec::write(out, e.policy);
    codec::write(out, e.fallback);
    if (e.backlog || !e.alert.empty()) out.boolean(e.backlog);
    if (!e.alert.empty()) out.text(e.alert.text);
  }
  void operator()(const effect::Joined& e) {
    head(e.alert.empty() ? 2 : 3);
    out.text(e.incident.text);
    write(out, e.input);
    if (!e.alert.empty()) out.text(e.alert.text);
  }
  void operator()(const effect::Stepped& e) {
    head(7);
    out.text(e.incident.text).boolean(e.fallback).unsigned_number(e.round).unsigned_number(e.step);
    codec::write(out, e.wait);
    out.text(e.why);
    codec::write(out, e.messages);
  }
  void operator()(const effect::Told& e) {
    head(2);
    out.text(e.incident.text);
    codec::write(out, e.messages);
  }
  void operator()(const effect::Attempted& e) {
    head(3);
    out.text(e.incident.text).text(e.message.text).unsigned_number(e.attempt);
  }
  void operator()(const effect::Acknowledged& e) {
    head(3);
    out.text(e.incident.text).text(e.by).text(e.via);
  }
  void operator()(const effect::Resolved& e) {
    head(e.passed_in.empty() ? 3 : 4);
    out.text(e.incident.text).text(e.by).text(e.why);
    if (!e.passed_in.empty()) out.text(e.passed_in.text);
  }
  void operator()(const effect::Answered& e) {
    head(3);
    codec::write(out, e.command);
    out.boolean(e.done).text(e.why);
  }
  void operator()(const effect::SetAside& e) {
    head(2);
    codec::write(out, e.record);
    out.text(e.why);
  }
  void operator()(const effect::Expired& e) {
    head(2);
    out.text(e.alert.text).text(e.why);
  }
  void operator()(const effect::Reopened& e) {
    head(e.backlog ? 3 : 2);
    out.text(e.incident.text).text(e.why);
    if (e.backlog) out.boolean(true);
  }
  void operator()(const effect::Held& e) {
    head(2);
    out.text(e.incident.text);
    codec::write(out, e.hold);
  }
  void operator()(const effect::Released& e) {
    head(2);
    out.text(e.incident.text).text(e.why);
  }
  void operator()(const effect::Noted& e) {
    head(3);
    out.text(e.incident.text).text(e.by).text(e.text);
  }
  void operator()(const effect::Snoozed& e) {
    head(5);
    out.text(e.incident.text).text(e.by).text(e.via);
    codec::write(out, e.length);
    out.text(e.why);
  }
  void operator()(const effect::Remedied& e) {
    head(4);
    out.text(e.incident.text).text(e.message.text).text(e.by);
    codec::write(out, e.wait);
  }
  void operator()(const effect::Unremedied& e) {
    head(4);
    out.text(e.incident.text);
    write_enum(out, e.how);
    out.text(e.by).text(e.why);
  }
  void operator()(const effect::HandedOver& e) {
    head(1);
    out.unsigned_number(e.boot);
  }
  void operator()(const effect::Adopted& e) {
    head(2);
    codec::write(out, e.record);
    out.text(e.incident.text);
  }
  void operator()(const effect::Drilled& e) {
    head(5);
    out.text(e.original.text).text(e.realm.gameday).unsigned_number(e.realm.run).text(e.copy.text);
    codec::write(out, e.decision);
  }
  void operator()(const effect::Unconfirmed& e) {
    head(2);
    out.text(e.incident.text).text(e.message.text);
  }
  void operator()(const effect::Bundled& e) {
    head(5);
    out.text(e.incident.text).text(e.message.text).text(e.bundle.text);
    codec::write(out, e.wait);
    out.text(e.why);
  }
  void operator()(const effect::Unbundled& e) {
    head(3);
    out.text(e.bundle.text).text(e.incident.text).text(e.message.text);
  }
  void operator()(const effect::Noticed& e) {
    head(7);
    out.text(e.notice.text).text(e.about).text(e.title).text(e.text).text(e.team);
    codec::write(out, e.useful);
    codec::write(out, e.messages);
  }
  void operator()(const effect::Raised& e) {
    head(3);
    out.text(e.incident.text);
    write_enum(out, e.severity);
    out.text(e.why);
  }
};

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

effect::Stepped read_stepped(Reader& in) {
  effect::Stepped e;
  e.incident = read_incident(in);
  e.fallback = in.boolean();
  e.round = read_u32(in);
  e.step = read_u32(in);
  e.wait = read_duration(in);
  e.why = read_string(in);
  e.messages = read_planned(in);
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
      into = read_stepped(in);
      return 7;
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
      into = effect::Unconfirmed{read_incident(in), {read_string(in)}};
      return 2;
    case 25:
      into = effect::Bundled{read_incident(in),
                             {read_string(in)},
                             read_incident(in),
                             read_duration(in),
                             read_string(in)};
      return 5;
    case 26:
      into = effect::Unbundled{read_incident(in), read_incident(in), {read_string(in)}};
      return 3;
    case 27:
      into = effect::Noticed{{read_string(in)}, read_string(in),   read_string(in), read_string(in),
                             read_string(in),   read_duration(in), read_planned(in)};
      return 7;
    default:
      in.fail();
      return 0;  // by a newer version: this one must not guess what it meant
  }
}

}  // namespace

std::string encode(const Turn& turn) {
  Writer out;
  out.array(5)
      .unsigned_number(turn.number)
      .unsigned_number(turn.inputs_up_to)
      .text(turn.configuration);
  codec::write(out, turn.at);
  write_list(out, turn.effects, [&](const Effect& effect) {
    std::visit(WriteEffect{out, effect.index()}, effect);
  });
  return out.take();
}

Result<Turn> decode_turn(std::string_view bytes) {
  Reader in(bytes);
  Turn turn;
  read_array(in, 5, [&] {
    turn.number = in.unsigned_number();
    turn.inputs_up_to = in.unsigned_number();
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
