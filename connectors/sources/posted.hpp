// A request as the tree that it holds, whichever way the sender packed it, and what sources of one
// alert a request have in common. Pure.
#pragma once

#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// How long an alert holds after it was last sent, for senders that do not say: where its end is
/// sent, which may be lost, and where no end is ever sent.
inline constexpr Duration kHoldsUntilResolved = std::chrono::hours(24 * 7);
inline constexpr Duration kHoldsUnresolved = std::chrono::hours(24);

/// The setting of those that never send an end.
inline constexpr Field kLastsField{
    .key = "lasts",
    .meaning =
        "an alert lasts for so long after it was last sent, 1m to 30d; 24h if it is left out",
    .example = "2h"};
/// What it says; kHoldsUnresolved for what is no such duration: no page is lost for a setting.
Duration lasts(const SourceContext& context);
/// SourceSpec::check of whoever has kLastsField.
std::vector<std::string> check_lasts(const Values& settings);

/// The body or, if it is empty, the query without `key`. Content-Type is asked for a boundary only.
/// - JSON, put right where that is easy; an object of texts with bare quotes in them is read as
/// flat
///   members.
/// - A form or multipart/form-data, as an object of texts; its field `payload` or `data` counts for
///   the whole if that is JSON.
/// Errors: invalid, when it is neither.
Result<Json> posted(const HttpRequest& request);

/// The alert alone, or why it is none.
Parsed one_alert(const Draft& draft, WallTime received);

/// Whether `signature` is the hexadecimal HMAC-SHA256 of the body.
bool is_signed(std::string_view secret, std::string_view body, std::string_view signature);

/// Names that become labels: each text, number or boolean of the object, by its name as a label's.
/// At most `most` of them; the source's own, added later, win.
void add_labels(Draft& draft, const Json& members, std::size_t most);
inline constexpr std::size_t kMostLabelsTaken = 24;

/// Percent-encoded, for the path or the query of a link.
std::string encoded(std::string_view text);

/// What stands between the first `from` and the next of `until`, or the end; empty without `from`.
std::string between(std::string_view text, std::string_view from, std::string_view until);

}  // namespace tocsin::connectors::sources
