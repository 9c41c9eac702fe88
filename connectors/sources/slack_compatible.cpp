// `slack-compatible`: messages as for Slack's incoming webhooks, from senders that know nothing
// else.
//
// What the senders promise (https://api.slack.com/messaging/webhooks):
//   POST {text, attachments: [{fallback, pretext, title, title_link, text, color, fields}],
//   blocks, channel, username} as JSON, or as the form field `payload`, at one URL whose last
//   segment is the secret. Wanted is 200 with the body "ok". Some try again after 429 and 5xx
//   (Alertmanager), most do not.
// A message has no key and no state. The state is told by the words that monitoring tools begin
// with, or by the colour; the key is made of the rest of the first line, without its numbers.
#include <array>

#include "connectors/source.hpp"
#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/message_text.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;
using sources::State;

constexpr std::array<SourceRoute, 2> kRoutes{{{"POST", ""}, {"POST", "/services/*/*/*"}}};
constexpr std::array<std::pair<std::string_view, Severity>, 1> kSeverities{
    {{"danger", Severity::error}}};
/// A message is told once, and its end often never.
constexpr Duration kHolds = std::chrono::hours(12);
constexpr std::size_t kMostLines = 200;
constexpr std::string_view kNoText = "no_text";  // Slack's own word

std::string key(const HttpRequest& request) {
  const std::size_t at = request.path.find("/services/");
  if (at == std::string::npos) return {};
  const auto parts = match_route(kRoutes[1].path, std::string_view(request.path).substr(at));
  return parts ? parts->back() : std::string();
}

struct Message {
  std::vector<std::string> lines;
  std::string color, link;
  std::string subject;  // of Alertmanager's own title; empty: it is no such title

  void say(const std::string& text) {
    if (!text.empty() && lines.size() < kMostLines) lines.push_back(sources::from_mrkdwn(text));
  }
};

void read_blocks(const Json& blocks, Message& message) {
  for (const Json& block : blocks.items()) {
    const Json text = block["text"];
    message.say(text.is_object() ? text["text"].text() : text.text());
    for (const Json& field : block["fields"].items()) message.say(field["text"].text());
    read_blocks(block["elements"], message);
  }
}

/// Alertmanager's own title is "[FIRING:2] what the group has in common (what its alerts have in
/// common besides)": the part in brackets changes while the group grows, so it is no part of the
/// key. A title of one's own is left as it is: there the brackets may tell two things apart. Which
/// it is tells `fallback`, which by default is the default title and the link. Where nothing stands
/// in brackets the default title ends with a blank, so what ends a label is not taken for them.
std::string subject_of_alertmanager(const Json& attachment) {
  const std::string title = attachment["title"].text();
  if (attachment["fallback"].text() != title + " | " + attachment["title_link"].text()) return {};
  if (!title.ends_with(')')) return {};
  std::size_t open = title.size() - 1;
  for (std::size_t depth = 1; depth > 0;) {
    if (open == 0) return {};
    --open;
    depth += title[open] == ')' ? 1u : 0u;
    depth -= title[open] == '(' ? 1u : 0u;
  }
  const std::string subject = title.substr(0, open);
  return subject.ends_with("] ") || subject.ends_with("]  ") ? std::string() : subject;
}

void read_attachment(const Json& attachment, Message& message, Draft& draft) {
  const std::size_t before = message.lines.size();
  if (before == 0) message.subject = subject_of_alertmanager(attachment);
  for (const char* part : {"pretext", "title", "text"}) message.say(attachment[part].text());
  for (const Json& field : attachment["fields"].items()) {
    const std::string title = field["title"].text(), value = field["value"].text();
    message.say(title.empty() ? value : title + ": " + value);
    if (sources::identifies(title)) draft.label_cut(sources::lower(title), value);
  }
  read_blocks(attachment["blocks"], message);
  if (message.lines.size() == before) message.say(attachment["fallback"].text());
  if (message.color.empty()) message.color = sources::lower(attachment["color"].text());
  if (message.link.empty()) message.link = attachment["title_link"].text();
}

/// The JSON, wherever it stands.
Result<Json> body_of(const HttpRequest& request) {
  const std::string_view body = sources::first_line(request.body);
  const bool json = body.starts_with('{') || body.starts_with('[');
  if (!json && request.body.find("payload=") != std::string::npos) {
    const auto form = sources::read_form(request.body);
    if (const auto payload = form.find("payload"); payload != form.end())
      return Json::parse(payload->second);
  }
  const auto parts = sources::read_multipart(request.header("content-type"), request.body);
  if (const auto payload = parts.find("payload"); payload != parts.end())
    return Json::parse(payload->second);
  return Json::parse(request.body);
}

bool is_green(std::string_view color) {
  for (const std::string_view green : {"good", "#2eb886", "#2eb67d", "#36a64f", "#00ff00"})
    if (color == green) return true;
  return false;
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  auto body = body_of(request);
  if (!body) return std::move(body).error();
  if (!body->is_object()) return invalid("the body is no object; wanted text, attachments, blocks");
  Message message;
  Draft draft;
  message.say((*body)["text"].text());
  for (const Json& each : (*body)["attachments"].items()) read_attachment(each, message, draft);
  read_blocks((*body)["blocks"], message);
  std::string all;
  for (const std::string& line : message.lines) all += (all.empty() ? "" : "\n") + line;
  const std::string title = one_line(sources::first_line(all));
  if (title.empty()) return invalid(std::string(kNoText));
  const std::string named = one_line(sources::first_line(sources::from_mrkdwn(message.subject)));
  const sources::Marked marked = sources::without_state(named.empty() ? title : named);
  const bool over = marked.state == State::resolved ||
                    (marked.state == State::unknown && is_green(message.color));
  draft.key = "text:" + hex(sha256(sources::without_numbers(marked.text))).substr(0, 32);
  draft.label_cut("alertname", marked.text);
  draft.label_cut("channel", (*body)["channel"].text());
  draft.label_cut("username", (*body)["username"].text());
  if (!over) draft.label_cut("severity", message.color);
  draft.annotation("description", all == title && named.empty() ? std::string() : all);
  draft.generator_url = message.link.empty() ? sources::first_url(all) : message.link;
  if (over)
    draft.status = AlertStatus::resolved;
  else
    draft.ends_at = context.received.wall + kHolds;
  TOCSIN_TRY(Alert alert, sources::finish(draft, context.received.wall));
  Parsed parsed;
  parsed.alerts.push_back(std::move(alert));
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) {
  using Kind = IngestOutcome::Kind;
  switch (outcome.kind) {
    case Kind::accepted:
    case Kind::partly:
      return sources::text_answer(200, "ok");
    case Kind::unusable:
      return sources::text_answer(400, outcome.error == kNoText
                                           ? std::string(kNoText)
                                           : "invalid_payload: " + sources::faults_of(outcome));
    case Kind::busy:
      return sources::come_again(sources::text_answer(503, outcome.error));
    case Kind::limited:
      break;
  }
  return sources::come_again(sources::text_answer(429, "rate_limited: " + outcome.error));
}

}  // namespace

extern const SourceSpec slack_compatible_source;
const SourceSpec slack_compatible_source = {
    .name = "slack-compatible",
    .summary = "whatever posts to an incoming webhook of Slack",
    .example = R"(  - name: scripts
    source: slack-compatible
    key: "${SCRIPTS_KEY}"
    severities: {danger: critical}    # the attachment's color: danger, warning, "#439FE0" …
)",
    .routes = kRoutes,
    .group_by = {},
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(1),
    .key = key,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
