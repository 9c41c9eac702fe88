#include "router/core/bodies.hpp"

#include "router/core/codec.hpp"

namespace tocsin {
namespace {

using namespace codec;

void write_alert(Writer& out, const Alert& alert) {
  out.array(7).text(alert.key);
  write_enum(out, alert.status);
  write(out, alert.labels);
  write(out, alert.annotations);
  out.number(alert.starts_at.time_since_epoch().count());
  if (alert.ends_at)
    out.number(alert.ends_at->time_since_epoch().count());
  else
    out.null();
  out.text(alert.generator_url);
}

Alert read_alert(Reader& in) {
  Alert alert;
  read_array(in, 7, [&] {
    alert.key = read_string(in);
    alert.status = read_enum(in, AlertStatus::resolved);
    alert.labels = read_fields(in);
    alert.annotations = read_fields(in);
    alert.starts_at = WallTime(read_duration(in));
    if (!in.null_next()) alert.ends_at = WallTime(read_duration(in));
    alert.generator_url = read_string(in);
  });
  return alert;
}

template <class Body>
Result<Body> whole(const Reader& in, Body body, const char* what) {
  if (!in.ok() || !in.at_end()) return corrupt(std::string("not the body of ") + what);
  return body;
}

}  // namespace

std::string encode(const AlertsBody& body) {
  Writer out;
  out.array(3).text(body.integration);
  write(out, body.received);
  write_list(out, body.alerts, [&](const Alert& alert) { write_alert(out, alert); });
  return out.take();
}

Result<AlertsBody> decode_alerts(std::string_view bytes) {
  Reader in(bytes);
  AlertsBody body;
  read_array(in, 3, [&] {
    body.integration = read_string(in);
    body.received = read_instant(in);
    body.alerts = read_list<Alert>(in, [&] { return read_alert(in); });
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
  }
  return "acknowledge";
}

std::string encode(const Command& command) {
  Writer out;
  out.array(6);
  write_enum(out, command.kind);
  out.text(command.incident.text).text(command.by).text(command.via).text(command.text);
  write(out, command.length);
  return out.take();
}

Result<Command> decode_command(std::string_view bytes) {
  Reader in(bytes);
  Command command;
  read_growing_array(in, 4, 6, [&](std::size_t items) {
    command.kind = read_enum(in, kLastCommand);
    command.incident.text = read_string(in);
    command.by = read_string(in);
    command.via = read_string(in);
    if (items > 4) command.text = read_string(in);
    if (items > 5) command.length = read_duration(in);
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
