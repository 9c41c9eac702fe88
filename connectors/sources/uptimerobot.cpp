// UptimeRobot's webhook alert contacts.
//
// What the sender promises (https://uptimerobot.com/integrations/webhooks/):
//   GET with a query, or POST of a form or of JSON, whose values are variables of a template of
//   one's own: *monitorID*, *alertType* (1 down, 2 up, 3 a certificate runs out), *alertDetails* …
//   One that does not apply stays as it is. Nothing is tried again for certain.
// The key is the monitor, without its number its URL, without that its name. It ends by the type 2;
// a note on a certificate never ends.
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 2> kRoutes{{{"POST", ""}, {"GET", ""}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alertname"};

/// By the names of the template on this source's page, or by those of the variables.
std::string said(const Json& body, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const std::string text = body[name].text();
    const bool variable = text.size() > 2 && text.front() == '*' && text.back() == '*';
    if (!text.empty() && !variable) return text;
  }
  return {};
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const std::string id = said(body, {"monitor_id", "monitorID"});
  const std::string url = said(body, {"monitor_url", "monitorURL"});
  const std::string name = said(body, {"monitor_friendly_name", "monitorFriendlyName"});
  const std::string type = said(body, {"alert_type", "alertType"});
  if (id.empty() && url.empty() && name.empty())
    return invalid("there is neither monitor_id nor monitor_friendly_name");
  if (type.empty()) return invalid("there is no alert_type; put *alertType* into it");
  if (type != "1" && type != "2" && type != "3") return Parsed{};
  Draft draft;
  draft.key = (type == "3" ? "certificate:" : "") + (!id.empty() ? id : !url.empty() ? url : name);
  draft.label_cut("alertname", !name.empty() ? name : !url.empty() ? url : "monitor " + id);
  draft.label_cut("url", url);
  if (type == "3") draft.label("severity", "warning");
  draft.annotation("summary", said(body, {"alert_type_friendly_name", "alertTypeFriendlyName"}));
  draft.annotation("description", said(body, {"alert_details", "alertDetails"}));
  draft.annotation("duration", said(body, {"alert_friendly_duration", "alertFriendlyDuration"}));
  if (!id.empty())
    draft.generator_url = "https://dashboard.uptimerobot.com/monitors/" + sources::encoded(id);
  const std::string written = said(body, {"alert_date_time", "alertDateTime"});
  const auto at = sources::time_of(Json::object({{"time", written}})["time"]);
  if (type == "2") {
    draft.status = AlertStatus::resolved;
    draft.ends_at = at;
  } else {
    draft.starts_at = at;
    draft.ends_at = context.received.wall +
                    (type == "3" ? sources::kHoldsUnresolved : sources::kHoldsUntilResolved);
  }
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec uptimerobot_source;
const SourceSpec uptimerobot_source = {
    .name = "uptimerobot",
    .summary = "UptimeRobot, through webhook alert contacts",
    .example = R"(  - name: uptimerobot
    source: uptimerobot
    key: "${UPTIMEROBOT_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
