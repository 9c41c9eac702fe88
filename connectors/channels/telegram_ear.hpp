// Buttons below a Telegram message: their keyboard, and what Telegram posts when somebody presses
// one. Pure.
//
// https://core.telegram.org/bots/api#setwebhook: an update as JSON, with the secret that was given
// to setWebhook as X-Telegram-Bot-Api-Secret-Token; a call of the API may be the answer.
// https://core.telegram.org/bots/api#callbackquery: `data`, up to 64 bytes, is what the button has;
// answerCallbackQuery shows up to 200 characters to whoever pressed it; the message may be too old
// to be sent along.
#pragma once

#include <string>
#include <vector>

#include "connectors/ear.hpp"

namespace tocsin::connectors::channels {

/// Rows of the keyboard, with commas between: two buttons in each.
std::string telegram_buttons(const std::vector<Wish>& wishes, const std::string& press);

extern const Ear kTelegramEar;

}  // namespace tocsin::connectors::channels
