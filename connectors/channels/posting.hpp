// What channels have in common that are one HTTP request to a provider: composing it is pure, and
// so is judging its answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/wire/http_client.hpp"

namespace tocsin::connectors::channels {

using Compose = std::function<wire::OutgoingRequest(const Notification&)>;
using Judge = std::function<Attempt(const Result<wire::Answer>&, const Notification&)>;

/// By its status, as wire::to_attempt() has it.
Attempt by_status(const Result<wire::Answer>& answer, const Notification& notification);

/// `secrets`: an answer that repeats one of them, or a part of the URL, is not shown.
std::unique_ptr<Channel> posting(std::vector<std::string> secrets, Compose compose,
                                 Judge judge = by_status);

/// A setting that is a URL: as it was given, or `otherwise`; without a slash at its end. Errors:
/// invalid, "channels.NAME.KEY: what is wrong".
Result<std::string> url_setting(const Values& values, const std::string& key,
                                const std::string& otherwise = {});
/// A setting that must be there. Errors: invalid, likewise.
Result<std::string> needed_setting(const Values& values, const std::string& key,
                                   const std::string& what_to_write);

/// A setting that is yes or no; no, if it is not there. Errors: invalid, likewise.
Result<bool> switch_setting(const Values& values, const std::string& key);

/// application/x-www-form-urlencoded, without empty values.
std::string form_of(const std::vector<std::pair<std::string, std::string>>& pairs);
/// "Basic …".
std::string basic_authorization(const std::string& user, const std::string& password);
/// A member of an answer that is a JSON object, as text; empty: there is none. Numbers as written.
std::string member_of(const std::string& json, const std::string& name);

/// For texts that are HTML: & < > as entities.
std::string html_escaped(std::string_view text);

}  // namespace tocsin::connectors::channels
