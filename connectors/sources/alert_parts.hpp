// What several sources make of the free parts of a payload: details, keys, links, words for a
// state. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// Whether a detail of this name says which thing is meant, as host, service or team do, so that
/// rules can match it; any case.
bool identifies(std::string_view name);

/// The members of an object: those that identify become labels, in lower case, the others
/// annotations by their own names; objects and lists as JSON. Of text: the annotation `details`.
/// Before the source's own labels, which win.
void add_details(Draft& draft, const Json& details);

/// "service:checkout" or "service=checkout": a label, if its name identifies.
void add_tag(Draft& draft, std::string_view tag);

/// In the form of a UUID, for an alert that its sender gave none: the same for the same request
/// only, so that a second one like it is another alert.
std::string made_up_key(const HttpRequest& request, const SourceContext& context);

/// A link as it is, or below `base` where it is relative.
std::string absolute_url(std::string_view url, std::string_view base);

/// ASCII only.
std::string lower(std::string_view text);
std::string_view first_line(std::string_view text);  // without blanks at either end

/// What senders call a state.
enum class State { firing, resolved, acknowledged, unknown };
State state_of(std::string_view word);  // any case; unknown: none of the words that are in use

}  // namespace tocsin::connectors::sources
