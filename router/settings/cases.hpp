// The tests that people write beside their configuration, `*_test.yaml`, as validated values: given
// alerts and times, expect decisions, messages and incidents. README.md has every key.
//
// A name that the configuration does not have is a fault here already, so that a slip of the pen is
// not taken for a rule that went wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/core/decision.hpp"
#include "router/core/message.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"

namespace tocsin::settings {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Something that happens, so long after the test's beginning.
struct Given {
  enum class What { alert, resolve, acknowledge, payload } what = What::alert;
  Place place{};
  Duration after{};
  Labels labels{};        // alert, resolve: which; acknowledge: the incidents of these, or all
  Labels annotations{};   // alert
  std::string by{};       // acknowledge
  std::string payload{};  // a path, from the configuration's directory on
};

struct Expected {
  enum class What { decision, message, nobody, incidents, rejected } what = What::decision;
  Place place{};

  // Every decision about alerts with these labels; what is not said may be anything.
  Labels of{};
  std::optional<Outcome> outcome{};
  std::optional<Severity> severity{};
  std::optional<std::string> rule{}, team{}, policy{}, runbook{};  // "": none

  // A message, or (nobody) no message, in this time.
  MessageKind kind = MessageKind::page;
  std::string whom{};                // a person, or a channel itself
  std::string channel{};             // by which it goes; empty: any
  std::optional<Duration> after{};   // exactly then
  std::optional<Duration> from{};    // not before
  std::optional<Duration> before{};  // and before
  std::optional<std::uint32_t> times{};
  bool only_pages = false;  // nobody: is paged; otherwise is told anything

  std::uint32_t count = 0;  // incidents, rejected
  std::string state{};      // incidents: open, acknowledged or resolved; empty: all
};

struct Case {
  std::string name;
  Place place{};
  WallTime at{};
  std::string integration{};
  std::vector<Given> given{};  // in the order of time
  std::vector<Expected> expect{};
  Duration watch{};  // for so long it is looked at
};

struct Cases {
  std::vector<Case> cases;  // in the order of files and lines; only without faults
  std::vector<Fault> faults;
};

/// The `*_test.yaml` files in `directory` and its teams/, by name. Errors as of read_directory().
Result<std::vector<File>> read_case_files(const std::string& directory);
Cases read_cases(const std::vector<File>& files, const Settings& settings);

/// How long a test may last, and how long it does after the last thing that is given or expected
/// from then on.
inline constexpr Duration kLongestCase = std::chrono::hours(24 * 7);
inline constexpr Duration kWatchedAfter = std::chrono::hours(1);
inline constexpr std::uint32_t kMostCounted = 1'000'000;

}  // namespace tocsin::settings
