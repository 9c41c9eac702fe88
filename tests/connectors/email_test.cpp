// What the channel `email` says to a mail server, and what it makes of the answers.
#include "connectors/channel.hpp"
#include "connectors/channels/mail_message.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/receiver.hpp"
#include "tests/connectors/smtp_receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::ReceivedMail;
using tocsin::testing::sample_notification;
using tocsin::testing::SmtpReceiver;

namespace {

using Settings = std::map<std::string, std::string>;
constexpr Duration kAmple = std::chrono::seconds(20);

Result<std::unique_ptr<Channel>> make(const Settings& settings) {
  return find_channel("email")->make({"mail", settings}, {});
}

std::unique_ptr<Channel> email(const std::string& smtp, Settings more = {}) {
  more.insert({{"smtp", smtp}, {"from", "tocsin@example.com"}});
  auto made = make(more);
  if (!made) FAIL(made.error().message);
  return std::move(*made);
}

std::string refusal(const Settings& settings) {
  const auto made = make(settings);
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("hush") == std::string::npos);
  return made.error().message;
}

Notification to_ada(Notification n = sample_notification()) {
  n.contact.address = "ada@example.com";
  return n;
}

ReceivedMail mailed(const Notification& n) {
  SmtpReceiver server;
  const Attempt said = email(server.url())->deliver(n, kAmple);
  CHECK(said == Attempt::accepted("SMTP 250: yes"));
  REQUIRE(server.mails().size() == 1);
  return server.mails()[0];
}

Attempt said_by(const SmtpReceiver::Script& script, Duration budget = kAmple) {
  SmtpReceiver server(script);
  return email(server.url())->deliver(to_ada(), budget);
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t at = 0, end; (end = text.find("\r\n", at)) != std::string::npos; at = end + 2)
    longest = std::max(longest, end - at);
  return longest;
}

}  // namespace

TEST_CASE("a page is one mail with the gravest words first and the link last") {
  const ReceivedMail mail = mailed(to_ada());
  CHECK(mail.from == "tocsin@example.com");
  CHECK(mail.to == "ada@example.com");
  CHECK(mail.header("From") == "\"tocsin\" <tocsin@example.com>");
  CHECK(mail.header("To") == "<ada@example.com>");
  CHECK(mail.header("Subject") == "CRITICAL: HighErrorRate: checkout");
  CHECK(mail.header("Date") == "Sun, 22 Nov 2026 02:04:11 +0000");
  CHECK(mail.header("Auto-Submitted") == "auto-generated");
  CHECK(mail.header("X-Priority") == "1");
  CHECK(mail.header("MIME-Version") == "1.0");
  const std::string plain = mail.part("text/plain");
  CHECK(plain.starts_with("CRITICAL: HighErrorRate: checkout\r\n\r\nCustomers cannot pay\r\n"));
  CHECK_THAT(plain, Catch::Matchers::Contains("Incident: 7zq4m2k9w1x3c5v8\r\n"));
  const std::string url = sample_notification().acknowledge_url;
  CHECK_THAT(plain, Catch::Matchers::EndsWith("\r\nAcknowledge:\r\n" + url + "\r\n"));
  const std::string html = mail.part("text/html");
  CHECK_THAT(html, Catch::Matchers::Contains("<a href=\"" + url + "\">"));
  CHECK(tocsin::testing::html_texts(html).at(0) == "CRITICAL: HighErrorRate: checkout");
}

TEST_CASE("all mail of an incident refers to one id and a retry is the same mail") {
  const ReceivedMail first = mailed(to_ada());
  Notification later = to_ada();
  later.now += std::chrono::minutes(5);
  CHECK(mailed(later).header("Message-ID") == first.header("Message-ID"));
  later.id.text = "msg-another";
  later.kind = MessageKind::resolved;
  const ReceivedMail resolved = mailed(later);
  CHECK(first.header("Message-ID") == "<msg-7zq4m2k9w1x3c5v8@example.com>");
  CHECK(resolved.header("Message-ID") == "<msg-another@example.com>");
  CHECK(resolved.header("Subject") == "RESOLVED: HighErrorRate: checkout");
  CHECK(resolved.header("X-Priority").empty());
  for (const char* header : {"References", "In-Reply-To"}) {
    CHECK(first.header(header) == "<incident-7zq4m2k9w1x3c5v8@example.com>");
    CHECK(resolved.header(header) == first.header(header));
  }
  later.incident.clear();  // a notice is of none
  CHECK(mailed(later).header("References").empty());
}

