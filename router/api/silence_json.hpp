// A silence as JSON, and what a request to set one asks. Pure.
#pragma once

#include <span>
#include <string>

#include "router/api/request_body.hpp"
#include "router/core/control.hpp"

namespace tocsin::api {

inline constexpr std::string_view kActive = "active", kPending = "pending", kEnded = "ended";

/// active, pending (it has not begun) or ended.
std::string_view state_of(const control::Silence& silence, WallTime now);

std::string silence_json(const control::Silence& silence, WallTime now);
/// {"silences":[…]}, as they come.
std::string silences_json(std::span<const control::Silence> silences, WallTime now);

/// What `body` asks, on the basis of `before` when it changes that one: what is left out stays. It
/// has an end, always, and says why. Errors: invalid, naming the field.
Result<control::Silence> silence_asked(const ChangeBody& body, const control::Silence* before,
                                       const std::string& by, WallTime now);

/// The fields that such a body may have.
inline constexpr std::string_view kSilenceFields[] = {"matchers", "for", "starts_at",
                                                      "ends_at",  "why", "id"};

}  // namespace tocsin::api
