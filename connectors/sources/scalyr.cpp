// Scalyr (DataSet): webhook recipients of an alert.
//
// What the sender promises (https://app.scalyr.com/help/alerts):
//   GET, PUT or POST to a URL, with a body of one's own, in which #id#, #title#, #description#,
//   #trigger# and #link# are replaced. Whether quotes in them are escaped is not said, nor whether
//   anything is tried again. Whether it fires or ends is told by the recipient alone,
//   webhook-trigger or webhook-resolve: the configuration says it as state=trigger or
//   state=resolve, in the URL or in the body.
// The key is the alert's id, or else its title. A renotification sends the trigger again.
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

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  TOCSIN_TRY(const Json body, sources::posted(request));
  const Json query = Json::object(request.query);
  // The body says it, or the URL; a token that stayed as it is says nothing.
  const auto said = [&](std::string_view name) {
    for (const Json& each : {body[name], query[name]})
      if (std::string text = each.text(); !text.empty() && text != "#" + std::string(name) + "#")
        return text;
    return std::string();
  };
  const sources::State state = sources::state_of(said("state"));
  if (state != sources::State::firing && state != sources::State::resolved)
    return invalid("state is neither trigger nor resolve; put it into the URL or the body");
  const std::string description = said("description"), link = said("link");
  std::string title = said("title");
  if (title.empty()) title = said("message");
  if (title.empty()) title = std::string(sources::first_line(description));
  std::string id = said("id");
  if (id.empty()) id = title.empty() ? said("trigger") : title;
  if (id.empty()) return invalid("there is neither id nor title; put #id# and #title# into it");
  Draft draft;
  draft.key = id;
  // "#title#: service=checkout" is the only place that an alert's author has.
  for (std::string_view rest = description; !rest.empty();) {
    const std::size_t line = std::min(rest.find('\n'), rest.size());
    sources::add_tag(draft, rest.substr(0, line));
    rest.remove_prefix(std::min(line + 1, rest.size()));
  }
  draft.label_cut("alertname", title.empty() ? "alert " + id : title);
  draft.label_cut("severity", said("severity"));
  draft.annotation("description", description);
  draft.annotation("trigger", said("trigger"));
  draft.generator_url = link;
  if (state == sources::State::resolved)
    draft.status = AlertStatus::resolved;
  else
    draft.ends_at = context.received.wall + sources::kHoldsUntilResolved;
  return sources::one_alert(draft, context.received.wall);
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec scalyr_source;
const SourceSpec scalyr_source = {
    .name = "scalyr",
    .summary = "alerts of Scalyr (DataSet), through webhook recipients",
    .example = R"(  - name: scalyr
    source: scalyr
    key: "${SCALYR_KEY}"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .resolve_after = std::chrono::hours(24),
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