TEST_CASE("nothing that an alert says becomes a header or a line that ends the mail") {
  Notification n = to_ada();
  n.title = "down\r\nBcc: all@example.com\r\n\r\n<b>hello</b>";
  n.impact = ".\r\nQUIT\r\n--=_tocsin--\r\n.";
  n.incident = "x>\r\nBcc: y";
  n.id.text = "m>\r\nBcc: z";
  n.summary = "<script>alert(\"&\")</script>";
  SmtpReceiver server;
  REQUIRE(email(server.url())->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  REQUIRE(server.mails().size() == 1);
  const ReceivedMail mail = server.mails()[0];
  CHECK(mail.text.find("\r\nBcc:") == std::string::npos);
  CHECK(mail.text.find("\r\nQUIT") == std::string::npos);
  CHECK(mail.header("Subject") == "CRITICAL: down Bcc: all@example.com <b>hello</b>");
  CHECK(mail.header("Message-ID") == "<m___Bcc__z@example.com>");
  CHECK_THAT(mail.part("text/plain"), Catch::Matchers::Contains("\r\n. QUIT --=_tocsin-- .\r\n"));
  const std::string html = mail.part("text/html");
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("<b>") == std::string::npos);
}

TEST_CASE("text in any script arrives whole in lines of a mail's length") {
  Notification n = to_ada();
  std::string title, impact;
  for (int i = 0; i < 12; ++i) title += "支払い障害 ";
  for (int i = 0; i < 60; ++i) impact += "Zahlung=√2 ";
  n.title = title;
  n.impact = impact;
  const ReceivedMail mail = mailed(n);
  title.pop_back();  // blanks at the end are nobody's
  impact.pop_back();
  CHECK(mail.header("Subject") == "CRITICAL: " + title);
  CHECK_THAT(mail.part("text/plain"), Catch::Matchers::Contains(impact.substr(0, 500)));
  CHECK(longest_line(mail.text) <= 76);
  n.title = "=?utf-8?B?Ym9v?=";
  CHECK(mailed(n).header("Subject") == "CRITICAL: =?utf-8?B?Ym9v?=");
}

TEST_CASE("what a mail server refuses for the moment is tried again and what for ever is not") {
  for (const char* verb : {"greeting", "MAIL", "RCPT", "DATA", "."}) {
    INFO(verb);
    CHECK(said_by({{verb, "450 4.2.0 greylisted"}}) ==
          Attempt::retry_later("SMTP 450: 4.2.0 greylisted"));
    CHECK(said_by({{verb, "550 5.1.1 no such user"}}) ==
          Attempt::rejected("SMTP 550: 5.1.1 no such user"));
  }
  CHECK(said_by({{"greeting", "421 4.3.2 busy"}}).outcome == AttemptOutcome::retry_later);
  CHECK(said_by({{"RCPT", "550-5.1.1 no\r\n550 5.1.1 such user"}}) ==
        Attempt::rejected("SMTP 550: 5.1.1 such user"));
}

TEST_CASE("a mail server that hangs or breaks off is left at the deadline") {
  constexpr Duration kBudget = std::chrono::milliseconds(300);
  for (const char* how : {SmtpReceiver::kHang, SmtpReceiver::kReset})
    for (const char* verb : {"greeting", "EHLO", "MAIL", "RCPT", "DATA", "."}) {
      INFO(how << " " << verb);
      const auto begin = std::chrono::steady_clock::now();
      const Attempt said = said_by({{verb, how}}, kBudget);
      CHECK(said.outcome == AttemptOutcome::retry_later);
      CHECK(said.detail.find(verb == std::string(".") ? "may have been taken"
                                                      : "nothing was sent") != std::string::npos);
      CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
    }
}

