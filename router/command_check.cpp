#include <cstdio>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/core/clock.hpp"
#include "router/offline/coverage_report.hpp"

namespace tocsin::commands {
namespace {

constexpr int kWrongUse = 2;
constexpr Duration kLeastCoverage = std::chrono::hours(24);

struct Stretch {
  WallTime from{}, until{};
};

/// Nothing if coverage is not asked for. Errors: invalid, what to write.
Result<std::optional<Stretch>> stretch_of(const CheckOptions& options) {
  if (options.coverage.empty()) return std::optional<Stretch>();
  const auto length = parse_duration(options.coverage);
  if (!length || *length < kLeastCoverage || *length > oncall::kLongestCoverage)
    return invalid("--coverage: not a length for this; write " + format_duration(kLeastCoverage) +
                   " to " + format_duration(oncall::kLongestCoverage) + ", e.g. 90d");
  WallTime from = SystemClock().now().wall;
  if (!options.from.empty()) {
    const auto parsed = parse_rfc3339(options.from);
    if (!parsed)
      return invalid("--from: " + parsed.error().message + "; write e.g. 2026-11-22T01:52:43Z");
    from = *parsed;
  }
  return std::optional(Stretch{from, from + *length});
}

using Covered = std::optional<offline::CoverageReport>;

int tell_json(const CheckedConfiguration& checked, const Covered& coverage) {
  const bool good = checked.settings && (!coverage || coverage->whole());
  const std::string more =
      coverage ? ",\n\"coverage\": " + offline::json_of(*coverage) : std::string();
  std::printf("{\"ok\": %s,\n\"faults\": %s,\n\"notes\": %s%s}\n", good ? "true" : "false",
              faults_json(checked.faults).c_str(), faults_json(checked.notes).c_str(),
              more.c_str());
  return good ? 0 : 1;
}

}  // namespace

int check(const CheckOptions& options) {
  const auto stretch = stretch_of(options);
  if (!stretch) {
    std::fprintf(stderr, "%s\n", stretch.error().message.c_str());
    return kWrongUse;
  }
  const auto checked = check_configuration(
      options.config, options.strict_env ? settings::Unset::fault : settings::Unset::note);
  Covered coverage;
  if (*stretch && checked.settings)
    coverage = offline::report_coverage(*checked.settings, (*stretch)->from, (*stretch)->until);
  if (options.json) return tell_json(checked, coverage);
  print_faults(checked.notes, "note: ");
  print_faults(checked.faults);
  if (!checked.settings) return 1;
  const settings::Settings& s = *checked.settings;
  std::printf("%s is good: %zu integrations, %zu rules, %zu policies, %zu rotas, %zu people\n",
              options.config.c_str(), s.integrations.size(), s.rules.size(), s.policies.size(),
              s.rotas.size(), s.directory.people.size());
  if (coverage) std::printf("%s", offline::text_of(*coverage).c_str());
  return !coverage || coverage->whole() ? 0 : 1;
}

}  // namespace tocsin::commands
