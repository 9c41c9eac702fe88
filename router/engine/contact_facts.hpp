// How tests of contacts, and what they have shown, are kept among the facts. By facts.cpp.
#pragma once

#include "router/engine/facts.hpp"

namespace tocsin::engine {

/// Errors: refused, when one was asked for a moment ago.
Status keep_contact_test(Facts& facts, const control::ContactTest& said, const Fact& fact);

/// The latest of a contact counts.
Status keep_proof(Facts& facts, const control::ContactProved& said, const Fact& fact);

}  // namespace tocsin::engine
