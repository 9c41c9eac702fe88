// The page behind a page's link, as HTML that a phone shows at 3 a.m.: what it is, whom it hurts,
// who has it, what was tried, and at most three buttons. Pure.
#pragma once

#include <string>

#include "router/core/http.hpp"
#include "router/engine/owner/node_state.hpp"

namespace tocsin::api {

/// What a button sends as `do`.
inline constexpr std::string_view kAcknowledgeButton = "acknowledge", kApproveButton = "approve",
                                  kEscalateButton = "escalate", kReachedButton = "reached";

/// The incident as `person` sees it at `now`, with a button while it can be acknowledged, one while
/// its hook can be run, and one that passes it on to the next step; `said` is an answer to what was
/// pressed. Everything in an alert is hostile: it is escaped, links are http(s) only, and the page
/// allows no script. A drill is marked first thing, in its title too, and looks otherwise; a page
/// has the buttons of one incident only.
HttpResponse page_view(const engine::IncidentView& view, const std::string& person, WallTime now,
                       const std::string& said = {});

/// Behind the link of a contact's test: what it is, and one button.
HttpResponse contact_view(const Contact& contact);

/// The same frame with one sentence, for links that do not work.
HttpResponse page_sentence(int status, const std::string& sentence);

}  // namespace tocsin::api
