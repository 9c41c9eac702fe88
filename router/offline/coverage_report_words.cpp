// The report as people read it, and as data.
#include <nlohmann/json.hpp>

#include "router/offline/coverage_report.hpp"
#include "router/offline/rota_report.hpp"

namespace tocsin::offline {
namespace {

using Json = nlohmann::ordered_json;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string sentence_of(const CoverageGap& fallen) {
  std::string text = oncall::sentence(fallen.gap, fallen.zone);
  if (!fallen.falls_to.empty())
    text += " (" + fallen.falls_to +
            (fallen.people.empty() ? "" : ", at first " + listed(fallen.people)) + ")";
  return text;
}

const char* word(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::person:
      return "person";
    case Target::Kind::channel:
      return "channel";
    case Target::Kind::rota:
      return "rota";
  }
  return "";
}

Json json_of(const CoverageGap& fallen) {
  const oncall::Gap& gap = fallen.gap;
  auto targets = Json::array(), severities = Json::array();
  for (const Target& target : gap.targets) targets.push_back({{word(target.kind), target.name}});
  for (const Severity severity : gap.severities)
    severities.push_back(std::string(to_string(severity)));
  return {{"from", format_rfc3339(gap.from)},
          {"until", format_rfc3339(gap.until)},
          {"why", std::string(to_string(gap.why))},
          {"policies", gap.policies},
          {"targets", std::move(targets)},
          {"people", gap.people},
          {"severities", std::move(severities)},
          {"rules", gap.rules},
          {"default_policy", gap.default_policy},
          {"falls_to", fallen.falls_to.empty() ? Json(nullptr) : Json(fallen.falls_to)},
          {"falls_to_people", fallen.people},
          {"caught", gap.caught},
          {"sentence", sentence_of(fallen)}};
}

}  // namespace

std::string text_of(const CoverageReport& report) {
  const std::string until = moment_in(Zone(), report.until);
  if (report.whole()) return "every rule pages a person at every moment until " + until + "\n";
  std::string text;
  for (const CoverageGap& fallen : report.gaps) text += "gap: " + sentence_of(fallen) + "\n";
  if (report.left_out > 0) text += "and " + std::to_string(report.left_out) + " more gaps\n";
  const std::size_t count = report.gaps.size() + report.left_out;
  return text + std::to_string(count) + (count == 1 ? " gap" : " gaps") + " until " + until + "\n";
}

std::string json_of(const CoverageReport& report) {
  auto gaps = Json::array();
  for (const CoverageGap& fallen : report.gaps) gaps.push_back(json_of(fallen));
  const Json all{{"from", format_rfc3339(report.from)},
                 {"until", format_rfc3339(report.until)},
                 {"gaps", std::move(gaps)},
                 {"left_out", report.left_out}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tocsin::offline
