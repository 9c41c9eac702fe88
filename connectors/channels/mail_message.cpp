#include "connectors/channels/mail_message.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "connectors/channels/message_text.hpp"
#include "connectors/channels/posting.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kMostAddressBytes = 254;
constexpr std::size_t kMostSubjectBytes = 240;
constexpr std::size_t kMostNameBytes = 100;
// 76 columns a line, 75 an encoded word: both the formats' own.
constexpr std::size_t kColumns = 76;
constexpr std::size_t kEncodedWordBytes = 39;  // of text, behind "Subject: "
// With "=_" it can be no line of quoted-printable text.
constexpr std::string_view kBoundary = "=_tocsin";

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// One line for a header; what is not ASCII, or looks encoded, as encoded words.
std::string header_text(std::string_view text) {
  const std::string line = one_line(text);
  if (is_ascii(line) && line.find("=?") == std::string::npos) return line;
  std::string encoded;
  std::string_view left = line;
  while (!left.empty()) {
    std::size_t part = 0;
    while (part < left.size()) {
      const std::size_t next = first_character(left.substr(part)).length;
      if (part + next > kEncodedWordBytes) break;
      part += next;
    }
    encoded +=
        (encoded.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64(left.substr(0, part)) + "?=";
    left.remove_prefix(part);
  }
  return encoded;
}

std::string quoted(std::string_view text) {
  std::string safe = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe + "\"";
}

std::string shown_mailbox(const Mailbox& box) {
  const std::string name = cut(one_line(box.name), kMostNameBytes);
  if (name.empty()) return "<" + box.address + ">";
  return (is_ascii(name) ? quoted(name) : header_text(name)) + " <" + box.address + ">";
}

/// "Sun, 22 Nov 2026 02:04:11 +0000".
std::string date_text(WallTime time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::string text = format_rfc3339(time);  // 2026-11-22T02:04:11.000Z
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " + text.substr(8, 2) +
         " " + kMonths[static_cast<unsigned>(date.month()) - 1] + " " + text.substr(0, 4) + " " +
         text.substr(11, 8) + " +0000";
}

/// What may stand before the @ of an id.
std::string id_text(std::string_view id) {
  std::string safe;
  for (const char c : id) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    safe += fits ? c : '_';
  }
  return safe;
}

/// RFC 2045: every byte that is not plain as =XX, lines of 76.
std::string quoted_printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      encoded += "\r\n";
      column = 0;
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = c >= ' ' && c <= '~' && c != '=' && !(c == ' ' && at_end);
    const std::size_t width = plain ? 1 : 3;
    if (column + width > kColumns - 1) {
      encoded += "=\r\n";
      column = 0;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += plain ? std::string(1, c) : std::string{'=', kDigits[byte >> 4], kDigits[byte & 15]};
    column += width;
  }
  return encoded;
}

/// Besides what every channel shows: mail has room, and is searched.
std::vector<std::string> lines_of(const Notification& n) {
  std::vector<std::string> lines = details(n);
  if (!n.incident.empty()) lines.push_back("Incident: " + one_line(n.incident));
  if (!n.console_url.empty()) lines.push_back("Details: " + one_line(n.console_url));
  return lines;
}

std::string plain_body(const Notification& n) {
  std::string text = headline(n) + "\n\n";
  for (const std::string& line : lines_of(n)) text += line + "\n";
  const Link link = link_of(n);
  if (!n.acknowledge_url.empty()) text += "\n" + link.label + ":\n" + link.url + "\n";
  return text;
}

std::string attribute(std::string_view text) {
  std::string safe;
  for (const char c : html_escaped(text))
    safe += c == '"' ? std::string("&quot;") : std::string(1, c);
  return safe;
}

std::string html_body(const Notification& n) {
  std::string text =
      "<!DOCTYPE html>\n<html><body>\n<p><strong>" + html_escaped(headline(n)) + "</strong></p>\n";
  for (const std::string& line : lines_of(n)) text += "<p>" + html_escaped(line) + "</p>\n";
  const Link link = link_of(n);
  if (!n.acknowledge_url.empty())
    text += "<p><a href=\"" + attribute(link.url) + "\"><strong>" + html_escaped(link.label) +
            "</strong></a></p>\n";
  return text + "</body></html>\n";
}

std::string part(std::string_view type, const std::string& text) {
  return "--" + std::string(kBoundary) + "\r\nContent-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         quoted_printable(text) + "\r\n";
}

}  // namespace

Result<Mailbox> mailbox(std::string_view text) {
  const Error wrong = invalid("write an address such as tocsin@example.com");
  Mailbox box;
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) {
    box.address = text;
  } else {
    if (!text.ends_with('>')) return wrong;
    std::string_view name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    box.name = name;
    box.address = text.substr(open + 1, text.size() - open - 2);
  }
  const std::size_t at = box.address.find('@');
  const bool fits = is_ascii(box.address) && box.address.size() <= kMostAddressBytes &&
                    box.address.find_first_of(" <>()[],;:\\\"") == std::string::npos;
  if (!fits || at == 0 || at == std::string::npos || at + 1 == box.address.size() ||
      box.address.find('@', at + 1) != std::string::npos || box.name != one_line(box.name))
    return wrong;
  return box;
}

std::string mail_message(const Notification& n, const Mailbox& from, const std::string& to) {
  const std::string domain = from.address.substr(from.address.find('@'));
  std::string text = "From: " + shown_mailbox(from) + "\r\nTo: <" + to +
                     ">\r\nSubject: " + header_text(cut(headline(n), kMostSubjectBytes)) +
                     "\r\nDate: " + date_text(n.now) + "\r\nMessage-ID: <" + id_text(n.id.text) +
                     domain + ">\r\n";
  if (!n.incident.empty()) {
    const std::string thread = "<incident-" + id_text(n.incident) + domain + ">";
    text += "In-Reply-To: " + thread + "\r\nReferences: " + thread + "\r\n";
  }
  // Nobody's absence note is an answer to it.
  text += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  if (n.kind == MessageKind::page && n.severity == Severity::critical)
    text += "Importance: high\r\nX-Priority: 1\r\n";
  return text + "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" +
         std::string(kBoundary) + "\"\r\n\r\n" + part("text/plain", plain_body(n)) +
         part("text/html", html_body(n)) + "--" + std::string(kBoundary) + "--\r\n";
}

}  // namespace tocsin::connectors::channels
