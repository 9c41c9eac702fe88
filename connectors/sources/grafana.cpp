// Grafana's contact point "webhook", unified alerting (8 and later), and the notification channel
// of the same name in legacy dashboard alerting (until 10).
//
// What the sender promises
// (https://grafana.com/docs/grafana/latest/alerting/configure-notifications/):
//   POST or PUT Alertmanager's notification with more in it: orgId, title, state, message, and of
//   each alert values, valueString, dashboardURL, panelURL, silenceURL, imageURL. 2xx is delivered;
//   anything else, 5xx too, waits for the next group interval (5 min). Two of a highly available
//   pair may both send. The test button sends TestAlert of instance Grafana and never its end.
//   Optionally (12) X-Grafana-Alerting-Signature: hex of HMAC-SHA256 over the body, or over
//   TIMESTAMP:BODY when a header for the timestamp is named.
//   Legacy: {ruleId, ruleName, ruleUrl, state, message, evalMatches, tags}, one message a rule.
// The key is the fingerprint as sent: Grafana hashes labels that it does not show.
#include <algorithm>
#include <array>
#include <charconv>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/alertmanager_reader.hpp"
#include "connectors/sources/answers.hpp"
#include "router/core/digest.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 2> kRoutes{{{"POST", ""}, {"PUT", ""}}};
constexpr std::array<std::string_view, 2> kGroupBy{"alertname", "grafana_folder"};
constexpr std::array<Field, 3> kFields{{
    {.key = "secret",
     .secret = true,
     .meaning = "the contact point's HMAC secret: what is not signed with it is refused"},
    {.key = "signature_header",
     .meaning = "the header of the signature; X-Grafana-Alerting-Signature if nothing is said",
     .example = "X-Signature"},
    {.key = "timestamp_header",
     .meaning = "the header of the signed timestamp, if the contact point names one",
     .example = "X-Signed-At"},
}};
constexpr std::string_view kSignatureHeader = "X-Grafana-Alerting-Signature";
/// How far the signed timestamp may be from the time of receipt, either way.
constexpr Duration kOldestSignature = std::chrono::minutes(10);

std::vector<std::string> check(const Values& settings) {
  std::vector<std::string> faults;
  for (const char* name : {"signature_header", "timestamp_header"}) {
    const std::string header = settings.get(name);
    if (header.empty()) continue;
    const bool fits = std::all_of(header.begin(), header.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    });
    if (!fits)
      faults.push_back(std::string(name) + ": no name of a header; write e.g. X-Signature");
    else if (settings.get("secret").empty())
      faults.push_back(std::string(name) + ": of no use without `secret`; set that as well");
  }
  return faults;
}

Status check_signature(const HttpRequest& request, const SourceContext& context) {
  const std::string secret = context.settings.get("secret");
  if (secret.empty()) return ok();
  const std::string named = context.settings.get("signature_header");
  const std::string header = named.empty() ? std::string(kSignatureHeader) : named;
  const std::string_view given = request.header(sources::lower(header));
  if (given.empty())
    return invalid("the header " + header +
                   " is missing; set the integration's secret in the contact point as well");
  std::string text;
  if (const std::string timed = context.settings.get("timestamp_header"); !timed.empty()) {
    const std::string_view stamp = request.header(sources::lower(timed));
    std::int64_t seconds = 0;
    const auto read = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(context.received.wall).time_since_epoch().count();
    const std::int64_t most =
        std::chrono::duration_cast<std::chrono::seconds>(kOldestSignature).count();
    const bool whole = read.ec == std::errc() && read.ptr == stamp.data() + stamp.size();
    if (stamp.empty() || !whole || seconds < now - most || seconds > now + most)
      return invalid("the header " + timed + " is no timestamp of the last " +
                     format_duration(kOldestSignature) + "; compare the clocks");
    text = std::string(stamp) + ":";
  }
  text += request.body;
  if (!equal_in_constant_time(hex(hmac_sha256(secret, text)), sources::lower(given)))
    return invalid("the signature in " + header +
                   " does not match; compare the contact point's secret with the integration's");
  return ok();
}

bool extra(const Json& group, const Json& alert, Draft& draft) {
  const std::string base = group["externalURL"].text();
  draft.generator_url = sources::absolute_url(draft.generator_url, base);
  draft.annotation("grafana_values", alert["valueString"].text());
  for (const auto& [name, member] :
       {std::pair("dashboard", "dashboardURL"), std::pair("panel", "panelURL"),
        std::pair("silence", "silenceURL"), std::pair("image", "imageURL")})
    draft.annotation(name, sources::absolute_url(alert[member].text(), base));
  draft.annotation("grafana", base);
  return !(alert["labels"]["alertname"].text() == "TestAlert" &&
           alert["labels"]["instance"].text() == "Grafana");
}

std::string matches_of(const Json& matches) {
  std::string text;
  for (const Json& each : matches.items())
    text += (text.empty() ? "" : ", ") + each["metric"].text() + "=" + each["value"].text();
  return text;
}

Result<Parsed> read_legacy(const Json& body, WallTime received) {
  Parsed parsed;
  const std::string state = sources::lower(body["state"].text());
  const bool firing = state == "alerting" || state == "no_data";
  const std::string rule = body["ruleId"].text(), organisation = body["orgId"].text();
  const bool test = (rule.empty() || rule == "0") && (organisation.empty() || organisation == "0");
  if ((!firing && state != "ok") || test) return parsed;
  Draft draft;
  for (const auto& [name, value] : body["tags"].members()) draft.label_cut(name, value.text());
  draft.key = "rule:" + organisation + ":" + rule;
  draft.label_cut("alertname", sources::first_text({body["ruleName"], body["title"]}));
  draft.annotation("summary", sources::first_text({body["title"], body["ruleName"]}));
  draft.annotation("description", body["message"].text());
  draft.annotation("values", matches_of(body["evalMatches"]));
  draft.annotation("image", body["imageUrl"].text());
  draft.generator_url = body["ruleUrl"].text();
  if (firing)
    draft.ends_at = received + sources::kGroupHolds;
  else
    draft.status = AlertStatus::resolved;
  TOCSIN_TRY(Alert alert, sources::finish(draft, received));
  parsed.alerts.push_back(std::move(alert));
  return parsed;
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY([[maybe_unused]] const Unit signature, check_signature(request, context));
  TOCSIN_TRY(const Json body, Json::parse(request.body));
  if (!body["alerts"].is_array() && !body["state"].is_null() && !body["ruleId"].is_null())
    return read_legacy(body, context.received.wall);
  return sources::read_alert_group(body, context.received.wall, extra);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec grafana_source;
const SourceSpec grafana_source = {
    .name = "grafana",
    .summary = "Grafana's contact point webhook, unified alerting and legacy",
    .example = R"(  - name: grafana-shop
    source: grafana
    key: "${GRAFANA_KEY}"
    secret: "${GRAFANA_HMAC_SECRET}"   # only if the contact point signs
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(1),
    .fields = kFields,
    .check = check,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
