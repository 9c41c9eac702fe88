#include "connectors/channels/mail_message.hpp"

#include <algorithm>
#include <array>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kMostSubjectBytes = 200;
constexpr std::size_t kMostTextBytes = 20'000;
constexpr std::size_t kBase64Line = 76;
constexpr std::size_t kMostAddressBytes = 254;
constexpr std::string_view kLine = "\r\n";

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// RFC 2047, a word of up to 45 bytes each, cut between characters.
std::string header_text(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  constexpr std::size_t kMostWordBytes = 45;
  std::string encoded;
  while (!text.empty()) {
    std::size_t taken = 0;
    while (taken < text.size()) {
      const std::size_t length = first_character(text.substr(taken)).length;
      if (taken + length > kMostWordBytes) break;
      taken += length;
    }
    encoded +=
        (encoded.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(text.substr(0, taken)) + "?=");
    text.remove_prefix(taken);
  }
  return encoded;
}

std::string body_part(const std::string& type, std::string_view text) {
  std::string part =
      "Content-Type: " + type + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string encoded = base64(text);
  for (std::size_t at = 0; at < encoded.size(); at += kBase64Line)
    part += encoded.substr(at, kBase64Line) + std::string(kLine);
  return part;
}

// "Sun, 22 Nov 2026 01:52:43 +0000"
std::string date_of(WallTime time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::string clock = format_rfc3339(time).substr(11, 8);
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(date.day())) + " " +
         kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
         std::to_string(static_cast<int>(date.year())) + " " + clock + " +0000";
}

std::string html_of(const Notification& n) {
  std::string html = "<p><b>" + html_escaped(headline(n)) + "</b></p>\r\n<p>";
  for (const std::string& line : details(n)) html += html_escaped(line) + "<br>\r\n";
  html += "</p>\r\n";
  if (const Link link = link_of(n); !link.url.empty()) {
    std::string url = html_escaped(link.url);
    for (std::size_t i = 0; (i = url.find('"', i)) != std::string::npos; i += 6)
      url.replace(i, 1, "&quot;");
    html += "<p><a href=\"" + url + "\">" + html_escaped(link.label) + "</a></p>\r\n";
  }
  return html;
}

std::string id_of(std::string_view what, std::string_view from) {
  return "<" + std::string(what) + "@" + std::string(from.substr(from.find('@') + 1)) + ">";
}

}  // namespace

bool is_mail_address(std::string_view text) {
  return text.size() <= kMostAddressBytes && is_ascii(text) &&
         text.find_first_of(" <>,;\"\\") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '@') == 1 && text.front() != '@' &&
         text.back() != '@';
}

std::string mail_message(const Notification& n, const std::string& from) {
  const std::string boundary = "tocsin-" + hex(sha256(n.id.text)).substr(0, 24);
  std::string mail;
  const auto header = [&](const std::string& name, const std::string& value) {
    mail += name + ": " + value + std::string(kLine);
  };
  header("From", "tocsin <" + from + ">");
  header("To", "<" + n.contact.address + ">");
  header("Subject", header_text(cut(headline(n), kMostSubjectBytes)));
  header("Date", date_of(n.now));
  header("Message-ID", id_of(n.id.text, from));
  if (!n.incident.empty()) {
    const std::string thread = id_of("incident-" + n.incident, from);
    header("In-Reply-To", thread);
    header("References", thread);
  }
  header("Auto-Submitted", "auto-generated");
  if (n.kind == MessageKind::page && n.severity == Severity::critical) header("X-Priority", "1");
  header("MIME-Version", "1.0");
  header("Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
  mail += kLine;
  mail += "--" + boundary + "\r\n" + body_part("text/plain", message_text(n, kMostTextBytes));
  mail += "--" + boundary + "\r\n" + body_part("text/html", html_of(n));
  return mail + "--" + boundary + "--\r\n";
}

}  // namespace tocsin::connectors::channels
