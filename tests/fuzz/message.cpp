// What people are shown: a channel's template, and the texts, JSON and mail made of a notification
// in which everything is hostile.
//
//   a template, a line "%%", then lines for the notification's texts, the last of them labels
#include "connectors/channels/mail_message.hpp"
#include "connectors/channels/message_json.hpp"
#include "connectors/channels/message_text.hpp"
#include "connectors/channels/page_text.hpp"
#include "connectors/channels/posting.hpp"
#include "connectors/channels/template.hpp"

#include <nlohmann/json.hpp>

#include "router/core/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace connectors;
using namespace connectors::channels;

constexpr std::string_view kNextPart = "\n%%\n";
constexpr std::size_t kMostMailLine = 998;
constexpr MessageKind kKinds[] = {MessageKind::page,    MessageKind::resolved,
                                  MessageKind::advice,  MessageKind::no_procedure,
                                  MessageKind::digest,  MessageKind::drill_paused,
                                  MessageKind::bundle,  MessageKind::resolved_bundle,
                                  MessageKind::on_call, MessageKind::contact_test};

/// Texts of alerts and of the configuration; links are tocsin's own.
Notification notification_of(std::string_view text) {
  Notification n;
  n.id.text = "msg-7zq4m2k9w1x3c5v8";
  n.contact = {"ada", "hook", "ada-phone"};
  n.incident = "7zq4m2k9w1x3c5v8";
  n.opened_at = WallTime(std::chrono::seconds(1'795'312'311));
  n.now = WallTime(std::chrono::seconds(1'795'312'363));
  n.acknowledge_url = "http://localhost:8321/p/7zq4m2k9.c2lnbmF0dXJl";
  n.incident_json = "{}";
  n.passed_in_all = n.bundled_in_all = 2;
  Input in(text);
  const std::uint8_t bits = in.byte();
  n.severity = static_cast<Severity>(bits % 4);
  n.kind = kKinds[(bits >> 2) % std::size(kKinds)];
  // A carriage return stands for a line feed, so that a text may have several lines.
  const auto next = [&] {
    std::string line(in.line());
    std::replace(line.begin(), line.end(), '\r', '\n');
    return line;
  };
  for (std::string* each :
       {&n.title, &n.mark, &n.gameday, &n.not_the_drill, &n.impact, &n.team, &n.service, &n.summary,
        &n.why, &n.runbook_title, &n.runbook_url, &n.manual_url, &n.console_url, &n.about})
    *each = next();
  n.tried.push_back(next());
  n.passed.push_back({"i", next(), n.opened_at, n.now});
  n.bundled.push_back({"i", next(), Severity::error, n.opened_at, ""});
  std::vector<std::pair<std::string, std::string>> labels = pairs_of(in.rest());
  n.labels = Fields(std::vector<Fields::Pair>(labels.begin(), labels.end()));
  return n;
}

std::string sample() {
  std::string text(1, '\0');
  for (const char* line :
       {"HighErrorRate: checkout", "[GAMEDAY payments]", "payments", "", "Customers\rcannot pay",
        "payments", "checkout", "rate is 0.75 `code` *bold* @channel", "You are on call.", "Errors",
        "https://runbooks.example.com/a", "", "http://localhost:8321/incidents/7", "rota",
        "restarted", "passed", "bundled"})
    text += std::string(line) + "\n";
  return text + "alertname=HighErrorRate&cluster=eu-1&x=\xff\x1b[31m";
}

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const char* words : {"{{impact}}\nAsk {{team}} about {{service}}", "{{headline}}\n{{link}}",
                            "{\"text\": \"{{title}} {{label.cluster}}\", \"n\": {{alerts}}}", "",
                            "{{ why }} {{nothing}}", "{{since}} {{severity}} {{label.x}} }}{{"})
    all.push_back(words + std::string(kNextPart) + sample());
  for (char kind = 1; kind < 10; ++kind) {
    std::string other = "x" + std::string(kNextPart) + sample();
    other[1 + kNextPart.size()] = static_cast<char>(kind * 4 + 1);
    all.push_back(other);
  }
  return all;
}

void check_template(std::string_view text, const Notification& n) {
  const auto words = Template::parse(text);
  if (!words) return check_error_text(words.error().message);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  // What replaces a word is one line, and of a bounded length.
  const std::string filled = words->fill(n);
  PROMISE(static_cast<std::size_t>(std::count(filled.begin(), filled.end(), '\n')) <= lines,
          filled);
  PROMISE(filled.size() <= text.size() + 1 + text.size() / 5 * 1'200,
          std::to_string(filled.size()));
  Values values{"fuzz", {{"template", std::string(text)}}};
  const auto body = body_template(values);
  if (!body) return check_error_text(body.error().message);
  // Good JSON with the sample is good JSON with whatever an alert says.
  if (*body) PROMISE(nlohmann::json::accept((*body)->fill_json(n)), (*body)->fill_json(n));
}

void check_mail(const Notification& n) {
  const std::string mail =
      mail_message(n, {"Alerts \xc3\xa4", "tocsin@example.com"}, "ada@example.com");
  Input in(mail);
  bool in_head = true;
  std::size_t subjects = 0;
  while (!in.empty()) {
    std::string_view line = in.line();
    PROMISE(line.ends_with('\r'), std::string(line));
    line.remove_suffix(1);
    PROMISE(line.size() <= kMostMailLine && !has_control(line), std::string(line));
    PROMISE(std::all_of(line.begin(), line.end(), [](char c) { return (c & 0x80) == 0; }),
            std::string(line));
    in_head = in_head && !line.empty();
    if (in_head && line.starts_with("Subject:")) ++subjects;
    if (in_head && !line.starts_with(' '))
      PROMISE(line.find(": ") != std::string_view::npos, std::string(line));
  }
  PROMISE(subjects == 1, mail);
}

}  // namespace

TOCSIN_FUZZ_TARGET(message, seeds) {
  const std::size_t end = std::min(input.find(kNextPart), input.size());
  const Notification n =
      notification_of(input.substr(std::min(end + kNextPart.size(), input.size())));
  check_template(input.substr(0, end), n);

  const std::string first = headline(n);
  PROMISE(is_utf8(first) && !has_control(first), first);
  for (const std::string& line : details(n)) PROMISE(is_utf8(line) && !has_control(line), line);
  for (const std::size_t most : {200, 600, 4'000}) {
    const std::string text = message_text(n, most), markdown = markdown_text(n, most);
    PROMISE(text.size() <= most && markdown.size() <= most, text + " or " + markdown);
    PROMISE(is_utf8(text) && !has_control(text, "\n"), text);
    PROMISE(is_utf8(markdown) && !has_control(markdown, "\n"), markdown);
    const std::string url = link_of(n).url;
    PROMISE(text.ends_with(url) && markdown.ends_with(url), text);
  }
  const std::string page = page_text(n);
  PROMISE(page.ends_with('\n') && is_utf8(page) && !has_control(page, "\n"), page);
  for (const bool receipt : {false, true})
    PROMISE(nlohmann::json::accept(message_json(n, receipt)), message_json(n, receipt));
  const std::string html = html_escaped(n.title);
  PROMISE(html.find_first_of("<>") == std::string::npos, html);
  check_mail(n);
}

}  // namespace tocsin::fuzz
