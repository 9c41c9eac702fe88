#include "connectors/channels/template.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "connectors/channels/message_text.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::channels {
namespace {

constexpr std::size_t kMostTemplateBytes = 16u << 10;
constexpr std::size_t kMostValueBytes = 1200;

struct Word {
  std::string_view name;
  std::string (*value)(const Notification&);
};

/// What says that it is a drill, or none, goes with the title wherever that stands.
std::string guarded_title(const Notification& n) {
  return n.not_the_drill.empty() ? n.title : n.not_the_drill + ": " + n.title;
}

std::string time_of(WallTime time) { return format_rfc3339(time).substr(0, 19) + "Z"; }

constexpr std::array<Word, 20> kWords{{
    {"alerts", [](const Notification& n) { return std::to_string(n.alerts); }},
    {"details", [](const Notification& n) { return one_line(n.console_url); }},
    {"gameday", [](const Notification& n) { return n.gameday; }},
    {"headline", headline},
    {"id", [](const Notification& n) { return n.id.text.str(); }},
    {"impact", [](const Notification& n) { return n.impact; }},
    {"incident", [](const Notification& n) { return n.incident; }},
    {"kind", [](const Notification& n) { return std::string(to_string(n.kind)); }},
    {"link", [](const Notification& n) { return link_of(n).url; }},
    {"manual", [](const Notification& n) { return n.manual_url; }},
    {"mark", [](const Notification& n) { return n.mark; }},
    {"person", [](const Notification& n) { return n.contact.person.str(); }},
    {"runbook", [](const Notification& n) { return n.runbook_url; }},
    {"service", [](const Notification& n) { return n.service; }},
    {"severity", [](const Notification& n) { return std::string(to_string(n.severity)); }},
    {"since", [](const Notification& n) { return time_of(n.opened_at); }},
    {"summary", [](const Notification& n) { return n.summary; }},
    {"team", [](const Notification& n) { return n.team; }},
    {"title", guarded_title},
    {"why", [](const Notification& n) { return n.why; }},
}};
constexpr std::string_view kLabel = "label.";

const Word* word_named(std::string_view name) {
  const auto found =
      std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) { return w.name == name; });
  return found == kWords.end() ? nullptr : &*found;
}

std::string value_of(std::string_view name, const Notification& n) {
  const Word* const word = word_named(name);
  const std::string value =
      word ? word->value(n) : std::string(n.labels.get(name.substr(kLabel.size())));
  return cut(one_line(value), kMostValueBytes);
}

std::string known_words() {
  std::string all;
  for (const Word& word : kWords) all += std::string(word.name) + ", ";
  return all + "and label.NAME";
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

/// With everything in it that would break what is not quoted.
Notification sample() {
  Notification n;
  n.id.text = "sample";
  n.contact = {"ada", "sample", "ada"};
  n.incident = "7zq4m2k9w1x3c5v8";
  n.title = "\"HighErrorRate\": checkout";
  n.severity = Severity::critical;
  n.mark = "[GAMEDAY sample]";
  n.gameday = "sample";
  for (std::string* text : {&n.impact, &n.team, &n.service, &n.summary, &n.why})
    *text = "a \"sample\"";
  for (std::string* url : {&n.runbook_url, &n.manual_url, &n.acknowledge_url, &n.console_url})
    *url = "https://example.com/sample";
  return n;
}

std::string as_it_is(const std::string& text) { return text; }
std::string inside_json(const std::string& text) {
  const std::string quoted = json_string(text);
  return quoted.substr(1, quoted.size() - 2);
}

bool speaks_of_an_alert(MessageKind kind) {
  return kind == MessageKind::page || kind == MessageKind::advice ||
         kind == MessageKind::no_procedure;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::string line = one_line(text.substr(0, end)); !line.empty())
      lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class Worded final : public Channel {
 public:
  Worded(Template words, std::unique_ptr<Channel> channel)
      : words_(std::move(words)), channel_(std::move(channel)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    if (!speaks_of_an_alert(notification.kind)) return channel_->deliver(notification, budget);
    Notification worded = notification;
    worded.words = lines_of(words_.fill(notification));
    return channel_->deliver(worded, budget);
  }

 private:
  Template words_;
  std::unique_ptr<Channel> channel_;
};

Error wrong(const Values& values, const std::string& what) {
  return invalid("channels." + values.name + ".template: " + what);
}

}  // namespace

Result<Template> Template::parse(std::string_view text) {
  if (text.size() > kMostTemplateBytes)
    return invalid("longer than " + std::to_string(kMostTemplateBytes) + " bytes; shorten it");
  Template made;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = text.substr(0, end);
    Line line;
    for (std::size_t open; (open = rest.find("{{")) != std::string_view::npos;) {
      const std::size_t close = rest.find("}}", open);
      if (close == std::string_view::npos)
        return invalid("{{ without }} on the same line; write a word between them");
      const std::string word = trimmed(rest.substr(open + 2, close - open - 2));
      const bool label = word.starts_with(kLabel) && word.size() > kLabel.size();
      if (!label && !word_named(word))
        return invalid("there is no word {{" + cut(one_line(word), 60) +
                       "}}; known are: " + known_words());
      line.push_back({std::string(rest.substr(0, open)), word});
      rest.remove_prefix(close + 2);
    }
    line.push_back({std::string(rest), ""});
    made.lines_.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return made;
}

std::string Template::filled(const Notification& n, Escape escape, bool leave_out) const {
  std::string all;
  for (const Line& line : lines_) {
    std::string text;
    std::size_t words = 0, empty = 0;
    for (const Piece& piece : line) {
      text += piece.text;
      if (piece.word.empty()) continue;
      const std::string value = value_of(piece.word, n);
      text += escape(value);
      ++words;
      if (value.empty()) ++empty;
    }
    if (!leave_out || words == 0 || empty < words) all += text + "\n";
  }
  return all;
}

std::string Template::fill(const Notification& n) const { return filled(n, as_it_is, true); }
std::string Template::fill_json(const Notification& n) const {
  return filled(n, inside_json, false);
}

Result<std::unique_ptr<Channel>> with_template(const Values& values,
                                               std::unique_ptr<Channel> channel) {
  const std::string text = values.get("template");
  if (text.empty()) return channel;
  auto words = Template::parse(text);
  if (!words) return wrong(values, words.error().message);
  if (lines_of(words->fill(sample())).empty())
    return wrong(values, "it says nothing; write a line, or leave it out");
  return std::unique_ptr<Channel>(std::make_unique<Worded>(std::move(*words), std::move(channel)));
}

Result<std::shared_ptr<const Template>> body_template(const Values& values) {
  const std::string text = values.get("template");
  if (text.empty()) return std::shared_ptr<const Template>();
  auto body = Template::parse(text);
  if (!body) return wrong(values, body.error().message);
  if (!nlohmann::json::accept(body->fill_json(sample())))
    return wrong(values,
                 "with a sample it is no JSON; write a body such as {\"text\": "
                 "\"{{headline}}\"}, each word between quotes");
  return std::shared_ptr<const Template>(std::make_shared<Template>(std::move(*body)));
}

}  // namespace tocsin::connectors::channels
