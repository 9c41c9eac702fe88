// Links and signatures: what is signed is read again as it was, and nothing else is taken.
//
// A fuzzer makes no signature of its own, so byte 0 says what is done with the text: 0 as it comes,
// 1 to 4 it is signed as a link of each kind would be, else a link is made of its parts.
#include "connectors/sources/payload.hpp"
#include "connectors/sources/posted.hpp"
#include "connectors/sources/sns_signature.hpp"
#include "connectors/wire/standard_webhooks.hpp"
#include "router/api/contact_link.hpp"
#include "router/api/page_link.hpp"
#include "router/api/press_token.hpp"
#include "router/api/signed_text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace api;

constexpr std::string_view kSecret = "the secret of the fuzzers, 0123456789";
constexpr WallTime kNow{std::chrono::seconds(1'795'312'363)};
constexpr std::int64_t kMostSeconds = 200'000'000'000;  // some thousand years

/// Taken by none of the readers with another secret, nor as a link of another kind.
template <class Read>
void check_only(const std::string& text, Read read) {
  PROMISE(!read(text, "another secret"), text);
  PROMISE(!read(text + "A", kSecret), text);
  PROMISE(!read(text.substr(1), kSecret), text);
  std::string turned = text;
  turned.back() = turned.back() == 'A' ? 'B' : 'A';
  PROMISE(!read(turned, kSecret), text);
}

void check_parts(std::uint8_t kind, Input& in) {
  const std::string first(in.until('.')), second(in.until('.'));
  const auto seconds = static_cast<std::int64_t>(in.number() % kMostSeconds);
  const WallTime expires = kNow + std::chrono::seconds(1 + seconds / 2);
  const auto page_of = [](const std::string& text, std::string_view secret) {
    return verify(text, secret, kNow);
  };
  const auto receipt_of = [](const std::string& text, std::string_view secret) {
    return verify_receipt(text, secret, kNow);
  };
  const auto contact_of = [](const std::string& text, std::string_view secret) {
    return verify_contact(text, secret, kNow);
  };
  const bool long_one = first.size() + second.size() > 200;
  if (kind % 3 == 0) {
    const PageLink link{{first}, second, expires, {kind % 2 ? "M1" : ""}};
    const std::string text = sign(link, kSecret);
    const auto read = page_of(text, kSecret);
    PROMISE((read && *read == link) || long_one, text);
    check_only(text, page_of);
    PROMISE(!verify_receipt(text, kSecret, kNow) && !verify_contact(text, kSecret, kNow), text);
    PROMISE(!verify(text, kSecret, expires), "expired");
  } else if (kind % 3 == 1) {
    const ReceiptLink link{{first}, {second}, kind, expires};
    const std::string text = sign(link, kSecret);
    const auto read = receipt_of(text, kSecret);
    PROMISE((read && *read == link) || long_one, text);
    check_only(text, receipt_of);
    PROMISE(!verify(text, kSecret, kNow) && !verify_contact(text, kSecret, kNow), text);
  } else {
    const ContactLink link{{first}, {second}, expires};
    const std::string text = sign(link, kSecret);
    const auto read = contact_of(text, kSecret);
    PROMISE((read && *read == link) || long_one, text);
    check_only(text, contact_of);
    PROMISE(!verify(text, kSecret, kNow) && !verify_receipt(text, kSecret, kNow), text);
  }
}

std::vector<std::string> link_seeds() {
  std::vector<std::string> all;
  const WallTime later = kNow + std::chrono::hours(1);
  for (const std::string& text :
       {sign(PageLink{{"7zq4m2k9w1x3c5v8"}, "ada", later, {"M1"}}, kSecret),
        sign(ReceiptLink{{"7zq4m2k9w1x3c5v8"}, {"M1"}, 2, later}, kSecret),
        sign(ContactLink{{"notice_7zq4"}, {"M1"}, later}, kSecret)})
    all.push_back(std::string(1, '\0') + text);
  for (char kind = 1; kind <= 4; ++kind)
    for (const char* payload :
         {"7zq4m2k9.YWRh.1795400000.M1", "7zq4m2k9.M1.3.1795400000", "notice_7.M1.1795400000",
          "a.b.9223372036854775807", "a.b.-1", "7zq4m2k9.1795400000"})
      all.push_back(std::string(1, kind) + payload);
  for (char kind = 5; kind < 11; ++kind)
    all.push_back(std::string(1, kind) + "7zq4m2k9.ada.12345678");
  return all;
}

std::vector<std::string> signature_seeds() {
  std::string sns = file_of("tests/connectors/fixtures/cloudwatch/alarm.json");
  return {
      "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n" + sns,
      "sha256=abcdef\nhttps://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem",
      "x\n{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"arn:aws:sns:eu-west-1:1:"
      "t\","
      "\"Message\":\"{}\",\"Timestamp\":\"2026-11-22T01:52:43.604Z\",\"SignatureVersion\":\"1\","
      "\"Signature\":\"YWJj\",\"SigningCertURL\":\"https://sns.eu-west-1.amazonaws.com/a.pem\"}",
      "x\n{\"Type\":\"SubscriptionConfirmation\",\"Token\":\"t\",\"SubscribeURL\":"
      "\"https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription\"}",
      "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
      "x\nhttps://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
      "x\nhttps://user@sns.eu-west-1.amazonaws.com:443/a.pem"};
}

}  // namespace

TOCSIN_FUZZ_TARGET(link, link_seeds) {
  Input in(input);
  const std::uint8_t kind = in.byte();
  if (kind > 4) return check_parts(kind, in);
  std::string text(in.rest());
  constexpr std::string_view kPurposes[] = {"", "page link", "receipt link", "contact test",
                                            "button"};
  if (kind > 0) text += "." + signature(kPurposes[kind], text, kSecret);
  const auto page = verify(text, kSecret, kNow);
  const auto receipt = verify_receipt(text, kSecret, kNow);
  const auto contact = verify_contact(text, kSecret, kNow);
  if (!page) check_error_text(page.error().message);
  if (!receipt) check_error_text(receipt.error().message);
  if (!contact) check_error_text(contact.error().message);
  const auto press = verify_press(text, kSecret, kNow);
  if (!press) check_error_text(press.error().message);
  PROMISE((page ? 1 : 0) + (receipt ? 1 : 0) + (contact ? 1 : 0) + (press ? 1 : 0) <= 1, text);
  if (page) PROMISE(page->expires > kNow, text);
  if (receipt) PROMISE(receipt->expires > kNow, text);
  if (contact) PROMISE(contact->expires > kNow, text);
  for (const auto& other : {std::string_view(), std::string_view("another secret")})
    PROMISE(!verify(text, other, kNow) && !verify_receipt(text, other, kNow) &&
                !verify_contact(text, other, kNow) && !verify_press(text, other, kNow),
            text);
}

// A line with a secret or a signature, then a message.
TOCSIN_FUZZ_TARGET(signature, signature_seeds) {
  using namespace connectors::sources;
  Input in(input);
  const std::string first(in.line());
  const std::string rest(in.rest());
  if (const auto key = wire::webhook_key(first)) {
    PROMISE(key->size() >= wire::kLeastWebhookKeyBytes && key->size() <= wire::kMostWebhookKeyBytes,
            std::to_string(key->size()));
    const std::string made = wire::webhook_signature(*key, "id", 1'795'312'363, rest);
    PROMISE(made.starts_with("v1,"), made);
    PROMISE(made != wire::webhook_signature(*key, "id", 1'795'312'364, rest), made);
  } else {
    check_error_text(key.error().message);
    // What it says of any other is no secret.
    const std::string said = wire::webhook_key("x").error().message;
    PROMISE(first.size() < 8 || key.error().message.find(first) == std::string::npos ||
                said.find(first) != std::string::npos,
            "the message holds the secret");
  }
  PROMISE(!connectors::sources::is_signed("secret", rest, first), "signed by nobody");
  for (const std::string& url : {first, rest}) {
    if (is_sns_certificate_url(url)) PROMISE(is_sns_url(url), url);
    if (!is_sns_url(url)) continue;
    // Read once more, without the reader.
    PROMISE(url.starts_with("https://sns."), url);
    const std::string host = url.substr(8, url.find_first_of("/?#", 8) - 8);
    PROMISE(host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"), url);
    PROMISE(host.find_first_of("@:\\") == std::string::npos, url);
  }
  const auto message = Json::parse(rest);
  if (!message) return check_error_text(message.error().message);
  static_cast<void>(sns_signed_text(*message));
  for (const std::string& certificate : {first, rest, std::string()})
    if (const auto good = check_sns_signature(*message, certificate); good)
      PROMISE(false, "signed by nobody");
    else
      check_error_text(good.error().message);
}

}  // namespace tocsin::fuzz
