// Buttons below a Mattermost message, and what Mattermost posts when somebody presses one. Pure.
//
// https://developers.mattermost.com/integrate/plugins/interactive-messages/: `integration` of an
// action has the `url` that the server posts to and the `context` that it brings back; the answer
// is JSON: `update` stands in the message's place, `ephemeral_text` is seen by whoever pressed.
// Nothing is signed: what `context` has, and no client ever sees, shows that it was tocsin's. Not
// brought back is the message's text, which is why `context` has that as well.
#pragma once

#include <string>
#include <vector>

#include "connectors/ear.hpp"

namespace tocsin::connectors::channels {

/// A list of attachments with these buttons, or without any. `text`: that the message has.
std::string mattermost_buttons(const std::vector<Wish>& wishes, const std::string& press,
                               const std::string& url, const std::string& text);

/// So much of a message's text stays when it is updated.
inline constexpr std::size_t kMostKeptBytes = 1'500;

extern const Ear kMattermostEar;

}  // namespace tocsin::connectors::channels
