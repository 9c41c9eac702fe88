// Uptime Kuma's webhook notifications.
//
// What the sender promises (https://github.com/louislam/uptime-kuma,
// server/notification-providers/webhook.js):
//   POST {heartbeat, monitor, msg} as JSON, as the part `data` of multipart/form-data, or by GET
//   with each as JSON in the query. Any 2xx will do; nothing is tried again. A monitor that stays
//   down may be sent again every n checks. Notes on certificates and the test button have no
//   heartbeat.
// The key is the monitor's number, of a note on a certificate its text without the days. A monitor
// ends by status 1; a note never ends.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 3> kRoutes{{{"POST", ""}, {"GET", ""}, {"PUT", ""}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alertname"};
constexpr std::size_t kMostTags = 32;
constexpr std::string_view kTestEnds = " Testing";

/// A member that may stand there as JSON in a text.
Json unpacked(const Json& value) {
  if (!value.is_text()) return value;
  const auto json = Json::parse(value.text());
  return json ? *json : value;
}

/// "2026-08-20 10:15:02.123" in UTC.
std::optional<WallTime> beat_time(const Json& value) {
  std::string text = value.text();
  std::replace(text.begin(), text.end(), ' ', 'T');
  const auto time = parse_rfc3339(text + "Z");
  return time ? std::optional(*time) : sources::time_of(value);
}

void add_monitor(Draft& draft, const Json& monitor) {
  std::size_t taken = 0;
  for (const Json& tag : monitor["tags"].items()) {
    const std::string name = tag["name"].text(), value = tag["value"].text();
    if (!name.empty() && ++taken <= kMostTags)
      draft.label_cut(sources::label_name(name), value.empty() ? "yes" : value);
  }
  const std::string url = monitor["url"].text(), host = monitor["hostname"].text();
  if (url.size() > std::string_view("https://").size()) draft.label_cut("url", url);
  draft.label_cut("host", host);
  draft.label_cut("type", monitor["type"].text());
  draft.label_cut("path", monitor["pathName"].text());
  draft.label_cut("alertname", monitor["name"].text());
}

/// A note that has no heartbeat: a certificate or a domain runs out.
Parsed note(const std::string& text, const SourceContext& context) {
  if (text.ends_with(kTestEnds)) return {};
  Draft draft;
  draft.key = "note:";
  for (const char c : text)
    if (c < '0' || c > '9') draft.key += c;
  // "[name][url] text"
  const std::string name = text.starts_with("[") ? sources::between(text, "[", "]") : std::string();
  draft.label_cut("alertname", name.empty() ? std::string(sources::first_line(text)) : name);
  draft.label("severity", "warning");
  draft.label("type", "note");
  draft.annotation("summary", text);
  draft.ends_at = context.received.wall + sources::kHoldsUnresolved;
  return sources::one_alert(draft, context.received.wall);
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  if (!body.is_object()) return invalid("the body is a list; wanted heartbeat, monitor and msg");
  const Json beat = unpacked(body["heartbeat"]), monitor = unpacked(body["monitor"]);
  const std::string text = body["msg"].text();
  if (!beat.is_object()) {
    if (!text.empty()) return note(text, context);
    return invalid(
        "there is neither heartbeat nor msg; leave the body of the webhook at its preset");
  }
  const std::string id = sources::first_text({monitor["id"], beat["monitorID"], monitor["name"]});
  if (id.empty()) return invalid("monitor has neither id nor name");
  const std::string status = beat["status"].text();
  if (status == "2" || status == "3") return Parsed{};  // pending, maintenance
  if (status != "0" && status != "1")
    return invalid("heartbeat.status is none of 0 (down), 1 (up), 2 (pending), 3 (maintenance)");
  Draft draft;
  draft.key = "monitor:" + id;
  draft.label_cut("alertname", "monitor " + id);
  add_monitor(draft, monitor);
  draft.annotation("summary", text);
  draft.annotation("description", beat["msg"].text());
  draft.annotation("about", monitor["description"].text());
  const auto at = beat_time(beat["time"]);
  if (status == "1") {
    draft.status = AlertStatus::resolved;
    draft.ends_at = at;
  } else {
    draft.starts_at = at;
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec uptime_kuma_source;
const SourceSpec uptime_kuma_source = {
    .name = "uptime-kuma",
    .summary = "Uptime Kuma, through its webhook notifications",
    .example = R"(  - name: uptime
    source: uptime-kuma
    key: "${UPTIME_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
