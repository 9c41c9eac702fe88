// One mail to one SMTP server with a hard end: libcurl with a total deadline, a connection a mail.
//
// As for HTTP, proxies named in the environment are not used, and certificates are checked against
// the system's, or against one file.
#pragma once

#include <string>

#include "router/core/message.hpp"
#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

struct SmtpServer {
  enum class Tls { none, starttls, immediate };

  std::string host;  // a name or an address; IPv6 in brackets
  int port = 25;
  Tls tls = Tls::starttls;
  std::string user, password;  // empty: nobody signs in
  std::string ca_file;         // certificates to trust instead of the system's; empty: those
};

struct Mail {
  std::string from, to;  // addresses alone
  std::string message;   // headers, an empty line, the body; each line ends in CR LF
};

struct SmtpAnswer {
  int code = 0;      // the last one of the server's: 250 has taken the mail
  std::string text;  // its line, without the code
};

/// Blocks for `budget` and a second at the most, whatever the other side does. Any thread may call.
/// Errors: unavailable (the mail was not handed over: refused, unknown name, TLS), unknown (it may
/// have been taken). Neither tells the user or the password.
Result<SmtpAnswer> send(const SmtpServer& server, const Mail& mail, Duration budget);

/// 2xx accepted; 4xx, and no answer, retry_later; 5xx rejected.
Attempt to_attempt(const Result<SmtpAnswer>& answer);

/// "smtp://host:port" as host and port; "smtps://" is TLS from the first byte, on 465 if nothing is
/// said, otherwise STARTTLS on 25, for the caller to change. Errors: invalid, what is wrong.
Result<SmtpServer> smtp_server(const std::string& url);

/// Whether it is this machine itself, so that nobody can listen in.
bool is_loopback(const SmtpServer& server);

}  // namespace tocsin::wire
