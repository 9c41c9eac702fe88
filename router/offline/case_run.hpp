// Runs one test of a configuration: what is given goes through a rehearsal, and what is expected is
// compared with what came of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "router/engine/rehearsal.hpp"
#include "router/ingest/ingest.hpp"
#include "router/settings/cases.hpp"

namespace tocsin::offline {

struct Failure {
  settings::Place place;  // of what was given or expected
  std::string expected;
  std::string instead;
};

struct CaseResult {
  std::vector<Failure> failures;
  /// Of a failed test: what was decided and why, for people; one line each.
  std::vector<std::string> decided;

  bool passed() const { return failures.empty(); }
};

/// What the tests of one configuration run against.
struct CaseGround {
  std::shared_ptr<const engine::Configuration> configuration;
  std::shared_ptr<const ingest::Integrations> integrations;
  /// The content of a `payload:` file, by its path as the test's reader gives it.
  std::function<Result<std::string>(const std::string&)> payload;
};

/// The same test and ground always give the same result.
CaseResult run_case(const settings::Case& test, const CaseGround& ground);

}  // namespace tocsin::offline
