// `email`: mail by an SMTP server.
//
// What the server promises (RFC 5321): 250 after the data means that it is responsible for the mail
// from now on; 4xx may be tried again, 5xx never. That it was taken says nothing of whether it is
// read: mail is a person's second contact.
#include <array>

#include "connectors/channel.hpp"
#include "connectors/channels/mail_message.hpp"
#include "connectors/wire/smtp_client.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 5> kFields{{
    {"smtp", true, false, "the server, smtp://HOST:PORT", "smtp://127.0.0.1:25"},
    {"from", true, false, "the sender's address", "tocsin@example.com"},
    {"user", false, false, "where the server wants one", "tocsin"},
    {"password", false, true, "where the server wants one"},
    {"tls", false, false, "starttls, tls (from the first byte) or none; none if nothing is said",
     "none"},
}};

class Email final : public Channel {
 public:
  Email(wire::MailServer server, std::string from)
      : server_(std::move(server)), from_(std::move(from)) {}

  Attempt deliver(const Notification& notification, Duration budget) override {
    if (!channels::is_mail_address(notification.contact.address))
      return Attempt::rejected("the contact is no mail address; write one such as ada@example.com");
    return wire::send_mail(server_, from_, notification.contact.address,
                           channels::mail_message(notification, from_), budget);
  }

 private:
  wire::MailServer server_;
  std::string from_;
};

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  const auto fault = [&](const std::string& key, const std::string& what) {
    return invalid("channels." + values.name + "." + key + ": " + what);
  };
  wire::MailServer server;
  server.url = values.get("smtp");
  if (const Status checked = wire::check_smtp_url(server.url); !checked)
    return fault("smtp", checked.error().message);
  const std::string from = values.get("from");
  if (!channels::is_mail_address(from))
    return fault("from", "write one address, such as tocsin@example.com");
  server.user = values.get("user");
  server.password = values.get("password");
  if (server.password.empty() != server.user.empty() && server.user.empty())
    return fault("user", "missing; a password alone signs nobody in");
  const std::string tls = values.get("tls");
  if (tls == "starttls")
    server.tls = wire::MailServer::Tls::starttls;
  else if (tls == "tls")
    server.tls = wire::MailServer::Tls::tls;
  else if (!tls.empty() && tls != "none")
    return fault("tls", "write starttls, tls or none");
  return std::unique_ptr<Channel>(std::make_unique<Email>(std::move(server), from));
}

}  // namespace

extern const ChannelSpec email_channel;
const ChannelSpec email_channel = {
    .name = "email",
    .summary = "mail by an SMTP server; one thread an incident",
    .fields = kFields,
    .example = R"(  - name: mail
    type: email
    smtp: "smtp://127.0.0.1:25"
    from: tocsin@example.com
    user: tocsin
    password: "${SMTP_PASSWORD}"
    tls: starttls
)",
    .needs_address = true,
    .make = make,
};

}  // namespace tocsin::connectors
