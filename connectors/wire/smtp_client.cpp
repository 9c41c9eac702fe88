#include "connectors/wire/smtp_client.hpp"

#include <curl/curl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t kMostReplyBytes = 200;
constexpr std::size_t kMostReplies = 1000;  // lines; no dialogue of one mail has so many
constexpr int kSmtpPort = 25, kSmtpsPort = 465;
constexpr int kMostPort = 65535;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using List = std::unique_ptr<curl_slist, FreeList>;

std::int64_t milliseconds_of(Duration budget) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(budget).count();
  return std::clamp<std::int64_t>(count, 1, 3'600'000);
}

/// Says when the time is over. libcurl's own deadline does not hold for its parting word: a server
/// that never answers QUIT would keep it for two minutes.
class Deadline {
 public:
  explicit Deadline(Duration budget)
      : timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    TOCSIN_CHECK(timer_ >= 0, "there are descriptors left");
    const std::int64_t all = milliseconds_of(budget);
    itimerspec when{};
    when.it_value = {all / 1000, all % 1000 * 1'000'000};
    timerfd_settime(timer_, 0, &when, nullptr);
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { close(timer_); }

  bool is_over() {
    std::uint64_t times = 0;
    over_ = over_ || read(timer_, &times, sizeof times) > 0;
    return over_;
  }

 private:
  int timer_;
  bool over_ = false;
};

struct Dialogue {
  explicit Dialogue(const Mail& mail, Duration budget) : left(mail.message), deadline(budget) {}

  std::string_view left;     // of the message, not yet handed over
  bool handed_over = false;  // all of it
  std::size_t replies = 0;
  SmtpAnswer last;          // what the server said last
  SmtpAnswer refusal;       // and the last time that it said no
  bool after_mail = false;  // and it said it of the whole message
  Deadline deadline;
};

std::size_t hand_over(char* into, std::size_t size, std::size_t count, void* context) {
  Dialogue& dialogue = *static_cast<Dialogue*>(context);
  const std::size_t part = std::min(size * count, dialogue.left.size());
  std::copy_n(dialogue.left.data(), part, into);
  dialogue.left.remove_prefix(part);
  if (part == 0) dialogue.handed_over = true;
  return part;
}

/// Every line of the server's comes here.
std::size_t take_reply(char* bytes, std::size_t size, std::size_t count, void* context) {
  Dialogue& dialogue = *static_cast<Dialogue*>(context);
  const std::string_view line(bytes, size * count);
  if (++dialogue.replies > kMostReplies) return 0;
  if (dialogue.after_mail || line.size() < 4 || line[3] == '-') return line.size();
  int code = 0;
  std::from_chars(line.data(), line.data() + 3, code);
  dialogue.last = {code, cut(one_line(line.substr(4)), kMostReplyBytes)};
  if (code >= 400) dialogue.refusal = dialogue.last;
  dialogue.after_mail = dialogue.handed_over;
  return line.size();
}

int go_on(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Dialogue*>(context)->deadline.is_over() ? 1 : 0;
}

std::string shown(const SmtpServer& server) {
  return (server.tls == SmtpServer::Tls::immediate ? "smtps://" : "smtp://") + server.host + ":" +
         std::to_string(server.port);
}

void prepare(CURL* handle, const SmtpServer& server, const Mail& mail, const curl_slist* to,
             Duration budget) {
  const auto most = static_cast<long>(milliseconds_of(budget));
  curl_easy_setopt(handle, CURLOPT_URL, shown(server).c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_USE_SSL,
                   server.tls == SmtpServer::Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL);
  if (!server.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, most);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, most);
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
}

/// A server that repeats what it was told would put a password into our logs.
bool tells_a_secret(const SmtpServer& server, const std::string& text) {
  if (server.password.empty()) return false;
  using namespace std::string_literals;
  for (const std::string& secret : {server.password, base64(server.password),
                                    base64("\0"s + server.user + "\0"s + server.password)})
    if (text.find(secret) != std::string::npos) return true;
  return false;
}

std::string failure_of(const SmtpServer& server, CURLcode code) {
  const std::string where = shown(server) + ": ";
  if (code == CURLE_USE_SSL_FAILED)
    return where + "the server offers no STARTTLS; ask who runs it, or write tls: none";
  if (code == CURLE_LOGIN_DENIED) return where + "the server takes no sign-in that is known here";
  return where + curl_easy_strerror(code);
}

}  // namespace

Result<SmtpAnswer> send(const SmtpServer& server, const Mail& mail, Duration budget) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  TOCSIN_CHECK(started == CURLE_OK, "libcurl can always be started");
  const Handle handle(curl_easy_init());
  const List to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  TOCSIN_CHECK(handle && to, "libcurl gives a handle while there is memory");
  Dialogue dialogue(mail, budget);
  prepare(handle.get(), server, mail, to.get(), budget);
  curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, hand_over);
  curl_easy_setopt(handle.get(), CURLOPT_READDATA, &dialogue);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, take_reply);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &dialogue);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, go_on);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &dialogue);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);

  const CURLcode code = curl_easy_perform(handle.get());
  long last_code = 0;  // but for the answer to QUIT
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &last_code);
  // What it said of the whole mail counts, however the dialogue ended; otherwise a refusal counts.
  const bool refused = last_code >= 400 && last_code == dialogue.refusal.code;
  if (dialogue.after_mail || refused) {
    SmtpAnswer answer = dialogue.after_mail ? dialogue.last : dialogue.refusal;
    if (tells_a_secret(server, answer.text)) answer.text = "(its text is not shown)";
    return answer;
  }
  if (dialogue.handed_over)
    return unknown_outcome(failure_of(server, code) + "; the mail may have been taken");
  return unavailable(failure_of(server, code) + "; nothing was sent");
}

Attempt to_attempt(const Result<SmtpAnswer>& answer) {
  if (!answer) return Attempt::retry_later(answer.error().message);
  const std::string detail =
      "SMTP " + std::to_string(answer->code) + (answer->text.empty() ? "" : ": " + answer->text);
  if (answer->code >= 500) return Attempt::rejected(detail);
  return answer->code >= 200 && answer->code < 300 ? Attempt::accepted(detail)
                                                   : Attempt::retry_later(detail);
}

Result<SmtpServer> smtp_server(const std::string& url) {
  const Error wrong = invalid("write a server such as smtp://mail.example.com:587, without a path");
  constexpr std::string_view kPlain = "smtp://", kTls = "smtps://";
  std::string_view rest = url;
  SmtpServer server;
  if (rest.starts_with(kTls)) {
    server.tls = SmtpServer::Tls::immediate;
    server.port = kSmtpsPort;
    rest.remove_prefix(kTls.size());
  } else if (rest.starts_with(kPlain)) {
    server.port = kSmtpPort;
    rest.remove_prefix(kPlain.size());
  } else {
    return wrong;
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
  if (bracket == std::string_view::npos) return wrong;
  const std::size_t colon = rest.find(':', bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = rest.substr(colon + 1);
    const auto read = std::from_chars(port.data(), port.data() + port.size(), server.port);
    if (read.ec != std::errc() || read.ptr != port.data() + port.size() || server.port < 1 ||
        server.port > kMostPort)
      return wrong;
    rest = rest.substr(0, colon);
  }
  server.host = rest;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_[]:").find(c) != std::string_view::npos;
  };
  if (rest.empty() || !std::all_of(rest.begin(), rest.end(), fits)) return wrong;
  return server;
}

bool is_loopback(const SmtpServer& server) {
  return server.host == "localhost" || server.host == "[::1]" || server.host.starts_with("127.");
}

}  // namespace tocsin::wire
