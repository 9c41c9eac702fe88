// Alarms of Amazon CloudWatch, and whatever else is published to a topic of Amazon SNS.
//
// What the sender promises
// (https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html):
//   POST JSON as text/plain, one message a request, signed (sns_signature.hpp). First a
//   SubscriptionConfirmation; nothing else comes before its SubscribeURL is fetched. With raw
//   delivery the body is the message alone, unsigned, and headers tell the topic: anybody may write
//   these, so such a body is taken only where the setting `raw` says that it comes. An answer is
//   awaited for 15 s; 5xx and no answer are tried again, three times 20 s apart if nothing else is
//   set, an hour at the most; 4xx is final, so nothing temporary is one. The same message may come
//   twice, and in any order.
// The key of an alarm is its ARN, without one account/region/name; of any other message its
// MessageId. An alarm ends by its OK, if the topic is among its OK actions.
#include <algorithm>
#include <array>

#include "connectors/sources/alert_parts.hpp"
#include "connectors/sources/answers.hpp"
#include "connectors/sources/posted.hpp"
#include "connectors/sources/sns_signature.hpp"
#include "connectors/sources/yes_no.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using sources::Draft;
using sources::Json;

constexpr std::array<SourceRoute, 1> kRoutes{{{"POST", ""}}};
constexpr std::array<std::string_view, 3> kGroupBy{"alertname", "account", "region"};
constexpr std::array<std::pair<std::string_view, Severity>, 1> kSeverities{{
    {"INSUFFICIENT_DATA", Severity::warning},
}};
constexpr std::array<Field, 2> kFields{{
    {.key = "topic_arn",
     .meaning = "take messages of this topic only",
     .example = "arn:aws:sns:eu-west-1:123456789012:alarms"},
    {.key = "raw",
     .meaning = "yes: the subscription has raw delivery; unsigned messages are taken",
     .example = "yes"},
}};
/// SNS tries for an hour; an older message was recorded by somebody.
constexpr Duration kOldestMessage = std::chrono::minutes(75);
constexpr std::size_t kMostDimensions = 30;

std::vector<std::string> check(const Values& settings) {
  std::vector<std::string> faults = sources::check_yes_no(settings, "raw");
  const std::string topic = settings.get("topic_arn");
  const bool whole = topic.starts_with("arn:") && topic.find(":sns:") != std::string::npos &&
                     std::count(topic.begin(), topic.end(), ':') == 5;
  if (!topic.empty() && !whole)
    faults.push_back("topic_arn: no ARN of a topic; write it as SNS shows it, e.g. " +
                     std::string(kFields[0].example));
  return faults;
}

/// A message as SNS wraps it; raw ones are not.
bool is_wrapped(const Json& body) {
  return body["Type"].is_text() && body["TopicArn"].is_text() && body["Message"].is_text();
}

std::optional<std::string> document(const HttpRequest& request) {
  const auto body = Json::parse(request.body);
  if (!body || !is_wrapped(*body)) return std::nullopt;
  std::string url = body->operator[]("SigningCertURL").text();
  if (!sources::is_sns_certificate_url(url)) return std::nullopt;
  return url;
}

/// "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:NAME" in its parts, the last with all its
/// colons.
std::array<std::string, 6> arn_parts(std::string_view arn) {
  std::array<std::string, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t colon = i + 1 < parts.size() ? arn.find(':') : std::string_view::npos;
    parts[i] = arn.substr(0, colon);
    if (colon == std::string_view::npos) break;
    arn.remove_prefix(colon + 1);
  }
  return parts;
}

