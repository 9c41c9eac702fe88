#include <cstdio>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/core/clock.hpp"
#include "router/offline/rota_report.hpp"
#include "router/settings/report.hpp"

namespace tocsin::commands {
namespace {

constexpr int kWrongUse = 2;

int wrong_use(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return kWrongUse;
}

Result<offline::Asked> asked_of(const OncallOptions& options) {
  offline::Asked asked;
  asked.days = options.days;
  if (options.at.empty()) {
    asked.at = SystemClock().now().wall;
  } else if (const auto civil = parse_civil(options.at)) {
    asked.civil = *civil;
  } else if (const auto time = parse_rfc3339(options.at)) {
    asked.at = *time;
  } else {
    return invalid("--at: " + settings::shown(options.at) +
                   " is no time; write e.g. 2026-12-24T10:00 in the rota's own time zone, or with "
                   "an offset 2026-12-24T10:00:00Z");
  }
  return asked;
}

std::string unknown_rota(const oncall::Rotas& rotas, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& rota : rotas) known.push_back(rota.first);
  std::string all = "there are:";
  for (const std::string& each : known) all += (all.back() == ':' ? " " : ", ") + each;
  return "no rota is called " + settings::shown(name) +
         settings::did_you_mean(name, known, known.empty() ? "there is none" : all);
}

}  // namespace

int oncall(const OncallOptions& options) {
  const auto asked = asked_of(options);
  if (!asked) return wrong_use(asked.error().message);
  const auto checked = check_configuration(options.config, settings::Unset::note);
  // Notes are for whoever writes the configuration, not for whoever looks up a name.
  print_faults(checked.faults);
  if (!checked.settings) {
    if (options.json) std::printf("{\"faults\": %s}\n", faults_json(checked.faults).c_str());
    return 1;
  }
  const settings::Settings& settings = *checked.settings;
  for (const std::string& name : options.rotas)
    if (!settings.rotas.contains(name)) return wrong_use(unknown_rota(settings.rotas, name));
  const auto reports =
      offline::report_rotas(settings.rotas, settings.directory, *asked, options.rotas);
  bool gap = false;
  for (const offline::RotaReport& report : reports) gap = gap || report.has_gap();
  if (options.json)
    std::printf("%s\n", offline::json_of(reports).c_str());
  else if (reports.empty())
    std::printf("no rotas: write some into %s/teams/NAME.yaml\n", options.config.c_str());
  else
    std::printf("%s", offline::text_of(reports, *asked).c_str());
  return gap ? 1 : 0;
}

}  // namespace tocsin::commands
