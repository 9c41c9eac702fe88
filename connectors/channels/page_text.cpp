#include "connectors/channels/page_text.hpp"

#include <algorithm>
#include <vector>

#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kColumns = 78;
constexpr std::size_t kNameColumn = 10;
constexpr std::size_t kMostLabelsShown = 12;
constexpr std::size_t kMostLabelBytes = 120;
constexpr std::size_t kMostTitleBytes = 300;
constexpr std::size_t kMostParagraphBytes = 1200;

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

/// Broken at blanks; a word that is longer than a line stays whole, so that a link can be copied.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > columns)
      lines.push_back(std::exchange(line, {}));
    line.append(line.empty() ? "" : " ").append(word);
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

/// The lines between the two rules. The right side stays open: nobody knows how wide a terminal
/// draws an emoji.
class Block {
 public:
  void rule(std::string_view corner, const std::string& heading) {
    std::string line = std::string(corner) + "─";
    if (!heading.empty()) line += " " + heading + " ";
    for (std::size_t at = columns_of(line); at < kColumns; ++at) line += "─";
    text_ += line + "\n";
  }
  /// The box's first line, and before it, in a drill, what must be read before all else.
  void begin(const Notification& n, const std::string& heading) {
    const std::string mark = one_line(n.mark);
    if (!mark.empty()) text_ += mark + "\n";
    rule("┌", mark.empty() ? heading : mark + " " + heading);
    paragraph(n.not_the_drill, kMostParagraphBytes);
  }
  void blank() { text_ += "│\n"; }
  void line(const std::string& text) { text_ += "│ " + text + "\n"; }
  void paragraph(std::string_view text, std::size_t most) {
    for (const std::string& part : wrapped(cut(one_line(text), most), kColumns - 2)) line(part);
  }
  void named(std::string_view name, std::string_view text) {
    std::string lead(name);
    for (const std::string& part :
         wrapped(cut(one_line(text), kMostParagraphBytes), kColumns - 2 - kNameColumn)) {
      lead.resize(kNameColumn, ' ');
      line(lead + part);
      lead.clear();
    }
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// "2026-11-22 01:51:51 UTC, 12m ago".
std::string when(WallTime since, WallTime now) {
  std::string text = format_rfc3339(since).substr(0, 19);
  text[10] = ' ';
  text += " UTC";
  const auto whole = std::chrono::floor<std::chrono::seconds>(now - since);
  if (whole >= std::chrono::seconds(1)) text += ", " + format_duration(whole) + " ago";
  return text;
}

std::string owner(const Notification& n) {
  if (n.service.empty()) return n.team.empty() ? "" : "team " + n.team;
  return n.team.empty() ? n.service : n.service + " (team " + n.team + ")";
}

std::string labels_of(const Fields& labels) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [name, value] : labels) {
    if (shown == kMostLabelsShown) break;
    ++shown;
    const std::string pair = std::string(name) + "=" + std::string(value);
    text += (text.empty() ? "" : ", ") + cut(one_line(pair), kMostLabelBytes);
  }
  if (shown < labels.size()) text += ", and " + std::to_string(labels.size() - shown) + " more";
  return text;
}

std::string recipient(const Contact& contact) {
  if (contact.person.empty()) return {};
  return contact.address.empty() ? contact.person.str()
                                 : contact.person + " (" + contact.address + ")";
}

std::string resolved_text(const Notification& n) {
  Block block;
  block.begin(n, "RESOLVED");
  block.paragraph(n.title, kMostTitleBytes);
  block.named("service", owner(n));
  block.named("since", when(n.opened_at, n.now));
  block.named("incident", n.incident);
  block.named("details", n.console_url);
  block.rule("└", {});
  return std::move(block).text();
}

std::string paused_text(const Notification& n) {
  Block block;
  block.begin(n, "DRILL PAUSED");
  block.paragraph(n.why, kMostParagraphBytes);
  block.blank();
  block.named("drill", n.title);
  block.named("service", owner(n));
  block.named("since", when(n.opened_at, n.now));
  block.named("incident", n.incident);
  block.named("details", n.console_url);
  block.rule("└", {});
  return std::move(block).text();
}

// What is said to a room and asks nobody to get up.
std::string room_text(const Notification& n, std::string_view heading, std::string_view says) {
  Block block;
  block.begin(n, std::string(heading));
  block.paragraph(n.title, kMostTitleBytes);
  block.paragraph(std::string(says), kMostParagraphBytes);
  block.blank();
  block.named("manual", n.manual_url);
  block.named("service", owner(n));
  block.named("why", n.why);
  block.named("since", when(n.opened_at, n.now));
  block.named("labels", labels_of(n.labels));
  block.named("incident", n.incident);
  block.rule("└", {});
  return std::move(block).text();
}

