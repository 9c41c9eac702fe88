#include "connectors/channels/posting.hpp"

#include <nlohmann/json.hpp>

#include "connectors/wire/signed_endpoint.hpp"
#include "router/core/digest.hpp"

namespace tocsin::connectors::channels {
namespace {

class Posting final : public Channel {
 public:
  Posting(std::vector<std::string> secrets, Compose compose, Judge judge)
      : secrets_(std::move(secrets)), compose_(std::move(compose)), judge_(std::move(judge)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    const wire::OutgoingRequest request = compose_(notification);
    const Result<wire::Answer> answer = wire::send(request, budget);
    Attempt said = judge_(answer, notification);
    // Of what was accepted no text is shown, and the provider's id of it may stand beside a word of
    // the URL.
    if (!answer || said.outcome == AttemptOutcome::accepted) return said;
    if (wire::tells(*answer, secrets_) || wire::tells(*answer, wire::likely_secrets(request.url)))
      said.detail = "HTTP " + std::to_string(answer->status) + ": " + std::string(wire::kNotShown);
    return said;
  }

 private:
  std::vector<std::string> secrets_;
  Compose compose_;
  Judge judge_;
};

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      encoded += c;
    else
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

}  // namespace

Attempt by_status(const Result<wire::Answer>& answer, const Notification&) {
  return wire::to_attempt(answer);
}

std::unique_ptr<Channel> posting(std::vector<std::string> secrets, Compose compose, Judge judge) {
  return std::make_unique<Posting>(std::move(secrets), std::move(compose), std::move(judge));
}

Result<std::string> url_setting(const Values& values, const std::string& key,
                                const std::string& otherwise) {
  std::string url = values.get(key);
  if (url.empty()) url = otherwise;
  if (const Status checked = wire::check_url(url); !checked)
    return invalid("channels." + values.name + "." + key + ": " + checked.error().message);
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<std::string> needed_setting(const Values& values, const std::string& key,
                                   const std::string& what_to_write) {
  std::string value = values.get(key);
  if (value.empty())
    return invalid("channels." + values.name + "." + key + ": missing; " + what_to_write);
  return value;
}

Result<bool> switch_setting(const Values& values, const std::string& key) {
  const std::string word = values.get(key);
  if (word == "yes" || word == "true") return true;
  if (word.empty() || word == "no" || word == "false") return false;
  return invalid("channels." + values.name + "." + key + ": write yes or no");
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs)
    if (!value.empty())
      form += (form.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return form;
}

std::string basic_authorization(const std::string& user, const std::string& password) {
  return "Basic " + base64(user + ":" + password);
}

std::string member_of(const std::string& text, const std::string& name) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains(name) || json.at(name).is_null()) return {};
  const auto& member = json.at(name);
  return member.is_string() ? member.get<std::string>()
                            : member.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string html_escaped(std::string_view text) {
  std::string safe;
  for (const char c : text)
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else
      safe += c;
  return safe;
}

}  // namespace tocsin::connectors::channels