Status trusted(const Json& body, const SourceContext& context) {
  if (!sources::is_sns_certificate_url(body["SigningCertURL"].text()))
    return invalid(
        "SigningCertURL is not one of Amazon SNS: https://sns.REGION.amazonaws.com/"
        "SimpleNotificationService-….pem; the message cannot be trusted");
  if (!context.document)
    return unavailable(
        "the certificate at SigningCertURL is not fetched here, so the signature cannot be "
        "checked");
  if (!*context.document)
    return unavailable("the certificate at SigningCertURL could not be had: " +
                       context.document->error().message);
  TOCSIN_TRY([[maybe_unused]] const Unit checked,
             sources::check_sns_signature(body, context.document->value()));
  const auto sent = sources::time_of(body["Timestamp"]);
  if (!sent) return invalid("Timestamp is no time");
  if (context.received.wall - *sent > kOldestMessage)
    return invalid("the message is of " + format_rfc3339(*sent) +
                   ", older than SNS tries to deliver; compare this machine's clock, or somebody "
                   "sends it again");
  return ok();
}

std::string console_link(const std::array<std::string, 6>& arn, const std::string& name) {
  const std::string& region = arn[3];
  if (region.empty() || name.empty()) return {};
  const bool china = arn[1] == "aws-cn";
  return "https://" + (china ? "console.amazonaws.cn" : region + ".console.aws.amazon.com") +
         "/cloudwatch/home?region=" + region + "#alarmsV2:alarm/" + sources::encoded(name);
}

/// What it watches: a metric's labels, or the expression of several.
void add_trigger(Draft& draft, const Json& trigger) {
  Json metric = trigger;
  for (const Json& each : trigger["Metrics"].items()) {
    draft.annotation("expression", each["Expression"].text());
    if (const Json of = each["MetricStat"]["Metric"];
        of.is_object() && metric["MetricName"].is_null())
      metric = of;
  }
  std::size_t taken = 0;
  for (const Json& each : metric["Dimensions"].items()) {
    const std::string name = sources::label_name(each["name"].text());
    if (name.empty() || ++taken > kMostDimensions) continue;
    draft.label_cut(name, each["value"].text());
  }
  draft.label_cut("namespace", metric["Namespace"].text());
  draft.label_cut("metric", metric["MetricName"].text());
  draft.annotation("threshold", trigger["Threshold"].text());
  draft.annotation("comparison", trigger["ComparisonOperator"].text());
}

Draft alarm_of(const Json& alarm, const std::string& topic) {
  Draft draft;
  const std::string name = alarm["AlarmName"].text();
  const std::string arn = alarm["AlarmArn"].text();
  const auto parts = arn_parts(arn);
  const std::string account = parts[4].empty() ? alarm["AWSAccountId"].text() : parts[4];
  const std::string region = parts[3].empty() ? alarm["Region"].text() : parts[3];
  draft.key = arn.empty() ? account + "/" + region + "/" + name : arn;
  add_trigger(draft, alarm["Trigger"]);
  draft.label_cut("alertname", name.empty() ? "alarm" : name);
  draft.label_cut("account", account);
  draft.label_cut("region", region);
  draft.label_cut("topic", topic);
  const std::string state = alarm["NewStateValue"].text(), before = alarm["OldStateValue"].text();
  draft.annotation("summary", alarm["NewStateReason"].text());
  draft.annotation("description", alarm["AlarmDescription"].text());
  draft.annotation("rule", alarm["AlarmRule"].text());
  draft.annotation("state", state);
  const auto changed = sources::time_of(alarm["StateChangeTime"]);
  if (state == "OK") {
    draft.status = AlertStatus::resolved;
    draft.ends_at = changed;
  } else {
    if (state == "INSUFFICIENT_DATA" && before != "ALARM") draft.label("severity", state);
    draft.starts_at = changed;
  }
  draft.generator_url = console_link(parts, name);
  return draft;
}

/// What somebody else published: JSON of an event, or plain text.
Draft message_of(const std::string& text, const Json& json, const std::string& subject,
                 const std::string& id) {
  Draft draft;
  draft.key = id;
  const std::string named =
      sources::first_text({json["detail-type"], json["title"], json["message"]});
  const std::string name = !subject.empty() ? subject
                           : !named.empty() ? named
                                            : std::string(sources::first_line(text));
  draft.label_cut("source", json["source"].text());
  draft.label_cut("account", json["account"].text());
  draft.label_cut("region", json["region"].text());
  draft.label_cut("alertname", name.empty() ? "message" : name);
  draft.annotation("description", text);
  return draft;
}

