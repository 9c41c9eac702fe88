// The page behind a page's link, as HTML that a phone shows at 3 a.m.: what it is, whom it hurts,
// and one button. Pure.
#pragma once

#include <string>

#include "router/core/http.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::api {

/// The incident, with the button while it can be acknowledged. Everything in an alert is hostile:
/// it is escaped, links are http(s) only, and the page allows no script.
HttpResponse page_view(const engine::IncidentView& view, const std::string& person);

/// The same frame with one sentence, for links that do not work.
HttpResponse page_sentence(int status, const std::string& sentence);

}  // namespace tocsin::api
