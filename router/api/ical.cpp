#include "router/api/ical.hpp"

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

/// Of a line, without its end.
constexpr std::size_t kMostOctets = 75;
constexpr std::size_t kMostTextBytes = 4u << 10;

// "20261122T015243Z"
std::string utc(WallTime time) {
  constexpr std::size_t kToSeconds = 19;
  std::string text;
  for (const char c : format_rfc3339(time).substr(0, kToSeconds))
    if (c != '-' && c != ':') text += c;
  return text + "Z";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : cut(plain_lines(text), kMostTextBytes)) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

class Lines {
 public:
  // Folded between two characters, each further line with a blank before it.
  void add(std::string_view name, std::string_view value) {
    const std::string line = std::string(name) + ":" + std::string(value);
    std::size_t octets = 0;
    for (std::string_view rest = line; !rest.empty();) {
      const std::size_t length = first_character(rest).length;
      if (octets + length > kMostOctets) {
        text_ += "\r\n ";
        octets = 1;
      }
      text_.append(rest.substr(0, length));
      octets += length;
      rest.remove_prefix(length);
    }
    text_ += "\r\n";
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string ical(const Calendar& calendar, WallTime now) {
  Lines lines;
  lines.add("BEGIN", "VCALENDAR");
  lines.add("VERSION", "2.0");
  lines.add("PRODID", "-//tocsin//on call//EN");
  lines.add("CALSCALE", "GREGORIAN");
  lines.add("METHOD", "PUBLISH");
  lines.add("X-WR-CALNAME", escaped(calendar.name));
  if (!calendar.time_zone.empty()) lines.add("X-WR-TIMEZONE", escaped(calendar.time_zone));
  // How soon a reader is to ask again, in both of its spellings.
  lines.add("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
  lines.add("X-PUBLISHED-TTL", "PT1H");
  for (const CalendarEvent& event : calendar.events) {
    lines.add("BEGIN", "VEVENT");
    lines.add("UID", escaped(event.uid));
    lines.add("DTSTAMP", utc(now));
    lines.add("DTSTART", utc(event.from));
    lines.add("DTEND", utc(event.until));
    lines.add("SUMMARY", escaped(event.summary));
    if (!event.description.empty()) lines.add("DESCRIPTION", escaped(event.description));
    lines.add("TRANSP", "TRANSPARENT");  // who is on call may have meetings
    lines.add("END", "VEVENT");
  }
  lines.add("END", "VCALENDAR");
  return std::move(lines).take();
}

}  // namespace tocsin::api