Parsed read(const std::string& text, const std::string& topic_arn, const std::string& subject,
            const std::string& id, const SourceContext& context) {
  const auto json = Json::parse(text);
  const Json inner = json && json->is_object() ? *json : Json();
  const std::string topic = arn_parts(topic_arn)[5];
  const bool alarm = inner["AlarmName"].is_text() && inner["NewStateValue"].is_text();
  Draft draft = alarm ? alarm_of(inner, topic) : message_of(text, inner, subject, id);
  if (!alarm) draft.label_cut("topic", topic);
  if (draft.status == AlertStatus::firing)
    draft.ends_at =
        context.received.wall + (alarm ? sources::kHoldsUntilResolved : sources::kHoldsUnresolved);
  return sources::one_alert(draft, context.received.wall);
}

Status of_topic(const std::string& topic_arn, const SourceContext& context) {
  const std::string wanted = context.settings.get("topic_arn");
  if (wanted.empty() || wanted == topic_arn) return ok();
  return invalid("the message is of another topic than topic_arn: " +
                 cut(one_line(topic_arn), 200));
}

Result<Parsed> parse(const HttpRequest& request, const SourceContext& context) {
  if (request.body.empty()) return invalid("the body is empty");
  const auto body = Json::parse(request.body);
  const bool raw = sources::is_yes(context.settings, "raw");
  const bool wrapped = body && is_wrapped(*body);
  if (!wrapped && !raw)
    return invalid(
        "the body is no signed message of SNS; turn raw message delivery off in the subscription, "
        "or set `raw: yes` on the integration: then whoever has its key can send alarms");
  if (!wrapped || (raw && !request.header("x-amz-sns-rawdelivery").empty())) {
    const std::string topic(request.header("x-amz-sns-topic-arn"));
    TOCSIN_TRY([[maybe_unused]] const Unit ours, of_topic(topic, context));
    const std::string id(request.header("x-amz-sns-message-id"));
    return read(request.body, topic, {}, id.empty() ? sources::made_up_key(request, context) : id,
                context);
  }
  const Json& message = *body;
  const std::string topic = message["TopicArn"].text(), type = message["Type"].text();
  TOCSIN_TRY([[maybe_unused]] const Unit ours, of_topic(topic, context));
  TOCSIN_TRY([[maybe_unused]] const Unit checked, trusted(message, context));
  if (type == "Notification")
    return read(message["Message"].text(), topic, message["Subject"].text(),
                message["MessageId"].text(), context);
  Parsed parsed;
  if (type == "SubscriptionConfirmation") {
    parsed.visit = message["SubscribeURL"].text();
    if (!sources::is_sns_url(parsed.visit))
      return invalid("SubscribeURL is not one of Amazon SNS; the subscription is not confirmed");
  }
  return parsed;
}

HttpResponse answer(const IngestOutcome& outcome) { return sources::plain_answer(outcome); }

}  // namespace

extern const SourceSpec cloudwatch_source;
const SourceSpec cloudwatch_source = {
    .name = "cloudwatch",
    .summary = "alarms of Amazon CloudWatch, and other messages of an SNS topic",
    .example = R"(  - name: aws
    source: cloudwatch
    key: "${AWS_KEY}"
    topic_arn: "arn:aws:sns:eu-west-1:123456789012:alarms"
)",
    .routes = kRoutes,
    .group_by = kGroupBy,
    .severities = kSeverities,
    .resolve_after = std::chrono::hours(24),
    .exact_times = true,
    .fields = kFields,
    .check = check,
    .document = document,
    .parse = parse,
    .answer = answer,
};

}  // namespace tocsin::connectors
