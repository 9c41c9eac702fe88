// Who is on call, rotas and their overrides, as JSON. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "router/api/contacts.hpp"
#include "router/api/oncall_view.hpp"
#include "router/core/control.hpp"

namespace tocsin::api {

/// So far ahead a gap is looked for.
inline constexpr Duration kLookAhead = std::chrono::hours(24 * 14);

/// {"at":…,"rotas":[…]}: of each rota who is on call at that moment, who comes next, and its first
/// gap within kLookAhead that its own hours do not explain. Of one team, unless that is empty.
/// `strict`: only who has a verified contact is reachable.
std::string oncall_json(const OnCallView& view, const ContactBook& book, std::string_view team,
                        bool strict, WallTime at);

/// A rota with its shifts from `from` until `until`. `links`: what is put beside it, such as
/// "ical_url".
struct RotaQuery {
  WallTime from{}, until{}, now{};
  std::string ical_url;  // empty: none
};
std::string rota_json(const OnCallView& view, const ContactBook& book, const oncall::Rota& rota,
                      std::span<const control::RotaOverride> made, const RotaQuery& query);

/// active, pending (it has not begun) or ended.
std::string_view state_of(const control::RotaOverride& made, WallTime now);
std::string override_json(const control::RotaOverride& made, WallTime now);
/// {"overrides":[…]}, as they come.
std::string overrides_json(std::span<const control::RotaOverride> made, WallTime now);

}  // namespace tocsin::api
