// What a test expects against what a rehearsal made of it. Pure. Private to case_run.cpp.
#pragma once

#include <optional>

#include "router/offline/case_run.hpp"

namespace tocsin::offline {

/// Whether the alert has all of these labels.
bool has_labels(const Alert& alert, const settings::Labels& labels);
/// "alertname=HighLatency service=api", cut.
std::string words(const settings::Labels& labels);

/// Nothing, where it is as expected.
std::optional<Failure> unmet(const settings::Expected& expected, const engine::Rehearsal& rehearsal,
                             std::size_t rejected);

}  // namespace tocsin::offline
