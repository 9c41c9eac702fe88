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
  std::vector<Fields::Pair> labels{{"alertname", one_line(title)},
                                   {"integration", std::string(kManualIntegration)},
                                   {"severity", std::string(to_string(*severity))}};
  std::vector<Fields::Pair> annotations{{std::string(kReportedBy), by}};
  if (!service.empty()) labels.emplace_back("service", one_line(service));
  if (!impact.empty()) annotations.emplace_back(std::string(kReportedImpact), one_line(impact));
  if (!text.empty()) annotations.emplace_back("description", plain_lines(text));
  Alert alert;
  alert.labels = Fields(std::move(labels));
  alert.annotations = Fields(std::move(annotations));
  alert.starts_at = now;
  return alert;
}

}  // namespace tocsin::api
