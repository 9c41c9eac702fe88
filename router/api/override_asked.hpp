// What a request to override a rota asks. Pure.
#pragma once

#include <string>

#include "router/api/oncall_view.hpp"
#include "router/api/request_body.hpp"
#include "router/core/control.hpp"

namespace tocsin::api {

/// A time with an offset, or one without in this zone: of a repeated hour the first, or the last as
/// the end of something. Errors: invalid, naming the field.
Result<WallTime> time_asked(std::string_view text, std::string_view field, const Zone& zone,
                            bool is_end = false);

/// Without its id. Errors: invalid, naming the field and what to write.
Result<control::RotaOverride> override_asked(const ChangeBody& body, const OnCallView& view,
                                             const oncall::Rota& rota, const std::string& by,
                                             WallTime now);

/// The fields that such a body may have.
inline constexpr std::string_view kOverrideFields[] = {"person", "from", "until", "for", "why"};

inline constexpr std::size_t kMostOverrideWhyBytes = 1u << 10;
/// It begins at most so long ago: whoever took over an hour ago may say so.
inline constexpr Duration kEarliestOverride = std::chrono::hours(24);
inline constexpr Duration kLatestOverride = std::chrono::hours(24 * 366);

}  // namespace tocsin::api
