#include "tests/connectors/smtp_receiver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "router/core/digest.hpp"
#include "router/core/result.hpp"

namespace tocsin::testing {
namespace {

std::string between_brackets(const std::string& text) {
  const std::size_t open = text.find('<'), close = text.find('>');
  return close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
}

std::string decoded_words(std::string text) {
  const std::string begin = "=?utf-8?B?", end = "?=";
  std::string decoded;
  while (true) {
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) return decoded + text;
    const std::size_t until = text.find(end, at + begin.size());
    const std::string before = text.substr(0, at);
    // A blank between two encoded words is none.
    if (before != " ") decoded += before;
    decoded += *from_base64(text.substr(at + begin.size(), until - at - begin.size()));
    text.erase(0, until + end.size());
  }
}

std::string decoded_printable(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      decoded += text[i];
    } else if (text.compare(i + 1, 2, "\r\n") == 0) {
      i += 2;
    } else {
      decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return decoded;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

std::string ReceivedMail::header(const std::string& name) const {
  const std::string head = "\r\n" + text.substr(0, text.find("\r\n\r\n") + 2);
  const std::size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  std::size_t end = at + name.size() + 4;
  const std::size_t begin = end;
  do {
    end = head.find("\r\n", end + 1);
  } while (head.compare(end + 2, 1, " ") == 0);
  std::string value = head.substr(begin, end - begin);
  replace_all(value, "\r\n", "");
  return decoded_words(value);
}

std::string ReceivedMail::part(const std::string& type) const {
  const std::string content = header("Content-Type");
  const std::size_t quote = content.find("boundary=\"");
  if (quote == std::string::npos) return {};
  const std::size_t begin = quote + 10;
  const std::string boundary = "\r\n--" + content.substr(begin, content.find('"', begin) - begin);
  std::size_t at = text.find(boundary);
  while (at != std::string::npos) {
    const std::size_t next = text.find(boundary, at + 1);
    const std::string one = text.substr(at, next - at);
    const std::size_t body = one.find("\r\n\r\n");
    if (one.find("Content-Type: " + type + ";") < body)
      return decoded_printable(one.substr(body + 4));
    at = next;
  }
  return {};
}

std::vector<std::string> html_texts(const std::string& html) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t open = std::min(html.find('<', at), html.size());
    std::string text = html.substr(at, open - at);
    replace_all(text, "&lt;", "<");
    replace_all(text, "&gt;", ">");
    replace_all(text, "&amp;", "&");
    if (text.find_first_not_of(" \r\n") != std::string::npos) texts.push_back(text);
    at = std::min(html.find('>', open), html.size() - 1) + 1;
  }
  return texts;
}

struct SmtpReceiver::Session {
  int connection;
  bool open = true;
  bool in_message = false;
  ReceivedMail mail = {};
};

SmtpReceiver::SmtpReceiver(Script script) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  TOCSIN_CHECK(bind(listener_, generic, length) == 0, "loopback has a free port");
  TOCSIN_CHECK(getsockname(listener_, generic, &length) == 0, "a bound socket has a name");
  TOCSIN_CHECK(listen(listener_, 16) == 0, "a bound socket listens");
  TOCSIN_CHECK(pipe(wake_) == 0, "there are descriptors left");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

SmtpReceiver::~SmtpReceiver() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  close(listener_);
}

std::vector<ReceivedMail> SmtpReceiver::mails() const {
  const std::lock_guard lock(mutex_);
  return mails_;
}

std::vector<std::string> SmtpReceiver::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

void SmtpReceiver::run() {
  while (true) {
    pollfd polled[] = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    poll(polled, 2, -1);
    if (polled[0].revents != 0) return;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    serve(connection);
    close(connection);
  }
}

/// Whether the connection goes on.
bool SmtpReceiver::answer(int connection, const std::string& verb, const std::string& otherwise) {
  const auto scripted = script_.find(verb);
  const std::string said = scripted == script_.end() ? otherwise : scripted->second;
  if (said == kReset) return false;
  if (said == kHang) return true;
  const std::string line = said + "\r\n";
  return ::send(connection, line.data(), line.size(), MSG_NOSIGNAL) >= 0;
}

void SmtpReceiver::serve(int connection) {
  Session session{connection};
  session.open = answer(connection, "greeting", "220 mx.test ESMTP");
  std::string in;
  while (session.open) {
    pollfd polled[] = {{wake_[0], POLLIN, 0}, {connection, POLLIN, 0}};
    poll(polled, 2, -1);
    char buffer[4096];
    const ssize_t got = polled[0].revents != 0 ? 0 : recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) return;
    in.append(buffer, static_cast<std::size_t>(got));
    for (std::size_t end; session.open && (end = in.find("\r\n")) != std::string::npos;) {
      const std::string line = in.substr(0, end);
      in.erase(0, end + 2);
      take_line(session, line);
    }
  }
}

void SmtpReceiver::take_line(Session& session, const std::string& line) {
  if (session.in_message && line != ".") {
    session.mail.text += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
    return;
  }
  const std::string verb = line.substr(0, line.find_first_of(" :"));
  const std::lock_guard lock(mutex_);
  if (session.in_message) {
    session.in_message = false;
    mails_.push_back(std::exchange(session.mail, {}));
  } else {
    commands_.push_back(line);
  }
  if (verb == "MAIL") session.mail.from = between_brackets(line);
  if (verb == "RCPT") session.mail.to = between_brackets(line);
  session.in_message = verb == "DATA" && !script_.contains("DATA");
  session.open =
      answer(session.connection, verb, verb == "DATA" ? "354 go on" : "250 yes") && verb != "QUIT";
}

}  // namespace tocsin::testing
