#include "connectors/sources/sns_signature.hpp"
#include "tests/connectors/sent.hpp"
#include "tests/connectors/sns_sender.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

constexpr const char* kTopic = "arn:aws:sns:eu-west-1:210987654321:alarms";

const SnsSender& sns() {
  static const SnsSender sender;
  return sender;
}

/// An integration that was given the certificate.
To aws() {
  To to{"cloudwatch"};
  to.headers = {{"content-type", "text/plain; charset=UTF-8"}};
  to.document = Result<std::string>(sns().certificate());
  return to;
}

std::map<std::string, std::string> notification(const std::string& message) {
  return {{"Type", "Notification"},
          {"MessageId", "11111111-2222-4333-8444-555555555555"},
          {"TopicArn", kTopic},
          {"Message", message},
          {"Timestamp", "2026-11-22T01:52:01.134Z"},
          {"UnsubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"}};
}

std::map<std::string, std::string> confirmation() {
  return {
      {"Type", "SubscriptionConfirmation"},
      {"MessageId", "22222222-2222-4333-8444-555555555555"},
      {"Token", "abcdef"},
      {"TopicArn", kTopic},
      {"Message", "You have chosen to subscribe."},
      {"SubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=a"},
      {"Timestamp", "2026-11-22T01:52:01.134Z"}};
}

std::string alarm() { return fixture("cloudwatch/alarm.json"); }

}  // namespace

TEST_CASE("an alarm that SNS signed fires under its ARN", "[cloudwatch]") {
  for (const std::string version : {"1", "2"}) {
    INFO(version);
    const Alert alert = aws().only(sns().message(notification(alarm()), version));
    CHECK(alert.status == AlertStatus::firing);
    CHECK(alert.key == "arn:aws:cloudwatch:eu-west-1:210987654321:alarm:orders queue too old");
    CHECK(alert.labels == Fields({{"alertname", "orders queue too old"},
                                  {"account", "210987654321"},
                                  {"region", "eu-west-1"},
                                  {"namespace", "AWS/SQS"},
                                  {"metric", "ApproximateAgeOfOldestMessage"},
                                  {"QueueName", "orders"},
                                  {"topic", "alarms"}}));
    CHECK_THAT(std::string(alert.annotations.get("summary")),
               Catch::Matchers::StartsWith("Threshold Crossed"));
    CHECK(alert.annotations.get("description") == "The oldest order waits.\nSee the runbook.");
    CHECK(alert.annotations.get("threshold") == "300.0");
    CHECK(alert.starts_at == at("2026-11-22T01:51:30.093Z"));
    REQUIRE(alert.ends_at);
    CHECK(*alert.ends_at > kNow + std::chrono::hours(24));
    CHECK(
        alert.generator_url ==
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/"
        "orders%20queue%20too%20old");
  }
}

TEST_CASE("the OK of an alarm resolves it under the same key", "[cloudwatch]") {
  const std::string over =
      with(with(alarm(), R"("NewStateValue": "ALARM")", R"("NewStateValue": "OK")"),
           R"("OldStateValue": "OK")", R"("OldStateValue": "ALARM")");
  const Alert alert = aws().only(sns().message(notification(over), "2"));
  CHECK(alert.status == AlertStatus::resolved);
  CHECK(alert.key == aws().only(sns().message(notification(alarm()), "2")).key);
  CHECK(alert.ends_at == at("2026-11-22T01:51:30.093Z"));
}

TEST_CASE("data that are missing warn unless the alarm was on already", "[cloudwatch]") {
  const std::string missing =
      with(alarm(), R"("NewStateValue": "ALARM")", R"("NewStateValue": "INSUFFICIENT_DATA")");
  const Alert fresh = aws().only(sns().message(notification(missing), "2"));
  CHECK(fresh.status == AlertStatus::firing);
  CHECK(fresh.labels.get("severity") == "INSUFFICIENT_DATA");
  const Alert after = aws().only(sns().message(
      notification(with(missing, R"("OldStateValue": "OK")", R"("OldStateValue": "ALARM")")), "2"));
  CHECK(after.status == AlertStatus::firing);
  CHECK_FALSE(after.labels.find("severity"));
}

TEST_CASE("alarms of several metrics and composite ones and old ones are read", "[cloudwatch]") {
  const Alert math = aws().only(sns().message(notification(fixture("cloudwatch/math.json")), "2"));
  CHECK(math.key == "1/EU (Ireland)/ratio");
  CHECK(math.labels.get("metric") == "Errors");
  CHECK(math.labels.get("FunctionName") == "f");
  CHECK(math.annotations.get("expression") == "m1/m2");
  CHECK(math.generator_url.empty());

  const Alert composite =
      aws().only(sns().message(notification(fixture("cloudwatch/composite.json")), "2"));
  CHECK(composite.annotations.get("rule") == "ALARM(\"a\") OR ALARM(\"b\")");
  CHECK(composite.labels.get("region") == "cn-north-1");
  CHECK_THAT(composite.generator_url, Catch::Matchers::StartsWith("https://console.amazonaws.cn/"));
}

