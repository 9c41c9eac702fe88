#include "router/api/press_token.hpp"

#include <charconv>

#include "connectors/channel.hpp"
#include "router/api/signed_text.hpp"

namespace tocsin::api {
namespace {

constexpr std::string_view kPurpose = "button";

}  // namespace

std::string sign_press(const IncidentId& incident, WallTime expires, std::string_view secret) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(expires.time_since_epoch()).count();
  const std::string payload = incident.text + "." + std::to_string(seconds);
  return payload + "." + signature(kPurpose, payload, secret);
}

Result<IncidentId> verify_press(std::string_view token, std::string_view secret, WallTime now) {
  const Error wrong = invalid("this button is not one of ours");
  const std::size_t end = token.rfind('.');
  if (token.size() > connectors::kMostPressBytes || end == std::string_view::npos) return wrong;
  const std::string_view payload = token.substr(0, end);
  if (!is_signed(token.substr(end + 1), kPurpose, payload, secret)) return wrong;
  const std::size_t dot = payload.find('.');
  if (dot == std::string_view::npos) return wrong;
  std::int64_t seconds = 0;
  const std::string_view until = payload.substr(dot + 1);
  if (std::from_chars(until.data(), until.data() + until.size(), seconds).ec != std::errc())
    return wrong;
  if (WallTime(std::chrono::seconds(seconds)) <= now)
    return refused(
        "This button has expired; the incident is still in the API and on the command "
        "line.");
  return IncidentId{std::string(payload.substr(0, dot))};
}

}  // namespace tocsin::api
