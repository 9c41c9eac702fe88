// Splunk's webhook alert action.
//
// What the sender promises (https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks):
//   POST {result, sid, results_link, search_name, owner, app}; result is the first row that the
//   search found, a list where a field has several values. No key but in the URL; the host must be
//   allowed. An answer is awaited for 10 s and any 2xx will do; a failure is logged, and never
//   tried again. Every run that matches sends again. There is no severity and no end.
// The key is app, search and the row's host.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 1> kGroupBy{"alertname"};
constexpr std::array<Field, 1> kFields{{sources::kLastsField}};
/// Fields that say which thing is meant, by the names that Splunk and its users give them.
constexpr std::array<std::string_view, 7> kLabels{"host",     "service", "environment", "team",
                                                  "severity", "index",   "sourcetype"};
constexpr std::size_t kMostFieldsShown = 30;

/// Of several values the first.
std::string field(const Json& result, std::string_view name) {
  const Json value = result[name];
  return value.is_array() ? value.at_pointer("/0").text() : value.text();
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const Json result = body["result"];
  const std::string search = body["search_name"].text(), sid = body["sid"].text();
  if (search.empty() && sid.empty() && !result.is_object())
    return invalid("there is neither search_name nor sid nor result; is this Splunk's webhook?");
  const std::string app = body["app"].text(), host = field(result, "host");
  Draft draft;
  // Of a search that was never saved nothing but its host stays the same.
  draft.key = app + "/" + search + "/" + host;
  draft.label_cut("alertname", search.empty() ? "unnamed search" : search);
  draft.label_cut("app", app);
  for (const std::string_view name : kLabels) draft.label_cut(name, field(result, name));
  draft.annotation("summary", field(result, "_raw"));
  draft.annotation("owner", body["owner"].text());
  std::size_t shown = 0;
  for (const auto& [name, value] : result.members()) {
    const bool dull =
        name.empty() || name.front() == '_' || name.starts_with("date_") || value.text().empty();
    const bool told = std::find(kLabels.begin(), kLabels.end(), name) != kLabels.end();
    if (!dull && !told && ++shown <= kMostFieldsShown) draft.annotation(name, value.text());
  }
  draft.generator_url = body["results_link"].text();
  draft.ends_at = context.received.wall + sources::lasts(context);
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec splunk_source;
const SourceSpec splunk_source = {
    .name = "splunk",
    .summary = "Splunk's webhook alert action",
    .example = R"(  - name: splunk
    source: splunk
    key: "${SPLUNK_KEY}"
    lasts: 2h
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(1),
    .fields = kFields,
    .check = sources::check_lasts,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
