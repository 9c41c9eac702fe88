#include "connectors/channels/message_text.hpp"

#include <algorithm>

#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kMostTitleBytes = 300;
constexpr std::size_t kMostLineBytes = 600;
constexpr std::size_t kMostLabelsShown = 8;

std::string bare_title(const Notification& n) {
  std::string title = one_line(n.title);
  const std::string mark = one_line(n.mark);
  if (!mark.empty() && title.starts_with(mark)) title.erase(0, mark.size());
  const std::size_t begin = std::min(title.find_first_not_of(' '), title.size());
  return cut(std::string_view(title).substr(begin), kMostTitleBytes);
}

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string minute_of(WallTime time) {
  constexpr std::size_t kDay = 10, kMinute = 16;
  std::string text = format_rfc3339(time).substr(0, kMinute);
  text[kDay] = ' ';
  return text + " UTC";
}

class Lines {
 public:
  void add(std::string_view text) {
    if (const std::string line = cut(one_line(text), kMostLineBytes); !line.empty())
      lines_.push_back(line);
  }
  void named(const std::string& name, std::string_view text) {
    if (!text.empty()) add(name + ": " + std::string(text));
  }
  std::vector<std::string> take() && { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

std::string labels_of(const Fields& labels) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [name, value] : labels) {
    if (shown++ == kMostLabelsShown) break;
    text += (text.empty() ? "" : ", ") + std::string(name) + "=" + std::string(value);
  }
  return text;
}

void add_incident(const Notification& n, Lines& lines) {
  lines.add(n.impact);
  for (const std::string& tried : n.tried) lines.named("Tried", tried);
  if (!n.runbook_url.empty())
    lines.named("Runbook", (n.runbook_title.empty() ? "" : n.runbook_title + " ") + n.runbook_url);
  lines.named("Manual", n.manual_url);
  if (one_line(n.summary) != bare_title(n)) lines.named("Says", n.summary);
  lines.named("Service", n.service);
  lines.named("Team", n.team);
  if (n.alerts > 1) lines.named("Alerts", std::to_string(n.alerts));
  lines.named("Since", minute_of(n.opened_at));
  lines.named("Labels", labels_of(n.labels));
  lines.add(n.why);
}

constexpr std::string_view kMarkup = "\\`*_~|<>[]()#";

/// A word that a reader of Markdown makes a link of by itself; with markup in it, it could be one
/// to somewhere else.
bool is_link(std::string_view word) {
  return (word.starts_with("https://") || word.starts_with("http://")) &&
         word.find_first_of("\\`*~|<>[]()") == std::string_view::npos;
}

void add_as_markdown(std::string_view word, std::string& text) {
  if (is_link(word)) {
    text += word;
    return;
  }
  for (const char c : word) {
    if (kMarkup.find(c) != std::string_view::npos) text += '\\';
    text += c;
    if (c == '@') text += "\u200b";  // of no width
  }
}

std::string as_markdown(std::string_view line) {
  std::string text;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    add_as_markdown(line.substr(0, end), text);
    if (end < line.size()) text += ' ';
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return text;
}

/// The lines as they are shown, and the link below them.
std::string put_together(const std::string& first, const std::vector<std::string>& lines,
                         const std::string& link, std::size_t most) {
  const std::string end = link.empty() ? "" : "\n" + link;
  const std::size_t room = most > end.size() ? most - end.size() : 0;
  std::string text = cut(first, room);
  for (const std::string& line : lines) {
    if (text.size() + 1 + line.size() > room) break;
    text += "\n" + line;
  }
  return text + end;
}

}  // namespace

std::string word_of(const Notification& n) {
  switch (n.kind) {
    case MessageKind::page:
      return upper(to_string(n.severity));
    case MessageKind::resolved:
      return "RESOLVED";
    case MessageKind::advice:
      return "ADVICE";
    case MessageKind::no_procedure:
      return "NO PROCEDURE";
    case MessageKind::digest:
      return "DIGEST";
    case MessageKind::drill_paused:
      return "DRILL PAUSED";
    case MessageKind::bundle:
      return std::to_string(n.bundled_in_all) + " AT ONCE";
    case MessageKind::resolved_bundle:
      return std::to_string(n.bundled_in_all) + " RESOLVED";
    case MessageKind::on_call:
      return "ON CALL";
    case MessageKind::contact_test:
      return "TEST";
    case MessageKind::hook:
      break;
  }
  return "MESSAGE";
}

std::string headline(const Notification& n) {
  std::string text = one_line(n.mark);
  if (!text.empty()) text += " ";
  if (!n.not_the_drill.empty()) text += one_line(n.not_the_drill) + ": ";
  return text + word_of(n) + ": " + bare_title(n);
}

std::vector<std::string> details(const Notification& n) {
  if (!n.words.empty()) return n.words;
  Lines lines;
  if (n.kind == MessageKind::digest) {
    lines.add(n.why);
    for (const Passed& passed : n.passed)
      lines.add(passed.title + " (" + minute_of(passed.opened_at) + " to " +
                minute_of(passed.ended_at) + ")");
    if (n.passed_in_all > n.passed.size())
      lines.add("and " + std::to_string(n.passed_in_all - n.passed.size()) + " more");
  } else if (is_bundle(n.kind)) {
    lines.add(n.why);
    for (const Bundled& each : n.bundled) {
      lines.add(upper(to_string(each.severity)) + ": " + each.title);
      lines.add(each.acknowledge_url);
    }
    if (n.bundled_in_all > n.bundled.size())
      lines.add("and " + std::to_string(n.bundled_in_all - n.bundled.size()) + " more");
  } else if (n.kind == MessageKind::resolved) {
    lines.named("Service", n.service);
    lines.named("Since", minute_of(n.opened_at));
  } else if (is_of_notice(n.kind) || n.kind == MessageKind::drill_paused) {
    lines.add(n.why);
  } else {
    add_incident(n, lines);
  }
  return std::move(lines).take();
}

Link link_of(const Notification& n) {
  if (!n.acknowledge_url.empty())
    return {n.kind == MessageKind::contact_test ? "It reached me" : "Acknowledge",
            one_line(n.acknowledge_url)};
  return {"Details", one_line(n.console_url)};
}

std::string message_text(const Notification& n, std::size_t most) {
  return put_together(headline(n), details(n), link_of(n).url, most);
}

std::string markdown_text(const Notification& n, std::size_t most) {
  const std::string mark = one_line(n.mark), line = headline(n);
  std::vector<std::string> lines = details(n);
  for (std::string& each : lines) each = as_markdown(each);
  // The mark is ours, and is shown as it is everywhere.
  return put_together(mark + as_markdown(std::string_view(line).substr(mark.size())), lines,
                      link_of(n).url, most);
}

}  // namespace tocsin::connectors::channels
