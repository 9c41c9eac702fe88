#include "connectors/sources/alertmanager_reader.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kNoName = "Alert without a name";

std::string name_of(const Json& group, const Draft& draft) {
  std::string name = first_text(
      {group["groupLabels"]["alertname"], group["commonLabels"]["alertname"], group["title"]});
  if (!name.empty()) return name;
  const Fields annotations = draft.annotations.annotations();
  const std::string_view summary = annotations.get("summary");
  return std::string(summary.empty() ? kNoName : summary);
}

bool has_ended(const Json& group, const Json& alert, WallTime received) {
  const std::string status = alert["status"].text();
  if (!status.empty()) return status == "resolved";
  if (const auto end = time_of(alert["endsAt"])) return *end <= received;
  return group["status"].text() == "resolved";
}

Result<Alert> read_alert(const Json& group, const Json& alert, WallTime received, GroupExtra extra,
                         bool& wanted) {
  if (!alert.is_object()) return invalid("it is no object; wanted labels, annotations and status");
  Draft draft;
  for (const auto& [name, value] : alert["labels"].members()) draft.label(name, value.text());
  for (const auto& [name, value] : alert["annotations"].members())
    draft.annotation(name, value.text());
  const Fields sent = draft.labels.labels();
  draft.key = alert["fingerprint"].text();
  if (draft.key.empty() && sent.empty()) return invalid("it has neither labels nor a fingerprint");
  if (draft.key.empty()) draft.key = fingerprint(sent);
  if (sent.get("alertname").empty()) draft.label_cut("alertname", name_of(group, draft));
  draft.starts_at = time_of(alert["startsAt"]);
  draft.generator_url = alert["generatorURL"].text();
  if (has_ended(group, alert, received)) {
    draft.status = AlertStatus::resolved;
    draft.ends_at = time_of(alert["endsAt"]);
  } else {
    draft.ends_at = received + kGroupHolds;
  }
  wanted = extra(group, alert, draft);
  return finish(draft, received);
}

// Their names are not known, nor what became of those that were seen before.
Result<Alert> truncated(const Json& group, std::int64_t count, WallTime received) {
  Draft draft;
  draft.key = "truncated:" + group["groupKey"].text();
  for (const auto& [name, value] : group["groupLabels"].members()) draft.label(name, value.text());
  const Json common = group["commonLabels"];
  if (group["groupLabels"]["alertname"].text().empty())
    draft.label_cut("alertname", name_of(group, draft));
  if (group["groupLabels"]["severity"].text().empty())
    draft.label("severity", common["severity"].text());
  draft.label("truncated", "true");
  draft.annotation(
      "summary", std::to_string(count) + " more alerts of this group were left out by its sender");
  draft.annotation("group", group["groupKey"].text());
  draft.generator_url = group["externalURL"].text();
  if (group["status"].text() == "resolved")
    draft.status = AlertStatus::resolved;
  else
    draft.ends_at = received + kGroupHolds;
  return finish(draft, received);
}

}  // namespace

Result<Parsed> read_alert_group(const Json& group, WallTime received, GroupExtra extra) {
  if (!group["alerts"].is_array())
    return invalid(
        "the body has no list \"alerts\"; wanted the notification of a webhook as its sender "
        "makes it, without a template of one's own");
  Parsed parsed;
  std::size_t index = 0;
  for (const Json& each : group["alerts"].items()) {
    bool wanted = true;
    auto alert = read_alert(group, each, received, extra, wanted);
    if (!alert)
      parsed.rejected.push_back({index, alert.error().message});
    else if (wanted)
      parsed.alerts.push_back(std::move(*alert));
    ++index;
  }
  const double left_out = group["truncatedAlerts"].number().value_or(0);
  if (left_out >= 1 && left_out < 1e15)
    if (auto rest = truncated(group, static_cast<std::int64_t>(left_out), received))
      parsed.alerts.push_back(std::move(*rest));
  return parsed;
}

}  // namespace tocsin::connectors::sources
