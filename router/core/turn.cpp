// Each effect is an array that begins with its number in the variant; new effects are appended to
// the variant, never inserted.
#include "router/core/turn.hpp"

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

void write(Writer& out, const Decision& decision) {
  out.array(12);
  write_enum(out, decision.outcome);
  out.text(decision.rule).text(decision.team);
  write_enum(out, decision.severity);
  out.text(decision.impact).text(decision.policy);
  write_list(out, decision.reasons, [&](const Reason& reason) {
    out.array(3);
    write_enum(out, reason.kind);
    out.text(reason.subject).text(reason.detail);
  });
  codec::write(out, decision.after);
  if (decision.runbook)
    out.array(3)
        .text(decision.runbook->name)
        .text(decision.runbook->title)
        .text(decision.runbook->url);
  else
    out.null();
  out.text(decision.manual);
  write_list(out, decision.tell, [&](const std::string& channel) { out.text(channel); });
  out.text(decision.team_channel);
}
Runbook read_runbook(Reader& in) {
  Runbook runbook;
  read_array(in, 3, [&] {
    runbook.name = read_string(in);
    runbook.title = read_string(in);
    runbook.url = read_string(in);
  });
  return runbook;
}
Decision read_decision(Reader& in) {
  Decision decision;
  read_array(in, 12, [&] {
    decision.outcome = read_enum(in, Outcome::muted);
    decision.rule = read_string(in);
    decision.team = read_string(in);
    decision.severity = read_enum(in, Severity::critical);
    decision.impact = read_string(in);
    decision.policy = read_string(in);
    decision.reasons = read_list<Reason>(in, [&] {
      Reason reason{};
      read_array(in, 3, [&] {
        reason.kind = read_enum(in, ReasonKind::after_from_rule);
        reason.subject = read_string(in);
        reason.detail = read_string(in);
      });
      return reason;
    });
    decision.after = read_duration(in);
    if (!in.null_next()) decision.runbook = read_runbook(in);
    decision.manual = read_string(in);
    decision.tell = read_list<std::string>(in, [&] { return read_string(in); });
    decision.team_channel = read_string(in);
  });
  return decision;
}

void write(Writer& out, const Policy& policy) {
  out.array(4).text(policy.name).text(policy.team).unsigned_number(policy.repeat);
  write_list(out, policy.steps, [&](const Step& step) {
    out.array(2);
    codec::write(out, step.wait);
    write_list(out, step.page, [&](const Target& target) {
      out.array(2);
      write_enum(out, target.kind);
      out.text(target.name);
    });
  });
}
Policy read_policy(Reader& in) {
  Policy policy;
  read_array(in, 4, [&] {
    policy.name = read_string(in);
    policy.team = read_string(in);
    policy.repeat = read_u32(in);
    policy.steps = read_list<Step>(in, [&] {
      Step step;
      read_array(in, 2, [&] {
        step.wait = read_duration(in);
        step.page = read_list<Target>(in, [&] {
          Target target;
          read_array(in, 2, [&] {
            target.kind = read_enum(in, Target::Kind::rota);
            target.name = read_string(in);
          });
          return target;
        });
      });
      return step;
    });
  });
  return policy;
}

void write_messages(Writer& out, const std::vector<PlannedMessage>& messages) {
  write_list(out, messages, [&](const PlannedMessage& message) {
    out.array(4).text(message.id.text);
    write_enum(out, message.kind);
    codec::write(out, message.contact);
    codec::write(out, message.after);
  });
}
std::vector<PlannedMessage> read_messages(Reader& in) {
  return read_list<PlannedMessage>(in, [&] {
    PlannedMessage message;
    read_array(in, 4, [&] {
      message.id.text = read_string(in);
      message.kind = read_enum(in, MessageKind::no_procedure);
      message.contact = read_contact(in);
      message.after = read_duration(in);
    });
    return message;
  });
}

// What an effect holds, after its number: how many items, and the items.
struct WriteEffect {
  Writer& out;
  std::uint64_t number;

  void head(std::size_t items) { out.array(items + 1).unsigned_number(number); }

  void operator()(const effect::Decided& e) {
    head(2);
    write(out, e.input);
    write(out, e.decision);
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
    head(10);
    out.text(e.incident.text);
    write(out, e.input);
    out.text(e.realm.gameday).unsigned_number(e.realm.run);
    out.text(e.group).text(e.title).text(e.service);
    write(out, e.decision);
    write(out, e.policy);
    write(out, e.fallback);
  }
  void operator()(const effect::Joined& e) {
    head(2);
    out.text(e.incident.text);
    write(out, e.input);
  }
  void operator()(const effect::Stepped& e) {
    head(7);
    out.text(e.incident.text).boolean(e.fallback).unsigned_number(e.round).unsigned_number(e.step);
    codec::write(out, e.wait);
    out.text(e.why);
    write_messages(out, e.messages);
  }
  void operator()(const effect::Told& e) {
    head(2);
    out.text(e.incident.text);
    write_messages(out, e.messages);
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
    head(3);
    out.text(e.incident.text).text(e.by).text(e.why);
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
    head(2);
    out.text(e.incident.text).text(e.why);
  }
  void operator()(const effect::Raised& e) {
    head(3);
    out.text(e.incident.text);
    write_enum(out, e.severity);
    out.text(e.why);
  }
};

IncidentId read_incident(Reader& in) { return {read_string(in)}; }

effect::Opened read_opened(Reader& in) {
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
  e.messages = read_messages(in);
  return e;
}

// Braced initialisers are evaluated from left to right, which is the order on the wire. Returns how
// many items it read.
std::size_t read_effect(Reader& in, std::uint64_t number, Effect& into) {
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
      into = read_opened(in);
      return 10;
    case 4:
      into = effect::Joined{read_incident(in), read_input(in)};
      return 2;
    case 5:
      into = read_stepped(in);
      return 7;
    case 6:
      into = effect::Told{read_incident(in), read_messages(in)};
      return 2;
    case 7:
      into = effect::Attempted{read_incident(in), {read_string(in)}, read_u32(in)};
      return 3;
    case 8:
      into = effect::Acknowledged{read_incident(in), read_string(in), read_string(in)};
      return 3;
    case 9:
      into = effect::Resolved{read_incident(in), read_string(in), read_string(in)};
      return 3;
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
      into = effect::Reopened{read_incident(in), read_string(in)};
      return 2;
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
      const std::size_t items = in.array();
      const std::size_t read = read_effect(in, in.unsigned_number(), effect) + 1;
      if (read > items)
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
