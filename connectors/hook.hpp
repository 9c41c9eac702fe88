// A hook asks one automation to mend something: one call, within a budget of time, nothing else.
//
// Whether to run it at all, its limits, and what happens when it does not help are the engine's. A
// hook is called once for a run and never again, so its answer is final: accepted is that the
// automation did it or took it on; everything else, silence too, is a failure, and a person is
// paged.
//
// To add one: connectors/hooks/NAME.cpp with `extern const HookSpec NAME_hook`, one line in
// connectors/catalog.def, tests/connectors/NAME_hook_test.cpp, one row in connectors/README.md. A
// house test checks all four.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "connectors/spec.hpp"
#include "router/core/fields.hpp"
#include "router/core/message.hpp"
#include "router/core/severity.hpp"

namespace tocsin::connectors {

/// What is to be mended, already in words.
struct HookCall {
  MessageId id;      // of this run: the receiver's idempotency key
  std::string hook;  // its name in the configuration

  std::string incident;  // its id
  std::string title;
  Severity severity = Severity::error;
  std::string impact;
  std::string team;
  std::string service;
  std::string rule;     // that wants it
  Fields labels;        // of the alert that opened the incident
  std::string gameday;  // the set whose drill this is; empty: in earnest
  bool dry_run = false;
  std::string approved_by;    // empty: nobody was asked
  WallTime now{};             // when the call starts
  std::string incident_json;  // the API's form of the incident
};

class Hook {
 public:
  Hook() = default;
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;
  virtual ~Hook() = default;

  /// One call; back within `budget`. `accepted` or `rejected`, and never `retry_later`. Several
  /// threads may call at once. Never throws.
  virtual Attempt run(const HookCall&, Duration budget) = 0;
};

struct HookSpec {
  std::string_view name;     // as in the configuration: `type: webhook`
  std::string_view summary;  // the documentation row
  std::span<const Field> fields;
  std::string_view example;  // an entry in YAML, indented to be pasted; loaded by a test

  /// Errors: invalid, as "hooks.NAME.KEY: what is wrong; what to do".
  Result<std::unique_ptr<Hook>> (*make)(const Values&);
};

std::span<const HookSpec* const> all_hooks();
const HookSpec* find_hook(std::string_view name);

}  // namespace tocsin::connectors
