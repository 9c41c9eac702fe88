// How a decision is written in a record.
#include "router/core/codec.hpp"
#include "router/core/turn.hpp"

namespace tocsin::codec {

namespace {

void write(Writer& out, const Remedy& remedy) {
  out.array(5).text(remedy.hook);
  write_enum(out, remedy.mode);
  codec::write(out, remedy.wait);
  out.unsigned_number(remedy.runs);
  codec::write(out, remedy.per);
}
Remedy read_remedy(Reader& in) {
  Remedy remedy;
  read_array(in, 5, [&] {
    remedy.hook = read_string(in);
    remedy.mode = read_enum(in, RemedyMode::approve);
    remedy.wait = read_duration(in);
    remedy.runs = read_u32(in);
    remedy.per = read_duration(in);
  });
  return remedy;
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
}  // namespace

void write(Writer& out, const Decision& decision) {
  out.array(13);
  write_enum(out, decision.outcome);
  out.text(decision.rule).text(decision.team);
  write_enum(out, decision.severity);
  out.text(decision.impact).text(decision.policy);
  write_list(out, decision.reasons, [&](const Reason& reason) {
    out.array(3);
    write_enum(out, reason.kind);
    out.text(reason.subject).text(reason.detail);
  });
  write(out, decision.after);
  if (decision.runbook)
    out.array(3)
        .text(decision.runbook->name)
        .text(decision.runbook->title)
        .text(decision.runbook->url);
  else
    out.null();
  out.text(decision.manual);
  write(out, decision.tell);
  out.text(decision.team_channel);
  if (decision.remedy)
    write(out, *decision.remedy);
  else
    out.null();
}
Decision read_decision(Reader& in) {
  Decision decision;
  read_growing_array(in, 12, 13, [&](std::size_t items) {
    decision.outcome = read_enum(in, Outcome::muted);
    decision.rule = read_string(in);
    decision.team = read_string(in);
    decision.severity = read_enum(in, Severity::critical);
    decision.impact = read_string(in);
    decision.policy = read_string(in);
    decision.reasons = read_list<Reason>(in, [&] {
      Reason reason{};
      read_array(in, 3, [&] {
        reason.kind = read_enum(in, kLastReason);
        reason.subject = read_string(in);
        reason.detail = read_string(in);
      });
      return reason;
    });
    decision.after = read_duration(in);
    if (!in.null_next()) decision.runbook = read_runbook(in);
    decision.manual = read_string(in);
    decision.tell = read_strings(in);
    decision.team_channel = read_string(in);
    if (items > 12 && !in.null_next()) decision.remedy = read_remedy(in);
  });
  return decision;
}

void write(Writer& out, const Wait& wait) {
  out.array(2);
  write(out, wait.since);
  write(out, wait.length);
}
Wait read_wait(Reader& in) {
  Wait wait;
  read_array(in, 2, [&] {
    wait.since = read_instant(in);
    wait.length = read_duration(in);
  });
  return wait;
}

void write(Writer& out, const Hold& hold) {
  out.array(4);
  write_enum(out, hold.kind);
  out.text(hold.subject).text(hold.why);
  if (hold.until)
    write(out, *hold.until);
  else
    out.null();
}
Hold read_hold(Reader& in) {
  Hold hold;
  read_array(in, 4, [&] {
    hold.kind = read_enum(in, kLastHold);
    hold.subject = read_string(in);
    hold.why = read_string(in);
    if (!in.null_next()) hold.until = read_wall(in);
  });
  return hold;
}

}  // namespace tocsin::codec
