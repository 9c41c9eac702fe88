// Sets of moments, as the stretches of time that they are made of. Inside of the room.
#pragma once

#include <vector>

#include "router/core/time.hpp"

namespace tocsin::oncall {

struct Span {
  WallTime from{}, until{};

  auto operator<=>(const Span&) const = default;
};

/// In order; no two of them overlap or touch, and none is empty.
using Spans = std::vector<Span>;

/// Adds a stretch that begins no earlier than the last one did.
void append(Spans& spans, Span span);

Spans both(const Spans& a, const Spans& b);
Spans either(const Spans& a, const Spans& b);
/// What is in `a` and not in `b`.
Spans without(const Spans& a, const Spans& b);

}  // namespace tocsin::oncall
