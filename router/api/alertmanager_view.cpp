#include "router/api/alertmanager_view.hpp"

#include <nlohmann/json.hpp>

#include "router/api/answers.hpp"
#include "router/core/problem.hpp"
#include "rules/matcher.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json object_of(const Fields& fields) {
  json object = json::object();
  for (const auto& [name, value] : fields.pairs()) object[std::string(name)] = std::string(value);
  return object;
}

// Without an end the sender says it anew: Alertmanager counts such an alert as firing until then.
json shown(const engine::NodeState::Firing& firing, const Instant& now) {
  const Alert& alert = firing.alert.alert;
  const WallTime ends = alert.ends_at.value_or(now.wall + std::chrono::minutes(5));
  json silenced_by = json::array();
  if (firing.held) silenced_by.push_back(firing.alert.incident.text);
  return {{"annotations", object_of(alert.annotations)},
          {"endsAt", format_rfc3339(ends)},
          {"fingerprint", alert.key},
          {"receivers", json::array({{{"name", "tocsin"}}})},
          {"startsAt", format_rfc3339(alert.starts_at)},
          {"status",
           {{"inhibitedBy", json::array()},
            {"silencedBy", silenced_by},
            {"state", firing.held ? "suppressed" : "active"}}},
          {"updatedAt", format_rfc3339(firing.alert.heard.wall)},
          {"generatorURL", alert.generator_url},
          {"labels", object_of(alert.labels)}};
}

}  // namespace

HttpResponse alertmanager_alerts(const HttpRequest& request,
                                 const std::vector<engine::NodeState::Firing>& firing) {
  std::vector<rules::Matcher> matchers;
  const auto [first, last] = request.query.equal_range("filter");
  for (auto each = first; each != last; ++each) {
    auto matcher = rules::Matcher::parse(each->second);
    if (!matcher) return problem(400, "filter: " + matcher.error().message);
    matchers.push_back(std::move(*matcher));
  }
  const bool active = request.query_value("active") != "false";
  const bool silenced = request.query_value("silenced") != "false";
  json list = json::array();
  for (const engine::NodeState::Firing& each : firing)
    if ((each.held ? silenced : active) && rules::all_match(matchers, each.alert.alert.labels))
      list.push_back(shown(each, request.received));
  return {200, list.dump(-1, ' ', false, json::error_handler_t::replace), "application/json", {}};
}

}  // namespace tocsin::api
