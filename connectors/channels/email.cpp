// `email`: mail by SMTP, in which all of an incident is one thread.
//
// RFC 5321: 250 after the message means that the server has it, not that anybody read it; 4xx is
// for the moment (a greylist lets the sender come again after some minutes), 5xx for ever. A mail
// whose answer is lost may come twice, with the same Message-ID.
#include <array>

#include "connectors/channel.hpp"
#include "connectors/channels/mail_message.hpp"
#include "connectors/channels/template.hpp"
#include "connectors/wire/smtp_client.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

using wire::SmtpServer;

constexpr std::array<Field, 7> kFields{{
    {"smtp", true, false, "the server: smtp://host:port, or smtps://host:port",
     "smtp://127.0.0.1:25"},
    {"from", true, false, "who sends it: tocsin@example.com", "tocsin <tocsin@example.com>"},
    {"user", false, false, "signs in with password", "tocsin"},
    {"password", false, true, "of user"},
    {"tls", false, false,
     "starttls, tls or none; as smtp:// or smtps:// says, and none on this machine itself", "none"},
    {"ca_file", false, false, "certificates to trust instead of the system's, PEM",
     "/etc/ssl/certs/ca-certificates.crt"},
    channels::kTemplateField,
}};

class Email final : public Channel {
 public:
  Email(SmtpServer server, channels::Mailbox from)
      : server_(std::move(server)), from_(std::move(from)) {}

  Attempt deliver(const Notification& n, Duration budget) override {
    const auto to = channels::mailbox(n.contact.address);
    if (!to || !to->name.empty())
      return Attempt::rejected(cut(one_line(n.contact.address), 100) +
                               " is no mail address such as ada@example.com");
    return wire::to_attempt(wire::send(
        server_, {from_.address, to->address, channels::mail_message(n, from_, to->address)},
        budget));
  }

 private:
  SmtpServer server_;
  channels::Mailbox from_;
};

Error wrong(const Values& values, std::string_view key, const std::string& what) {
  return invalid("channels." + values.name + "." + std::string(key) + ": " + what);
}

/// How the connection is protected; no password goes over one that is not.
Result<SmtpServer> protected_server(const Values& values, SmtpServer server) {
  using Tls = SmtpServer::Tls;
  const bool by_url = server.tls == Tls::immediate;
  const std::string tls = values.get("tls");
  if (tls.empty() && !by_url && is_loopback(server)) server.tls = Tls::none;
  if (tls == "none") server.tls = Tls::none;
  if (tls == "starttls") server.tls = Tls::starttls;
  if (tls == "tls") server.tls = Tls::immediate;
  if (!tls.empty() && tls != "none" && tls != "starttls" && tls != "tls")
    return wrong(values, "tls", "write starttls, tls or none");
  if (by_url && server.tls != Tls::immediate)
    return wrong(values, "tls", "smtps:// is TLS from the first byte; leave it out, or write tls");
  if (server.tls == Tls::none && !server.user.empty() && !is_loopback(server))
    return wrong(values, "tls",
                 "none, and the password would be readable on its way; write starttls or tls");
  return server;
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  auto server = wire::smtp_server(values.get("smtp"));
  if (!server) return wrong(values, "smtp", server.error().message);
  auto from = channels::mailbox(values.get("from"));
  if (!from) return wrong(values, "from", from.error().message);
  if (from->name.empty()) from->name = "tocsin";
  server->user = values.get("user");
  server->password = values.get("password");
  server->ca_file = values.get("ca_file");
  if (server->user.empty() != server->password.empty())
    return wrong(values, server->user.empty() ? "user" : "password",
                 "missing; user and password belong together");
  TOCSIN_TRY(SmtpServer ready, protected_server(values, std::move(*server)));
  return channels::with_template(values,
                                 std::make_unique<Email>(std::move(ready), std::move(*from)));
}

}  // namespace

extern const ChannelSpec email_channel;
const ChannelSpec email_channel = {
    .name = "email",
    .summary = "mail by SMTP, in which all of an incident is one thread",
    .fields = kFields,
    .example = R"(  - name: mail
    type: email
    smtp: "smtp://127.0.0.1:25"
    from: tocsin@example.com
)",
    .needs_address = true,
    .make = make,
};

}  // namespace tocsin::connectors
