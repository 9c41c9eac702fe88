#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "router/checked_configuration.hpp"
#include "router/commands.hpp"
#include "router/configuration.hpp"
#include "router/core/text.hpp"
#include "router/offline/case_run.hpp"
#include "router/payload_file.hpp"

namespace tocsin::commands {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostNameBytes = 120;

struct Ran {
  settings::Case test;
  offline::CaseResult result;
};

std::vector<Ran> run_all(std::vector<settings::Case> cases, const std::string& directory,
                         const settings::Settings& settings) {
  const offline::CaseGround ground{
      make_configuration(settings), make_integrations(settings), [&](const std::string& path) {
        return read_payload((std::filesystem::path(directory) / path).string());
      }};
  std::vector<Ran> ran;
  for (settings::Case& test : cases) {
    offline::CaseResult result = offline::run_case(test, ground);
    ran.push_back({std::move(test), std::move(result)});
  }
  return ran;
}

void print(const Ran& ran) {
  std::printf("%-4s  %s  %s\n", ran.result.passed() ? "ok" : "FAIL",
              settings::short_form(ran.test.place).c_str(),
              cut(one_line(ran.test.name), kMostNameBytes).c_str());
  for (const offline::Failure& failure : ran.result.failures)
    std::printf("        expected  %s  (%s)\n        instead   %s\n", failure.expected.c_str(),
                settings::short_form(failure.place).c_str(), failure.instead.c_str());
  const char* heading = "decided";
  for (const std::string& line : ran.result.decided) {
    std::printf("        %-8s  %s\n", heading, line.c_str());
    heading = "";
  }
}

Json json_of(const Ran& ran) {
  auto failures = Json::array();
  for (const offline::Failure& failure : ran.result.failures)
    failures.push_back({{"file", failure.place.file},
                        {"line", failure.place.line},
                        {"expected", failure.expected},
                        {"instead", failure.instead}});
  return {{"name", ran.test.name},       {"file", ran.test.place.file},
          {"line", ran.test.place.line}, {"ok", ran.result.passed()},
          {"failures", failures},        {"decided", ran.result.decided}};
}

int tell_faults(const TestOptions& options, const std::vector<settings::Fault>& faults) {
  print_faults(faults);
  if (options.json) std::printf("{\"ok\": false,\n\"faults\": %s}\n", faults_json(faults).c_str());
  return 1;
}

int tell(const TestOptions& options, const std::vector<Ran>& all) {
  std::size_t failed = 0;
  auto tests = Json::array();
  for (const Ran& ran : all) {
    failed += !ran.result.passed();
    if (options.json)
      tests.push_back(json_of(ran));
    else
      print(ran);
  }
  if (options.json) {
    const Json answer{{"ok", failed == 0}, {"failed", failed}, {"tests", std::move(tests)}};
    std::printf("%s\n", answer.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else if (all.empty()) {
    std::printf("no tests: write some into %s/teams/NAME_test.yaml\n", options.config.c_str());
  } else {
    std::printf("%zu %s, %zu failed\n", all.size(), all.size() == 1 ? "test" : "tests", failed);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace

int test(const TestOptions& options) {
  const auto checked = check_configuration(options.config, settings::Unset::note);
  print_faults(checked.notes, "note: ");
  if (!checked.settings) return tell_faults(options, checked.faults);
  const auto files = settings::read_case_files(options.config);
  if (!files) return tell_faults(options, {{"", 0, 0, "", files.error().message}});
  settings::Cases cases = settings::read_cases(*files, *checked.settings);
  if (!cases.faults.empty()) return tell_faults(options, cases.faults);
  return tell(options, run_all(std::move(cases.cases), options.config, *checked.settings));
}

}  // namespace tocsin::commands
