// Buttons in a Slack message: their blocks, and what Slack posts when somebody presses one. Pure.
//
// https://docs.slack.dev/reference/block-kit/blocks/actions-block and
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: a form whose
// `payload` is JSON with the user, the action, the message as it is and a `response_url`, to which
// for half an hour can be posted what stands in the message's place, or what that user alone sees.
// It wants its answer within three seconds. Signed with the app's signing secret.
#pragma once

#include <string>
#include <vector>

#include "connectors/ear.hpp"

namespace tocsin::connectors::channels {

/// The elements of a block of actions, with commas between.
std::string slack_buttons(const std::vector<Wish>& wishes, const std::string& press);

extern const Ear kSlackEar;

}  // namespace tocsin::connectors::channels
