// What the channel `email` writes. That a server takes it: tests/e2e/email_test.py.
#include "connectors/channel.hpp"
#include "connectors/channels/mail_message.hpp"
#include "connectors/wire/smtp_client.hpp"
#include "router/core/digest.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::connectors::channels;
using namespace tocsin::testing;

namespace {

Notification to_ada() {
  Notification n = sample_notification();
  n.contact = {"ada", "mail", "ada@example.com"};
  return n;
}

std::string header(const std::string& mail, const std::string& name) {
  const std::string all = "\r\n" + mail.substr(0, mail.find("\r\n\r\n")) + "\r\n";
  const std::size_t at = all.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 4;
  return all.substr(from, all.find("\r\n", from) - from);
}

/// The parts' texts, decoded.
std::string texts(const std::string& mail) {
  std::string all;
  const std::string begin = "base64\r\n\r\n";
  for (std::size_t at = 0; (at = mail.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    std::string encoded = mail.substr(at, mail.find("--", at) - at);
    std::erase_if(encoded, [](char c) { return c == '\r' || c == '\n'; });
    all += *from_base64(encoded) + "\n---\n";
  }
  return all;
}

}  // namespace

TEST_CASE("email: the mails of an incident are one thread and a retry is the same mail") {
  const Notification page = to_ada();
  const std::string mail = mail_message(page, "tocsin@example.org");
  CHECK(header(mail, "Subject") == "CRITICAL: HighErrorRate: checkout");
  CHECK(header(mail, "To") == "<ada@example.com>");
  CHECK(header(mail, "Message-ID") == "<msg-7zq4m2k9w1x3c5v8@example.org>");
  CHECK(header(mail, "Date") == "Sun, 22 Nov 2026 02:04:11 +0000");
  Notification over = page;
  over.kind = MessageKind::resolved;
  over.id.text = "msg-other";
  const std::string later = mail_message(over, "tocsin@example.org");
  CHECK(header(later, "References") == header(mail, "References"));
  CHECK(header(later, "Message-ID") != header(mail, "Message-ID"));
  CHECK(header(later, "Subject") == "RESOLVED: HighErrorRate: checkout");
  CHECK(texts(mail).find(page.acknowledge_url) != std::string::npos);
}

TEST_CASE("email: nothing that an alert says becomes a header or a tag") {
  Notification page = to_ada();
  page.title = "a\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script> größer 💥";
  const std::string mail = mail_message(page, "tocsin@example.org");
  CHECK(header(mail, "Bcc").empty());
  CHECK(header(mail, "Subject").starts_with("=?UTF-8?B?"));
  CHECK(texts(mail).find("<script>", texts(mail).find("<p>")) == std::string::npos);
  for (std::size_t at = 0; (at = mail.find('\n', at)) != std::string::npos; ++at)
    CHECK((at > 0 && mail[at - 1] == '\r'));
}

TEST_CASE("email: every kind of message of a drill begins with its mark") {
  for (const MessageKind kind : kToChannels) {
    Notification n = sample_drill(kind);
    n.contact.address = "ada@example.com";
    const std::string mail = mail_message(n, "tocsin@example.org");
    INFO(to_string(kind));
    CHECK(header(mail, "Subject").starts_with(n.mark + " "));
    CHECK(texts(mail).starts_with(n.mark + " "));
  }
}

TEST_CASE("email: what is no address is rejected and said") {
  for (const char* text :
       {"", "ada", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nRCPT", "a@b>", "ä@b"})
    CHECK_FALSE(is_mail_address(text));
  CHECK(is_mail_address("ada.l+pager@mail.example.com"));
  const auto channel = find_channel("email")->make(
      {"mail", {{"smtp", "smtp://127.0.0.1:1"}, {"from", "tocsin@example.com"}}}, {});
  REQUIRE(channel);
  Notification page = to_ada();
  page.contact.address = "ada";
  CHECK((*channel)->deliver(page, std::chrono::seconds(1)).outcome == AttemptOutcome::rejected);
}

TEST_CASE("email: settings that cannot work are refused by name") {
  const auto fault = [](std::map<std::string, std::string> values) {
    values.emplace("smtp", "smtp://127.0.0.1:25");
    values.emplace("from", "tocsin@example.com");
    const auto made = find_channel("email")->make({"mail", values}, {});
    return made ? std::string() : made.error().message;
  };
  CHECK(fault({}).empty());
  CHECK(fault({{"smtp", "http://127.0.0.1"}}).starts_with("channels.mail.smtp: "));
  CHECK(fault({{"smtp", "smtp://user:secret@host"}}).find("secret") == std::string::npos);
  CHECK(fault({{"from", "tocsin"}}).starts_with("channels.mail.from: "));
  CHECK(fault({{"tls", "maybe"}}).starts_with("channels.mail.tls: "));
  CHECK(fault({{"password", "hunter22"}}).starts_with("channels.mail.user: "));
}
