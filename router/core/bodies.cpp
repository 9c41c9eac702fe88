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
Result<Body> whole(Reader& in, Body body, const char* what) {
  if (!in.ok() || !in.at_end()) return corrupt(std::string("not the body of ") + what);
  return body;
}

}  // namespace

std::string encode(const AlertsBody& body) {
  Writer out;
  out.array(body.exact_times ? 6 : body.beats.empty() ? 4 : 5).text(body.integration);
  write(out, body.received);
  write_list(out, body.alerts, [&](const Alert& alert) { write(out, alert); });
  write_list(out, body.resends, [&](const Resend& resend) {
    out.array(2).text(resend.of.text);
    write_end(out, resend.ends_at);
  });
  if (body.exact_times || !body.beats.empty()) write(out, body.beats);
  if (body.exact_times) out.boolean(true);
  return out.take();
}

Result<AlertsBody> decode_alerts(std::string_view bytes) {
  Reader in(bytes);
  AlertsBody body;
  read_growing_array(in, 3, 6, [&](std::size_t items) {
    body.integration = read_string(in);
    body.received = read_instant(in);
    body.alerts = read_list<Alert>(in, [&] { return read_alert(in); });
    if (items > 3) body.resends = read_list<Resend>(in, [&] { return read_resend(in); });
    if (items > 4) body.beats = read_strings(in);
    if (items > 5) body.exact_times = in.boolean();
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
  const bool by_sender = !command.alert.empty();
  const bool by_link = by_sender || !command.message.empty();
  out.array(by_sender ? 10 : by_link ? 8 : command.to.empty() ? 6 : 7);
  write_enum(out, command.kind);
  out.text(command.incident.text).text(command.by).text(command.via).text(command.text);
  write(out, command.length);
  if (by_link || !command.to.empty()) out.text(command.to);
  if (by_link) out.text(command.message.text);
  if (by_sender) out.text(command.integration).text(command.alert);
  return out.take();
}

Result<Command> decode_command(std::string_view bytes) {
  Reader in(bytes);
  Command command;
  read_growing_array(in, 4, 10, [&](std::size_t items) {
    command.kind = read_enum(in, kLastCommand);
    command.incident.text = read_string(in);
    command.by = read_string(in);
    command.via = read_string(in);
    if (items > 4) command.text = read_string(in);
    if (items > 5) command.length = read_duration(in);
    if (items > 6) command.to = read_string(in);
    if (items > 7) command.message.text = read_string(in);
    if (items > 8) command.integration = read_string(in);
    if (items > 9) command.alert = read_string(in);
  });
  return whole(in, std::move(command), "a command");
}

std::string encode(const AttemptResult& result) {
  Writer out;
  const Attempt& said = result.said;
  out.array(!said.tried ? 10 : said.receipt_within ? 9 : 8);
  out.text(result.incident.text).text(result.message.text).unsigned_number(result.attempt);
  write(out, result.at);
  write_enum(out, said.outcome);
  out.text(said.detail).text(said.provider_id);
  const auto write_duration = [&](const std::optional<Duration>& duration) {
    if (duration)
      write(out, *duration);
    else
      out.null();
  };
  write_duration(said.retry_after);
  if (said.receipt_within || !said.tried) write_duration(said.receipt_within);
  if (!said.tried) out.boolean(false);
  return out.take();
}

Result<AttemptResult> decode_result(std::string_view bytes) {
  Reader in(bytes);
  AttemptResult result;
  read_growing_array(in, 8, 10, [&](std::size_t items) {
    result.incident.text = read_string(in);
    result.message.text = read_string(in);
    result.attempt = read_u32(in);
    result.at = read_instant(in);
    result.said.outcome = read_enum(in, kLastOutcome);
    result.said.detail = read_string(in);
    result.said.provider_id = read_string(in);
    if (!in.null_next()) result.said.retry_after = read_duration(in);
    if (items > 8 && !in.null_next()) result.said.receipt_within = read_duration(in);
    if (items > 9) result.said.tried = in.boolean();
  });
  return whole(in, std::move(result), "a result");
}

}  // namespace tocsin