TEST_CASE("a mail that was taken is accepted though the server never says goodbye") {
  const auto begin = std::chrono::steady_clock::now();
  for (const char* how : {SmtpReceiver::kHang, SmtpReceiver::kReset})
    CHECK(said_by({{"QUIT", how}}, std::chrono::milliseconds(500)).outcome ==
          AttemptOutcome::accepted);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(6));
  CHECK(said_by({{"RCPT", "550 no"}, {"QUIT", SmtpReceiver::kHang}},
                std::chrono::milliseconds(500)) == Attempt::rejected("SMTP 550: no"));
}

TEST_CASE("no mail goes without STARTTLS where it is wanted") {
  SmtpReceiver server;  // offers none
  const Attempt said = email(server.url(), {{"tls", "starttls"}})->deliver(to_ada(), kAmple);
  CHECK(said.outcome == AttemptOutcome::retry_later);
  CHECK_THAT(said.detail, Catch::Matchers::Contains("offers no STARTTLS"));
  for (const std::string& command : server.commands()) CHECK_FALSE(command.starts_with("MAIL"));
}

TEST_CASE("a mail server that repeats a password does not put it into our logs") {
  SmtpReceiver server(
      {{"EHLO", "250-mx.test\r\n250 AUTH PLAIN"}, {"AUTH", "535 no: AHRvY3NpbgBodXNoLWh1c2g="}});
  const auto channel = email(server.url(), {{"user", "tocsin"}, {"password", "hush-hush"}});
  CHECK(channel->deliver(to_ada(), kAmple) ==
        Attempt::rejected("SMTP 535: (its text is not shown)"));
  REQUIRE_FALSE(server.commands().empty());
  CHECK(server.commands().at(1) == "AUTH PLAIN");
}

TEST_CASE("an address that is none is rejected before anything is sent") {
  SmtpReceiver server;
  const auto channel = email(server.url());
  for (const char* address : {"", "ada", "@example.com", "ada@", "a b@example.com", "a@b@c",
                              "ada@example.com\r\nBcc: x@example.com", "Ada <ada@example.com>",
                              "ada@example.com>", "ada@exämple.com"}) {
    INFO(address);
    Notification n = sample_notification();
    n.contact.address = address;
    CHECK(channel->deliver(n, kAmple).outcome == AttemptOutcome::rejected);
  }
  CHECK(server.commands().empty());
}

TEST_CASE("wrong settings of mail are refused by key and without the password") {
  const Settings good{{"smtp", "smtp://mail.example.com:587"}, {"from", "Alerts <t@example.com>"}};
  REQUIRE(make(good));
  const auto with = [&](const std::string& key, const std::string& value) {
    Settings changed = good;
    changed[key] = value;
    return changed;
  };
  for (const char* smtp :
       {"", "mail.example.com", "http://x", "smtp://", "smtp://x:0", "smtp://x:65536", "smtp://x:y",
        "smtp://x/path", "smtp://u:p@x", "smtp://[::1", "smtp://x y"}) {
    INFO(smtp);
    CHECK(refusal(with("smtp", smtp)) ==
          "channels.mail.smtp: write a server such as smtp://mail.example.com:587, without a path");
  }
  for (const char* smtp : {"smtp://x", "smtp://[::1]:25/", "smtps://x"})
    CHECK(make(with("smtp", smtp)));
  CHECK(refusal(with("from", "tocsin")) ==
        "channels.mail.from: write an address such as tocsin@example.com");
  CHECK(refusal(with("tls", "yes")) == "channels.mail.tls: write starttls, tls or none");
  CHECK(refusal(with("user", "tocsin")) ==
        "channels.mail.password: missing; user and password belong together");
  CHECK(refusal(with("password", "hush")) ==
        "channels.mail.user: missing; user and password belong together");
  Settings readable = with("tls", "none");
  readable.insert({{"user", "tocsin"}, {"password", "hush"}});
  CHECK_THAT(refusal(readable), Catch::Matchers::StartsWith("channels.mail.tls: none, and the"));
  Settings both = with("smtp", "smtps://x");
  both["tls"] = "starttls";
  CHECK_THAT(refusal(both), Catch::Matchers::StartsWith("channels.mail.tls: smtps:// is TLS"));
}