TEST_CASE("any other message of a topic is an alert of its own", "[cloudwatch]") {
  auto fields = notification("Backup of orders failed\nsee the log");
  const Alert plain = aws().only(sns().message(fields, "1"));
  CHECK(plain.key == "11111111-2222-4333-8444-555555555555");
  CHECK(plain.labels.get("alertname") == "Backup of orders failed");
  CHECK(plain.annotations.get("description") == "Backup of orders failed\nsee the log");
  fields["Subject"] = "Backups";
  CHECK(aws().only(sns().message(fields, "1")).labels.get("alertname") == "Backups");
  fields.erase("Subject");
  fields["Message"] =
      R"({"detail-type":"EC2 Spot Interruption","source":"aws.ec2","region":"eu-west-1"})";
  const Alert event = aws().only(sns().message(fields, "1"));
  CHECK(event.labels.get("alertname") == "EC2 Spot Interruption");
  CHECK(event.labels.get("source") == "aws.ec2");
}

TEST_CASE("the certificate is asked for at hosts of SNS only", "[cloudwatch]") {
  const std::string message = sns().message(notification("x"), "2");
  const std::string url =
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
  const auto wanted = [](const std::string& body) {
    return find_source("cloudwatch")->document(To{"cloudwatch"}.request(body));
  };
  CHECK(wanted(message) == url);
  CHECK(wanted(with(message, url,
                    "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-a.pem")));
  for (const char* other :
       {"http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem",
        "https://evil.example/SimpleNotificationService-a.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem",
        "https://evil.example#sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-a.pem",
        "https://sns.evil.example/.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns..amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.a.b.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-../x.pem",
        "https://sns.eu-west-1.amazonaws.com/?SimpleNotificationService-a.pem", ""}) {
    INFO(other);
    const std::string body = with(message, url, other);
    CHECK_FALSE(wanted(body));
    CHECK_THAT(aws().fault(body), Catch::Matchers::Contains("SigningCertURL"));
  }
  CHECK_FALSE(wanted(alarm()));
  CHECK_FALSE(wanted("no JSON"));
  CHECK_FALSE(wanted(""));
}

TEST_CASE("what SNS did not sign is refused", "[cloudwatch]") {
  const std::string message = sns().message(notification("the disk is full"), "2");
  CHECK_THAT(aws().fault(with(message, "the disk is full", "the disk is empty")),
             Catch::Matchers::Contains("the signature is not that of the message"));
  CHECK_THAT(aws().fault(with(message, "\"SignatureVersion\":\"2\"", "\"SignatureVersion\":\"1\"")),
             Catch::Matchers::Contains("the signature is not that of the message"));
  CHECK_THAT(aws().fault(with(message, "\"SignatureVersion\":\"2\"", "\"SignatureVersion\":\"3\"")),
             Catch::Matchers::Contains("SignatureVersion"));
  CHECK_THAT(aws().fault(with(message, "\"Signature\":\"", "\"Signature\":\"!")),
             Catch::Matchers::Contains("Signature"));
  CHECK_THAT(aws().fault(with(message, kTopic, std::string(kTopic) + "2")),
             Catch::Matchers::Contains("the signature is not that of the message"));

  const SnsSender somebody_else;
  CHECK_THAT(aws().fault(somebody_else.message(notification("x"), "2")),
             Catch::Matchers::Contains("the signature is not that of the message"));
  To other = aws();
  other.document = Result<std::string>(std::string("-----BEGIN CERTIFICATE-----\nAAAA\n"));
  CHECK_THAT(other.fault(message), Catch::Matchers::Contains("no certificate"));
}

TEST_CASE("without the certificate the message has to come again", "[cloudwatch]") {
  const std::string message = sns().message(notification("x"), "2");
  To to = aws();
  to.document = Result<std::string>(unavailable("no route to host"));
  const auto failed = to.parse(message);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::unavailable);
  CHECK_THAT(failed.error().message, Catch::Matchers::Contains("no route to host"));
  to.document.reset();
  const auto nowhere = to.parse(message);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().kind == ErrorKind::unavailable);
}

