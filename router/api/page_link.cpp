#include "router/api/page_link.hpp"

#include <charconv>

#include "router/core/digest.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostLinkBytes = 1'024;
constexpr std::size_t kSignatureBytes = 20;

std::string signature(std::string_view payload, std::string_view secret) {
  // The prefix keeps this use of the secret apart from any other.
  const Sha256 mac = hmac_sha256(secret, "page link\n" + std::string(payload));
  return base64url({reinterpret_cast<const char*>(mac.data()), kSignatureBytes});
}

std::string from_base64url(std::string_view text) {
  std::string padded(text);
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  auto bytes = from_base64(padded);
  return bytes ? *bytes : std::string();
}

std::string_view take_part(std::string_view& rest) {
  const std::size_t dot = rest.find('.');
  const std::string_view part = rest.substr(0, dot);
  rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  return part;
}

}  // namespace

std::string sign(const PageLink& link, std::string_view secret) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(link.expires.time_since_epoch()).count();
  const std::string payload =
      link.incident.text + "." + base64url(link.person) + "." + std::to_string(seconds);
  return payload + "." + signature(payload, secret);
}

Result<PageLink> verify(std::string_view signed_link, std::string_view secret, WallTime now) {
  const Error wrong =
      refused("this link is not one of ours, or was cut; open it from the page again");
  const std::size_t end = signed_link.rfind('.');
  if (signed_link.size() > kMostLinkBytes || end == std::string_view::npos) return wrong;
  if (!equal_in_constant_time(signature(signed_link.substr(0, end), secret),
                              signed_link.substr(end + 1)))
    return wrong;
  std::string_view rest = signed_link.substr(0, end);
  PageLink link;
  link.incident.text = std::string(take_part(rest));
  link.person = from_base64url(take_part(rest));
  std::int64_t seconds = 0;
  const std::string_view expires = take_part(rest);
  if (std::from_chars(expires.data(), expires.data() + expires.size(), seconds).ec != std::errc())
    return wrong;
  link.expires = WallTime(std::chrono::seconds(seconds));
  if (link.expires <= now)
    return refused(
        "this link has expired; the incident is still in the API and on the command line");
  return link;
}

}  // namespace tocsin::api
