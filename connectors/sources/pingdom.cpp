// Pingdom's webhook of state changes.
//
// What the sender promises (https://www.pingdom.com/resources/webhooks/):
//   POST {check_id, check_name, check_type, check_params, previous_state, current_state,
//   state_changed_timestamp, importance_level, tags, description …}; an older kind puts the JSON
//   into ?message= of a GET. No key but in the URL. Nothing is tried again for certain.
// The key is the check. It ends by the state UP, of a transaction SUCCESS.
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
constexpr std::array<std::pair<std::string_view, Severity>, 2> kSeverities{{
    {"HIGH", Severity::critical},
    {"LOW", Severity::warning},
}};

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(Json body, sources::posted(request));
  if (body["message"].is_text() && body["check_id"].is_null())
    if (const auto inner = Json::parse(body["message"].text())) body = *inner;
  const std::string id = body["check_id"].text(), name = body["check_name"].text();
  if (id.empty() && name.empty())
    return invalid("there is neither check_id nor check_name; is this Pingdom's webhook?");
  const sources::State state = sources::state_of(body["current_state"].text());
  if (state == sources::State::unknown && body["current_state"].text() != "FAILING")
    return Parsed{};  // paused, and what comes later
  const Json params = body["check_params"];
  Draft draft;
  draft.key = id.empty() ? "name:" + name : id;
  for (const Json& tag : body["tags"].items()) sources::add_tag(draft, tag.text());
  draft.label_cut("alertname", name.empty() ? "check " + id : name);
  draft.label_cut("host", params["hostname"].text());
  draft.label_cut("type", body["check_type"].text());
  draft.label_cut("severity", body["importance_level"].text());
  draft.annotation("summary", body["description"].text());
  draft.annotation("description", body["long_description"].text());
  draft.annotation("url", params["full_url"].text());
  draft.annotation("message", body["custom_message"].text());
  draft.annotation("first_probe", body["first_probe"]["location"].text());
  draft.annotation("second_probe", body["second_probe"]["location"].text());
  if (!id.empty())
    draft.generator_url = "https://my.pingdom.com/app/reports/uptime#check=" + sources::encoded(id);
  const auto at = sources::time_of(body["state_changed_timestamp"]);
  if (state == sources::State::resolved) {
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

extern const SourceSpec pingdom_source;
const SourceSpec pingdom_source = {
    .name = "pingdom",
    .summary = "state changes of Pingdom's checks",
    .example = R"(  - name: pingdom
    source: pingdom
    key: "${PINGDOM_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
