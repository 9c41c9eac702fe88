// ElastAlert's HTTP POST alerters, post and post2.
//
// What the sender promises (https://elastalert2.readthedocs.io/en/latest/ruletypes.html#http-post):
//   POST the fields of the match that set it off, or those that http_post_payload names, and
//   http_post_static_payload beside them: the rule's name is there only if it was put there. What
//   fails is tried again for alert_time_limit (two days). There is no end; realert keeps a rule
//   quiet for a while.
// The key is alert_uid, or else the rule and what its fields identify.
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

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  if (!body.is_object()) return invalid("the body is a list; wanted the fields of one match");
  if (body.size() == 0) return invalid("the body is an empty object");
  Draft draft;
  draft.key = body["alert_uid"].text();
  sources::add_details(draft, body);
  const std::string rule =
      sources::first_text({body["rule_name"], body["rule"], body["alertname"], body["title"]});
  std::string subject = sources::first_text({body["alert_subject"], body["message"]});
  draft.label_cut("alertname", rule.empty() ? "ElastAlert" : rule);
  draft.label_cut("severity", body["severity"].text());
  draft.annotation("summary", subject);
  draft.annotation("description", body["alert_text"].text());
  draft.generator_url = sources::first_text({body["kibana_discover_url"], body["kibana_link"]});
  draft.starts_at = sources::time_of(body["@timestamp"]);
  draft.ends_at = context.received.wall + sources::lasts(context);
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec elastalert_source;
const SourceSpec elastalert_source = {
    .name = "elastalert",
    .summary = "ElastAlert, through its HTTP POST alerters",
    .example = R"(  - name: elastalert
    source: elastalert
    key: "${ELASTALERT_KEY}"
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
