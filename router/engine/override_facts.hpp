// How overrides of rotas are kept among the facts. By facts.cpp and the snapshots.
#pragma once

#include "router/engine/facts.hpp"

namespace tocsin::engine {

/// Errors: invalid, when nobody could mean it; refused, when there are too many.
Status make_override(Facts& facts, control::RotaOverride said, const Fact& fact);

/// Again is harmless. Errors: not_found.
Status end_override(Facts& facts, const control::RotaOverrideEnded& said);

}  // namespace tocsin::engine
