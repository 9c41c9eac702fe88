// How alerts, starts of hooks, and incidents with their alerts are written in snapshots, history
// and `carried` records.
#include "router/core/codec.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

template <class Whole>
Result<Whole> whole(Reader& in, Whole value, const char* what) {
  if (!in.ok() || !in.at_end()) return corrupt(std::string("not ") + what);
  return value;
}

}  // namespace

void write(Writer& out, const AlertState& alert) {
  out.array(alert.original.empty() ? 10 : 13).text(alert.id.text);
  codec::write(out, alert.alert);
  out.text(alert.integration);
  if (alert.decision)
    codec::write(out, *alert.decision);
  else
    out.null();
  out.text(alert.configuration ? *alert.configuration : std::string());
  codec::write(out, alert.decided_at);
  out.text(alert.incident.text).unsigned_number(alert.count);
  codec::write(out, alert.heard);
  out.unsigned_number(alert.anchor);
  if (alert.original.empty()) return;
  out.text(alert.realm.gameday).unsigned_number(alert.realm.run).text(alert.original.text);
}
AlertState read_alert_state(Reader& in) {
  AlertState alert;
  read_growing_array(in, 10, 13, [&](std::size_t items) {
    alert.id.text = read_string(in);
    alert.alert = read_alert(in);
    alert.integration = read_string(in);
    if (!in.null_next()) alert.decision = std::make_shared<const Decision>(read_decision(in));
    alert.configuration = std::make_shared<const std::string>(read_string(in));
    alert.decided_at = read_wall(in);
    alert.incident.text = read_string(in);
    alert.count = read_u32(in);
    alert.heard = read_instant(in);
    alert.anchor = in.unsigned_number();
    if (items < 13) return;
    alert.realm.gameday = read_string(in);
    alert.realm.run = read_u32(in);
    alert.original.text = read_string(in);
  });
  return alert;
}

void write(Writer& out, const HookRun& run) {
  out.array(6).text(run.hook).text(run.group).text(run.incident.text).text(run.message.text);
  codec::write(out, run.at);
  out.unsigned_number(run.anchor);
}
HookRun read_run(Reader& in) {
  HookRun run;
  read_growing_array(in, 5, 6, [&](std::size_t items) {
    run.hook = read_string(in);
    run.group = read_string(in);
    run.incident.text = read_string(in);
    run.message.text = read_string(in);
    run.at = read_instant(in);
    if (items > 5) run.anchor = in.unsigned_number();
  });
  return run;
}

std::string encode_closed(const Incident& incident, const std::vector<AlertState>& alerts) {
  Writer out;
  out.array(2);
  write(out, incident);
  write_list(out, alerts, [&](const AlertState& alert) { write(out, alert); });
  return out.take();
}

Result<Closed> decode_closed(std::string_view bytes) {
  Reader in(bytes);
  Closed closed;
  read_array(in, 2, [&] {
    closed.incident = read_incident(in);
    closed.alerts = read_list<AlertState>(in, [&] { return read_alert_state(in); });
  });
  return whole(in, std::move(closed), "a closed incident");
}

}  // namespace tocsin::engine
