#include "connectors/wire/smtp_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "router/core/text.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t kMostDetailBytes = 200;
constexpr std::string_view kScheme = "smtp://";

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* context) {
  auto& left = *static_cast<std::string_view*>(context);
  const std::size_t taken = std::min(size * count, left.size());
  left.copy(to, taken);
  left.remove_prefix(taken);
  return taken;
}

// What the server said, which libcurl gives line by line as headers: its last refusal counts, and
// what it says afterwards, to the end of the conversation, does not.
struct Heard {
  std::string last, refusal;
};
std::size_t hear(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& heard = *static_cast<Heard*>(context);
  const std::string line(bytes, std::min(size * count, kMostDetailBytes));
  (line.starts_with('4') || line.starts_with('5') ? heard.refusal : heard.last) = line;
  return size * count;
}

}  // namespace

Status check_smtp_url(const std::string& url) {
  if (!url.starts_with(kScheme) || url.size() == kScheme.size())
    return invalid("write smtp://HOST:PORT, such as smtp://127.0.0.1:25");
  const std::string_view rest = std::string_view(url).substr(kScheme.size());
  const bool plain = std::all_of(rest.begin(), rest.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']';
  });
  if (!plain)
    return invalid(
        "only a host and a port stand after smtp://; user and password are keys of their own");
  return ok();
}

Attempt send_mail(const MailServer& server, const std::string& from, const std::string& to,
                  const std::string& message, Duration budget) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  TOCSIN_CHECK(started == CURLE_OK, "libcurl can always be started");
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  TOCSIN_CHECK(handle != nullptr, "libcurl gives a handle while there is memory");
  const std::unique_ptr<curl_slist, FreeList> recipients(
      curl_slist_append(nullptr, ("<" + to + ">").c_str()));
  const std::string url = (server.tls == MailServer::Tls::tls ? "smtps" : "smtp") +
                          server.url.substr(kScheme.size() - std::string_view("://").size());
  const std::string sender = "<" + from + ">";
  std::string_view left = message;
  Heard heard;
  CURL* const c = handle.get();
  const long milliseconds = std::max<long>(
      1, static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(budget).count()));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_USE_SSL,
                   server.tls == MailServer::Tls::none ? static_cast<long>(CURLUSESSL_NONE)
                                                       : static_cast<long>(CURLUSESSL_ALL));
  if (!server.user.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, server.password.c_str());
  }
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(c, CURLOPT_READDATA, &left);
  curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear);
  curl_easy_setopt(c, CURLOPT_HEADERDATA, &heard);
  const CURLcode done = curl_easy_perform(c);
  const auto shown = [&](const std::string& words) {
    std::string said = cut(one_line(words), kMostDetailBytes);
    const bool repeats =
        !server.password.empty() && said.find(server.password) != std::string::npos;
    return repeats ? std::string("(its words are not shown)") : said;
  };
  if (done == CURLE_OK) return Attempt::accepted(heard.last.empty() ? "taken" : shown(heard.last));
  if (heard.refusal.empty() || done == CURLE_OPERATION_TIMEDOUT)
    return Attempt::retry_later(curl_easy_strerror(done));
  return heard.refusal.starts_with('5') ? Attempt::rejected(shown(heard.refusal))
                                        : Attempt::retry_later(shown(heard.refusal));
}

}  // namespace tocsin::wire
