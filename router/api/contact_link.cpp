#include "router/api/contact_link.hpp"

#include "router/api/signed_text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostLinkBytes = 512;
constexpr std::string_view kPurpose = "contact test";

std::string_view take_part(std::string_view& rest) {
  const std::size_t dot = rest.find('.');
  const std::string_view part = rest.substr(0, dot);
  rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  return part;
}

}  // namespace

std::string sign(const ContactLink& link, std::string_view secret) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(link.expires.time_since_epoch()).count();
  const std::string payload =
      link.notice.text + "." + link.message.text + "." + std::to_string(seconds);
  return payload + "." + signature(kPurpose, payload, secret);
}

Result<ContactLink> verify_contact(std::string_view signed_link, std::string_view secret,
                                   WallTime now) {
  const Error wrong =
      refused("this link is not one of ours, or was cut; open it from the message again");
  const std::size_t end = signed_link.rfind('.');
  if (signed_link.size() > kMostLinkBytes || end == std::string_view::npos) return wrong;
  std::string_view rest = signed_link.substr(0, end);
  if (!is_signed(signed_link.substr(end + 1), kPurpose, rest, secret)) return wrong;
  ContactLink link;
  link.notice.text = std::string(take_part(rest));
  link.message.text = std::string(take_part(rest));
  const auto expires = moment_of(rest);
  if (!expires) return wrong;
  link.expires = *expires;
  if (link.expires <= now) return refused("this test is over; ask for another one");
  return link;
}

}  // namespace tocsin::api
