// A notification in a few plain lines, for every channel that shows text: a chat, a push, a text
// message.
//
//   [GAMEDAY payments-staging] CRITICAL: HighErrorRate: checkout     headline: how bad, what
//   Customers cannot pay                                             details: whom it hurts,
//   Runbook: …                                                       what to do, why you
//   https://…/p/…                                                    the link, last and never cut
#pragma once

#include <string>
#include <vector>

#include "connectors/channel.hpp"

namespace tocsin::connectors::channels {

/// One line: in a drill its mark first, in earnest beside a drill that it is not that; then the
/// kind of message or how grave it is, and the title.
std::string headline(const Notification& notification);
/// What comes below it, a line each, without the link: the template's, if there is one. May be
/// empty.
std::vector<std::string> details(const Notification& notification);

/// Where to press, and what: to acknowledge, to say that it arrived, to look at it.
struct Link {
  std::string label;
  std::string url;  // empty: there is nothing to press
};
Link link_of(const Notification& notification);

/// All of it, `most` bytes at the most: details go first when it is too long, the headline is cut
/// next, the link never.
std::string message_text(const Notification& notification, std::size_t most);
/// The same for a provider that reads Markdown: what alerts say is shown as it is, links stay
/// links, and "@channel" calls nobody.
std::string markdown_text(const Notification& notification, std::size_t most);

/// The emoji-free word for it: "CRITICAL", "RESOLVED", "DRILL PAUSED".
std::string word_of(const Notification& notification);

}  // namespace tocsin::connectors::channels
