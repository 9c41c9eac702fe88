#include "router/api/page_link.hpp"

#include <charconv>
#include <optional>

#include "router/api/signed_text.hpp"
#include "router/core/digest.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostLinkBytes = 1'024;

// The purpose keeps this use of the secret apart from any other.
constexpr std::string_view kPage = "page link", kReceipt = "receipt link";

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

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::string seconds_of(WallTime time) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

Error not_ours() {
  return refused("this link is not one of ours, or was cut; open it from the page again");
}

// What was signed for this purpose.
Result<std::string_view> payload_of(std::string_view signed_link, std::string_view purpose,
                                    std::string_view secret) {
  const std::size_t end = signed_link.rfind('.');
  if (signed_link.size() > kMostLinkBytes || end == std::string_view::npos) return not_ours();
  if (!equal_in_constant_time(signature(purpose, signed_link.substr(0, end), secret),
                              signed_link.substr(end + 1)))
    return not_ours();
  return signed_link.substr(0, end);
}

}  // namespace

std::string sign(const PageLink& link, std::string_view secret) {
  std::string payload =
      link.incident.text + "." + base64url(link.person) + "." + seconds_of(link.expires);
  if (!link.message.empty()) payload += "." + link.message.text;
  return payload + "." + signature(kPage, payload, secret);
}

Result<PageLink> verify(std::string_view signed_link, std::string_view secret, WallTime now) {
  TOCSIN_TRY(std::string_view rest, payload_of(signed_link, kPage, secret));
  PageLink link;
  link.incident.text = std::string(take_part(rest));
  link.person = from_base64url(take_part(rest));
  const auto expires = moment_of(take_part(rest));
  if (!expires) return not_ours();
  link.expires = *expires;
  link.message.text = std::string(take_part(rest));
  if (link.expires <= now)
    return refused(
        "this link has expired; the incident is still in the API and on the command line");
  return link;
}

std::string sign(const ReceiptLink& link, std::string_view secret) {
  const std::string payload = link.incident.text + "." + link.message.text + "." +
                              std::to_string(link.attempt) + "." + seconds_of(link.expires);
  return payload + "." + signature(kReceipt, payload, secret);
}

Result<ReceiptLink> verify_receipt(std::string_view signed_link, std::string_view secret,
                                   WallTime now) {
  TOCSIN_TRY(std::string_view rest, payload_of(signed_link, kReceipt, secret));
  ReceiptLink link;
  link.incident.text = std::string(take_part(rest));
  link.message.text = std::string(take_part(rest));
  const auto attempt = number<std::uint32_t>(take_part(rest));
  const auto expires = moment_of(take_part(rest));
  if (!attempt || !expires) return not_ours();
  link.attempt = *attempt;
  link.expires = *expires;
  if (link.expires <= now) return refused("this link has expired");
  return link;
}

}  // namespace tocsin::api
