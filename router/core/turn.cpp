// How a turn is written. Each effect is an array that begins with its number in the variant; new
// effects are appended to the variant, never inserted. turn_reading.cpp has the other way.
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
    const bool more = e.target || e.everyone || e.queue != Queue::none;
    head(more ? 11 : 7);
    out.text(e.incident.text).boolean(e.fallback).unsigned_number(e.round).unsigned_number(e.step);
    codec::write(out, e.wait);
    out.text(e.why);
    codec::write(out, e.messages);
    if (!more) return;
    if (e.target)
      out.unsigned_number(*e.target);
    else
      out.null();
    out.boolean(e.everyone);
    write_enum(out, e.queue);
    out.text(e.nobody);
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
  void operator()(const effect::AcknowledgedInPart& e) {
    head(3);
    out.text(e.incident.text).text(e.by).text(e.via);
  }
  void operator()(const effect::Escalated& e) {
    head(4);
    out.text(e.incident.text).text(e.by).text(e.via).text(e.why);
  }
  void operator()(const effect::Assigned& e) {
    head(e.policy ? 8 : 7);
    out.text(e.incident.text).text(e.to).text(e.by).text(e.via).text(e.why);
    codec::write(out, e.wait);
    codec::write(out, e.messages);
    if (e.policy) codec::write(out, *e.policy);
  }
  void operator()(const effect::Unqueued& e) {
    head(2);
    out.text(e.incident.text).text(e.why);
  }
};

}  // namespace

std::string encode(const Turn& turn) {
  Writer out;
  out.array(5).unsigned_number(turn.number);
  // A number alone in every version; one that does not know more must not read a part of it.
  if (!turn.inputs_beyond.empty()) out.array(1 + turn.inputs_beyond.size());
  out.unsigned_number(turn.inputs_up_to);
  for (const DecidedUpTo& each : turn.inputs_beyond)
    out.array(2).text(each.integration).unsigned_number(each.position);
  out.text(turn.configuration);
  codec::write(out, turn.at);
  write_list(out, turn.effects, [&](const Effect& effect) {
    std::visit(WriteEffect{out, effect.index()}, effect);
  });
  return out.take();
}

}  // namespace tocsin
