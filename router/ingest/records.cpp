// What a request says, as records for the journal.
#include <algorithm>

#include "router/core/heartbeat.hpp"
#include "router/core/snooze.hpp"
#include "router/core/text.hpp"
#include "router/ingest/ingest.hpp"

namespace tocsin::ingest {
namespace {

CommandKind kind_of(connectors::Said::Kind kind) {
  using Kind = connectors::Said::Kind;
  switch (kind) {
    case Kind::acknowledged:
      return CommandKind::acknowledge;
    case Kind::noted:
      return CommandKind::note;
    case Kind::snoozed:
      return CommandKind::snooze;
    case Kind::assigned:
      return CommandKind::assign;
    case Kind::escalated:
      return CommandKind::escalate;
  }
  return CommandKind::note;
}

}  // namespace

AlertsBody Ingest::beats_of(const Integration& integration, std::vector<std::string> names,
                            const Instant& received) {
  AlertsBody body{integration.name, received, {}, {}, std::move(names)};
  for (const std::string& name : body.beats) {
    Alert back = heartbeat_is_back(name, received.wall);
    back.labels = back.labels.with_defaults(integration.labels);
    body.alerts.push_back(std::move(back));
  }
  return body;
}

Command Ingest::command_of(const Integration& integration, const connectors::Said& said) {
  Command command;
  command.kind = kind_of(said.kind);
  command.by = said.by.empty() ? integration.name : cut(one_line(said.by), kMostSaidByBytes);
  command.via = integration.source->name;
  command.text = cut(plain_lines(said.text), kMostSaidBytes);
  command.integration = integration.name;
  command.alert = said.key;
  if (said.kind == connectors::Said::Kind::snoozed)
    command.length = std::clamp(said.length, kShortestSnooze, kLongestSnooze);
  command.to = cut(one_line(said.to), kMostSaidByBytes);
  return command;
}

std::vector<Record> Ingest::records_of(const Integration& integration, std::vector<Alert> alerts,
                                       const Instant& received, Partition partition) {
  const bool may_refer = resend_of_ && under_way_ <= kMostUnderWayForResends;
  std::vector<Record> records;
  for (auto next = alerts.begin(); next != alerts.end();) {
    AlertsBody body{integration.name, received, {}};
    body.exact_times = integration.source->exact_times;
    for (std::size_t n = 0; n < kMostAlertsPerRecord && next != alerts.end(); ++n, ++next) {
      AlertId known = may_refer ? resend_of_(partition, integration.name, *next) : AlertId{};
      if (known.empty())
        body.alerts.push_back(std::move(*next));
      else
        body.resends.push_back({std::move(known), next->ends_at});
    }
    records.push_back(mint_.record(partition, RecordKind::alerts, received.wall, encode(body)));
  }
  return records;
}

}  // namespace tocsin::ingest
