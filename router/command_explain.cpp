#include <algorithm>
#include <cstdio>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/configuration.hpp"
#include "router/core/clock.hpp"
#include "router/core/text.hpp"
#include "router/offline/explain.hpp"
#include "router/payload_file.hpp"
#include "router/settings/report.hpp"

namespace tocsin::commands {
namespace {

constexpr int kWrongUse = 2;

int wrong_use(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return kWrongUse;
}

std::string unknown_integration(const settings::Settings& settings, const std::string& name) {
  std::vector<std::string> known;
  for (const settings::Integration& each : settings.integrations) known.push_back(each.name);
  std::string all = "there are:";
  for (const std::string& each : known) all += (all.back() == ':' ? " " : ", ") + each;
  return "no integration is called " + settings::shown(name) +
         settings::did_you_mean(name, known, known.empty() ? "there is none" : all);
}

/// "cdp-staging=on": the sets that are to be on.
Result<std::vector<std::string>> sets_of(const std::vector<std::string>& asked,
                                         const settings::Settings& settings) {
  std::vector<std::string> on;
  for (const std::string& each : asked) {
    const std::size_t equals = each.rfind('=');
    const std::string set = each.substr(0, equals);
    const std::string word = equals == std::string::npos ? "on" : each.substr(equals + 1);
    if (word != "on" && word != "off")
      return invalid("--gameday: " + settings::shown(each) + " is not SET=on; write e.g. " + set +
                     "=on");
    std::vector<std::string> known;
    for (const auto& one : settings.gamedays) known.push_back(one.first);
    if (!settings.gamedays.contains(set))
      return invalid("--gameday: no GameDay set is called " + settings::shown(set) +
                     settings::did_you_mean(set, known, "see gamedays in the configuration"));
    if (word == "on") on.push_back(set);
  }
  return on;
}

/// Nothing in the payload could be used: in the form that was asked for.
int unusable(const ExplainOptions& options, const std::string& why) {
  if (options.json)
    std::printf("{\"integration\": %s, \"error\": %s}\n", json_string(options.integration).c_str(),
                json_string(why).c_str());
  std::fprintf(stderr, "%s: %s\n", options.file == "-" ? "standard input" : options.file.c_str(),
               one_line(why).c_str());
  return 1;
}

}  // namespace

int explain(const ExplainOptions& options) {
  Instant at = SystemClock().now();
  if (!options.at.empty()) {
    const auto parsed = parse_rfc3339(options.at);
    if (!parsed)
      return wrong_use("--at: " + parsed.error().message + "; write e.g. 2026-11-22T01:52:43Z");
    at.wall = *parsed;
  }
  const auto checked = check_configuration(options.config, settings::Unset::note);
  print_faults(checked.notes, "note: ");
  print_faults(checked.faults);
  if (!checked.settings) {
    if (options.json) std::printf("{\"faults\": %s}\n", faults_json(checked.faults).c_str());
    return 1;
  }
  const auto integrations = make_integrations(*checked.settings);
  const auto integration = integrations->find(options.integration);
  if (integration == integrations->end())
    return wrong_use(unknown_integration(*checked.settings, options.integration));
  const auto sets_on = sets_of(options.gamedays, *checked.settings);
  if (!sets_on) return wrong_use(sets_on.error().message);
  auto payload = read_payload(options.file);
  if (!payload) return wrong_use(payload.error().message);
  const auto explained =
      offline::explain(integration->second, make_configuration(*checked.settings),
                       std::move(*payload), at, *sets_on);
  if (!explained) return unusable(options, explained.error().message);
  if (explained->alerts.empty() && explained->rejected.empty())
    return unusable(options, "there is no alert in it");
  std::printf("%s", options.json ? (offline::json_of(*explained) + "\n").c_str()
                                 : offline::text_of(*explained).c_str());
  return explained->alerts.empty() ? 1 : 0;
}

}  // namespace tocsin::commands
