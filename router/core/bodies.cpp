#include "router/core/bodies.hpp"

#include "router/core/codec.hpp"

namespace tocsin {
namespace {

using namespace codec;

void write_end(Writer& out, const std::optional<WallTime>& end) {
  if (end)
    write(out, *end);
  else
    out.null();
}
std::optional<WallTime> read_end(Reader& in) {
  return in.null_next() ? std::nullopt : std::optional(read_wall(in));
}

Resend read_resend(Reader& in) {
  Resend resend;
  read_array(in, 2, [&] {
    resend.of.text = read_string(in);
    resend.ends_at = read_end(in);
  });
  return resend;
}

template <class Body>
Result<Body> whole(const Reader& in, Body body, const char* what) {
  if (!in.ok() || !in.at_end()) return corrupt(std::string("not the body of ") + what);
  return body;
}

}  // namespace

std::string encode(const AlertsBody& body) {
  Writer out;
  out.array(4).text(body.integration);
  write(out, body.received);
  write_list(out, body.alerts, [&](const Alert& alert) { write(out, alert); });
  write_list(out, body.resends, [&](const Resend& resend) {
    out.array(2).text(resend.of.text);
    write_end(out, resend.ends_at);
  });
  return out.take();
}

Result<AlertsBody> decode_alerts(std::string_view bytes) {
  Reader in(bytes);
  AlertsBody body;
  read_growing_array(in, 3, 4, [&](std::size_t items) {
    body.integration = read_string(in);
    body.received = read_instant(in);
    body.alerts = read_list<Alert>(in, [&] { return read_alert(in); });
    if (items > 3) body.resends = read_list<Resend>(in, [&] { return read_resend(in); });
  });
  return whole(in, std::move(body), "alerts");
}

std::string_view to_string(CommandKind kind) {
  switch (kind) {
    case CommandKind::acknowledge:
      return "acknowledge";
    case CommandKind::resolve:
      return "resolve";
    case CommandKind::note:
      return "note";
    case CommandKind::snooze:
      return "snooze";
    case CommandKind::approve:
      return "approve";
    case CommandKind::reject:
      return "reject";
    case CommandKind::escalate:
      return "escalate";
    case CommandKind::assign:
      return "assign";
  }
  return "acknowledge";
}

std::string encode(const Command& command) {
  Writer out;
  out.array(command.to.empty() ? 6 : 7);
  write_enum(out, command.kind);
  out.text(command.incident.text).text(command.by).text(command.via).text(command.text);
  write(out, command.length);
  if (!command.to.empty()) out.text(command.to);
  return out.take();
}

Result<Command> decode_command(std::string_view bytes) {
  Reader in(bytes);
  Command command;
  read_growing_array(in, 4, 7, [&](std::size_t items) {
    command.kind = read_enum(in, kLastCommand);
    command.incident.text = read_string(in);
    command.by = read_string(in);
    command.via = read_string(in);
    if (items > 4) command.text = read_string(in);
    if (items > 5) command.length = read_duration(in);
    if (items > 6) command.to = read_string(in);
  });
  return whole(in, std::move(command), "a command");
}

std::string encode(const AttemptResult& result) {
  Writer out;
  out.array(8).text(result.incident.text).text(result.message.text).unsigned_number(result.attempt);
  write(out, result.at);
  write_enum(out, result.said.outcome);
  out.text(result.said.detail).text(result.said.provider_id);
  if (result.said.retry_after)
    write(out, *result.said.retry_after);
  else
    out.null();
  return out.take();
}

Result<AttemptResult> decode_result(std::string_view bytes) {
  Reader in(bytes);
  AttemptResult result;
  read_array(in, 8, [&] {
    result.incident.text = read_string(in);
    result.message.text = read_string(in);
    result.attempt = read_u32(in);
    result.at = read_instant(in);
    result.said.outcome = read_enum(in, AttemptOutcome::withheld);
    result.said.detail = read_string(in);
    result.said.provider_id = read_string(in);
    if (!in.null_next()) result.said.retry_after = read_duration(in);
  });
  return whole(in, std::move(result), "a result");
}

}  // namespace tocsin