TEST_CASE("a message that somebody recorded is refused", "[cloudwatch]") {
  auto fields = notification("x");
  fields["Timestamp"] = "2026-11-22T00:53:00.000Z";  // SNS tries for an hour
  CHECK(aws().only(sns().message(fields, "2")).status == AlertStatus::firing);
  fields["Timestamp"] = "2026-11-22T00:30:00.000Z";
  CHECK_THAT(aws().fault(sns().message(fields, "2")), Catch::Matchers::Contains("older than"));
  fields["Timestamp"] = "yesterday";
  CHECK_THAT(aws().fault(sns().message(fields, "2")), Catch::Matchers::Contains("Timestamp"));
}

TEST_CASE("a subscription is confirmed at SNS and nowhere else", "[cloudwatch]") {
  const Parsed confirmed = aws().parsed(sns().message(confirmation(), "2"));
  CHECK(confirmed.visit ==
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=a");
  CHECK(confirmed.alerts.empty());
  auto elsewhere = confirmation();
  elsewhere["SubscribeURL"] = "https://evil.example/?Action=ConfirmSubscription";
  CHECK_THAT(aws().fault(sns().message(elsewhere, "2")), Catch::Matchers::Contains("SubscribeURL"));
  // To visit its URL would subscribe again.
  auto farewell = confirmation();
  farewell["Type"] = "UnsubscribeConfirmation";
  CHECK(aws().nothing(sns().message(farewell, "2")));
  auto unsigned_one = with(sns().message(confirmation(), "2"), "Token=a", "Token=b");
  CHECK_THAT(aws().fault(unsigned_one), Catch::Matchers::Contains("signature"));
}

TEST_CASE("with topic_arn messages of other topics are refused", "[cloudwatch]") {
  To to = aws();
  to.settings = {{"topic_arn", kTopic}};
  CHECK(to.only(sns().message(notification("x"), "2")).labels.get("topic") == "alarms");
  auto other = confirmation();
  other["TopicArn"] = "arn:aws:sns:eu-west-1:666666666666:alarms";
  CHECK_THAT(to.fault(sns().message(other, "2")), Catch::Matchers::Contains("topic_arn"));
  to.settings["raw"] = "yes";
  CHECK_THAT(to.fault(alarm()), Catch::Matchers::Contains("topic_arn"));
  to.headers.emplace_back("x-amz-sns-topic-arn", kTopic);
  CHECK(to.only(alarm()).labels.get("alertname") == "orders queue too old");
}

TEST_CASE("an unsigned alarm is refused whatever its headers say", "[cloudwatch]") {
  To to = aws();
  to.settings = {{"topic_arn", kTopic}};
  to.headers.emplace_back("x-amz-sns-topic-arn", kTopic);
  for (const bool claims_raw : {false, true}) {
    if (claims_raw) to.headers.emplace_back("x-amz-sns-rawdelivery", "true");
    INFO("x-amz-sns-rawdelivery: " << claims_raw);
    CHECK_THAT(to.fault(alarm()), Catch::Matchers::Contains("raw: yes"));
    CHECK_THAT(to.fault("the backup failed"), Catch::Matchers::Contains("raw: yes"));
    CHECK_THAT(to.fault("{}"), Catch::Matchers::Contains("raw: yes"));
    CHECK_THAT(to.fault(with(sns().message(notification("full"), "2"), "full", "empty")),
               Catch::Matchers::Contains("signature"));
    CHECK(to.only(sns().message(notification(alarm()), "2")).labels.get("topic") == "alarms");
  }
  // With raw delivery on, what is wrapped and does not say that it is raw is signed.
  To both = aws();
  both.settings = {{"raw", "yes"}};
  CHECK_THAT(both.fault(with(sns().message(notification("full"), "2"), "full", "empty")),
             Catch::Matchers::Contains("signature"));
}

TEST_CASE("raw delivery is read without a signature where the setting says so", "[cloudwatch]") {
  To to{"cloudwatch"};
  to.settings = {{"raw", "yes"}};
  to.headers = {{"x-amz-sns-rawdelivery", "true"},
                {"x-amz-sns-message-id", "m-1"},
                {"x-amz-sns-topic-arn", kTopic}};
  CHECK(to.only(alarm()).key ==
        "arn:aws:cloudwatch:eu-west-1:210987654321:alarm:orders queue too old");
  const Alert plain = to.only("the backup failed");
  CHECK(plain.key == "m-1");
  CHECK(plain.labels.get("alertname") == "the backup failed");
  CHECK_THAT(to.fault(""), Catch::Matchers::Contains("empty"));
}

TEST_CASE("SNS is answered so that it comes again when nothing could be stored", "[cloudwatch]") {
  check_plain_answers("cloudwatch");
}
