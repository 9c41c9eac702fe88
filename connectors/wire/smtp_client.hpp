// One mail handed to one SMTP server, with a hard end: libcurl with a total deadline.
//
// Proxies named in the environment are not used; certificates are checked against the system's.
#pragma once

#include <string>

#include "router/core/message.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

struct MailServer {
  enum class Tls { none, starttls, tls };
  std::string url;  // smtp://host:port
  std::string user, password;
  /// starttls: refused where the server has it not. tls: from the first byte, as on port 465.
  Tls tls = Tls::none;
};

/// Blocks for `budget` at the most. `message`: RFC 5322 with CRLF. accepted: the server took it for
/// delivery; retry_later: 4xx, no connection, time-out; rejected: 5xx. No detail has the password.
Attempt send_mail(const MailServer& server, const std::string& from, const std::string& to,
                  const std::string& message, Duration budget);

/// smtp://host[:port]: an error says what is wrong.
Status check_smtp_url(const std::string& url);

}  // namespace tocsin::wire
