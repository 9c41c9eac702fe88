#include "router/api/report_asked.hpp"

#include "router/core/manual.hpp"
#include "router/core/severity.hpp"
#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

/// Empty, if it was left out.
Result<std::string> text_asked(const ChangeBody& body, std::string_view name, std::size_t most) {
  if (!body.text(name)) return std::string();
  return needed_text(body, name, most);
}

}  // namespace

Result<Alert> report_asked(const ChangeBody& body, const std::string& by, WallTime now) {
  TOCSIN_TRY(const std::string title, needed_text(body, "title", kMostReportTitleBytes));
  TOCSIN_TRY(const std::string service, text_asked(body, "service", kMostReportServiceBytes));
  TOCSIN_TRY(const std::string impact, text_asked(body, "impact", kMostReportImpactBytes));
  TOCSIN_TRY(const std::string text, text_asked(body, "description", kMostReportTextBytes));
  const std::string* const word = body.text("severity");
  const auto severity = word ? severity_named(*word) : std::optional(Severity::error);
  if (!severity) return invalid("severity: one of critical, error, warning, info");
  // Pairs are views: what they look at lives to the end.
  const std::string name = one_line(title), of_service = one_line(service);
  const std::string told_impact = one_line(impact), told_text = plain_lines(text);
  std::vector<Fields::Pair> labels{
      {"alertname", name}, {"integration", kManualIntegration}, {"severity", to_string(*severity)}};
  std::vector<Fields::Pair> annotations{{kReportedBy, by}};
  if (!service.empty()) labels.emplace_back("service", of_service);
  if (!impact.empty()) annotations.emplace_back(kReportedImpact, told_impact);
  if (!text.empty()) annotations.emplace_back("description", told_text);
  Alert alert;
  alert.labels = Fields(std::move(labels));
  alert.annotations = Fields(std::move(annotations));
  alert.starts_at = now;
  return alert;
}

}  // namespace tocsin::api
