#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/core/clock.hpp"
#include "router/offline/coverage_report.hpp"
#include "router/server_call.hpp"

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

/// Which contacts work, as a running tocsin knows it.
Result<oncall::Works> works_at(const ServerOptions& server, bool strict) {
  TOCSIN_TRY(const std::string answer, call(server, "GET", "/api/v1/people"));
  const auto people = nlohmann::json::parse(answer, nullptr, false);
  if (!people.is_object() || !people.contains("people"))
    return unknown_outcome("the service answered something else than its people; is it a tocsin?");
  struct Known {
    std::string address;  // or its beginning
    bool masked = false, works = false;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Known>> all;
  constexpr std::string_view kMasked = "…";
  try {
    for (const auto& person : people.at("people"))
      for (const auto& contact : person.at("contacts")) {
        const std::string status = contact.at("status");
        Known known;
        if (contact.at("address").is_string()) known.address = contact.at("address");
        known.masked = known.address.ends_with(kMasked);
        if (known.masked) known.address.resize(known.address.size() - kMasked.size());
        known.works = status == "verified" || (!strict && status == "unverified");
        all[{person.at("name"), contact.at("channel")}].push_back(std::move(known));
      }
  } catch (const nlohmann::json::exception&) {
    return unknown_outcome("the service answered of its people in another form; is it of this version?");
  }
  return oncall::Works([all = std::move(all), strict](std::string_view person,
                                                      std::string_view channel,
                                                      std::string_view address) {
    const auto found = all.find({std::string(person), std::string(channel)});
    if (found != all.end())
      for (const Known& known : found->second)
        if (known.masked ? address.starts_with(known.address) : address == known.address)
          return known.works;
    return !strict;  // one that the service does not know yet
  });
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
  if (*stretch && checked.settings) {
    oncall::Works works = offline::all_work;
    if (!options.server.empty()) {
      auto known = works_at({options.server, options.token, true}, options.strict);
      if (!known) return failed(known.error());
      works = std::move(*known);
    }
    coverage =
        offline::report_coverage(*checked.settings, (*stretch)->from, (*stretch)->until, works);
  }
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