// "2026-11-20 01:52 to 02:10 UTC", the day twice only where it is another one.
std::string between(WallTime opened, WallTime ended) {
  constexpr std::size_t kMinutes = 16, kDay = 10;
  std::string from = format_rfc3339(opened).substr(0, kMinutes);
  std::string to = format_rfc3339(ended).substr(0, kMinutes);
  from[kDay] = to[kDay] = ' ';
  if (from.substr(0, kDay) == to.substr(0, kDay)) to.erase(0, kDay + 1);
  return from + " to " + to + " UTC";
}

std::string digest_text(const Notification& n) {
  Block block;
  block.begin(n, "DIGEST");
  block.paragraph(n.title, kMostTitleBytes);
  block.paragraph(n.why, kMostParagraphBytes);
  for (const Passed& passed : n.passed) {
    block.blank();
    block.paragraph(passed.title, kMostTitleBytes);
    block.paragraph(between(passed.opened_at, passed.ended_at) + ", incident " + passed.incident,
                    kMostTitleBytes);
  }
  block.blank();
  if (n.passed_in_all > n.passed.size())
    block.line("and " + std::to_string(n.passed_in_all - n.passed.size()) + " more");
  block.named("team", n.team);
  block.named("details", n.console_url);
  block.rule("└", {});
  return std::move(block).text();
}

// Many at once: the gravest with a link each, since they are acknowledged one by one.
std::string bundle_text(const Notification& n) {
  const bool over = n.kind == MessageKind::resolved_bundle;
  Block block;
  block.begin(n, std::string(over ? "RESOLVED" : "PAGE") + " · " +
                     std::to_string(n.bundled_in_all) + " AT ONCE");
  block.paragraph(n.title, kMostTitleBytes);
  block.paragraph(n.why, kMostParagraphBytes);
  for (const Bundled& each : n.bundled) {
    block.blank();
    block.paragraph(over ? each.title : upper(to_string(each.severity)) + " · " + each.title,
                    kMostTitleBytes);
    block.named("incident", each.incident);
    block.named("since", when(each.opened_at, n.now));
    if (!each.acknowledge_url.empty()) block.line(one_line(each.acknowledge_url));
  }
  block.blank();
  if (n.bundled_in_all > n.bundled.size())
    block.line("and " + std::to_string(n.bundled_in_all - n.bundled.size()) + " more");
  block.named("to", recipient(n.contact));
  block.named("details", n.console_url);
  block.rule("└", {});
  return std::move(block).text();
}

std::string notice_text(const Notification& n) {
  Block block;
  block.begin(n, n.kind == MessageKind::contact_test ? "TEST" : "ON CALL");
  block.paragraph(n.title, kMostTitleBytes);
  block.paragraph(n.why, kMostParagraphBytes);
  block.blank();
  block.named("to", recipient(n.contact));
  block.named("team", n.team);
  if (!n.acknowledge_url.empty()) {
    block.blank();
    block.line("It reached me:");
    block.line(one_line(n.acknowledge_url));
  }
  block.rule("└", {});
  return std::move(block).text();
}

std::string runbook_of(const Notification& n) {
  return n.runbook_title.empty() ? n.runbook_url : n.runbook_title + ": " + n.runbook_url;
}

}  // namespace

std::string page_text(const Notification& n) {
  if (n.kind == MessageKind::resolved) return resolved_text(n);
  if (n.kind == MessageKind::digest) return digest_text(n);
  if (is_of_notice(n.kind)) return notice_text(n);
  if (n.kind == MessageKind::drill_paused) return paused_text(n);
  if (is_bundle(n.kind)) return bundle_text(n);
  if (n.kind == MessageKind::advice)
    return room_text(n, "ADVICE", "The manual answers this; nobody was woken.");
  if (n.kind == MessageKind::no_procedure)
    return room_text(n, "NO PROCEDURE",
                     "Somebody is paged for this, and nobody has written a runbook for it.");
  Block block;
  block.begin(n, "PAGE · " + upper(to_string(n.severity)));
  block.paragraph(n.title, kMostTitleBytes);
  if (!n.impact.empty()) block.paragraph(n.impact, kMostParagraphBytes);
  block.blank();
  for (const std::string& tried : n.tried) block.named("tried", tried);
  block.named("runbook", runbook_of(n));
  if (one_line(n.summary) != one_line(n.title)) block.named("says", n.summary);
  block.named("service", owner(n));
  block.named("to", recipient(n.contact));
  block.named("why", n.why);
  block.named("since", when(n.opened_at, n.now));
  if (n.alerts > 1) block.named("alerts", std::to_string(n.alerts) + " in this incident");
  block.named("labels", labels_of(n.labels));
  block.named("incident", n.incident);
  block.named("details", n.console_url);
  if (!n.acknowledge_url.empty()) {
    block.blank();
    block.line("Acknowledge:");
    block.line(one_line(n.acknowledge_url));
  }
  block.rule("└", {});
  return std::move(block).text();
}

}  // namespace tocsin::connectors::channels
