#include "connectors/wire/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "router/core/text.hpp"

namespace tocsin::wire {
namespace {

constexpr std::size_t kMostHeaderBytes = 64u << 10;
constexpr std::size_t kMostExcerptBytes = 200;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using List = std::unique_ptr<curl_slist, FreeList>;
using Url = std::unique_ptr<CURLU, FreeUrl>;

/// One for each thread, so that connections stay open from one message to the next.
CURL* handle_of_this_thread() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  TOCSIN_CHECK(started == CURLE_OK, "libcurl can always be started");
  thread_local const Handle handle(curl_easy_init());
  TOCSIN_CHECK(handle != nullptr, "libcurl gives a handle while there is memory");
  curl_easy_reset(handle.get());
  return handle.get();
}

struct Receiving {
  CURL* handle;
  std::size_t most_answer;
  Answer answer;
  std::size_t header_bytes = 0;
  bool head_complete = false;  // of the final answer, not of a 100 before it
};

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* context) {
  Receiving& receiving = *static_cast<Receiving*>(context);
  const std::string_view line(bytes, size * count);
  receiving.header_bytes += line.size();
  if (receiving.header_bytes > kMostHeaderBytes) return 0;
  if (line != "\r\n" && line != "\n") return line.size();
  long status = 0;
  curl_easy_getinfo(receiving.handle, CURLINFO_RESPONSE_CODE, &status);
  receiving.head_complete = status >= 200;
  return line.size();
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* context) {
  Receiving& receiving = *static_cast<Receiving*>(context);
  std::string& body = receiving.answer.body;
  const std::size_t fits = std::min(size * count, receiving.most_answer - body.size());
  body.append(bytes, fits);
  return fits;  // less than offered ends the transfer: nobody reads further
}

List header_list(const OutgoingRequest& request) {
  List list;
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    TOCSIN_CHECK(longer != nullptr, "a header fits into memory");
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers)
    add(value.empty() ? name + ";" : name + ": " + one_line(value));
  add("Expect:");  // a wait of a second for an answer that few servers give
  return list;
}

void prepare(CURL* handle, const OutgoingRequest& request, const curl_slist* headers,
             Duration budget) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(budget).count();
  const long most = static_cast<long>(std::clamp<std::int64_t>(milliseconds, 1, 3'600'000));
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "tocsin");
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, most);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, most);
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT,
                   1L);  // or a hung resolver outlasts the deadline by ten seconds
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
}

/// Whether the request can have left this machine: if not, trying again is no duplicate.
bool nothing_was_sent(CURL* handle, CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return true;
    default:
      break;
  }
  curl_off_t ready = 0;  // when the connection was ready to carry the request
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
  return ready == 0;
}

/// scheme://host:port; the path and the query of a webhook are often secrets.
std::string shown(const std::string& url) {
  const Url parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return "the URL";
  std::string text;
  for (const CURLUPart part : {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT}) {
    char* value = nullptr;
    if (curl_url_get(parsed.get(), part, &value, 0) == CURLUE_OK)
      text += (part == CURLUPART_HOST   ? "://"
               : part == CURLUPART_PORT ? ":"
                                        : "") +
              std::string(value);
    curl_free(value);
  }
  return one_line(text);
}

// `said`: by libcurl of this transfer. Only of a certificate is it shown, whose words have nothing
// of the request.
Error failure(CURL* handle, CURLcode code, const char* said, const OutgoingRequest& request) {
  const bool certificate = code == CURLE_PEER_FAILED_VERIFICATION && *said != '\0';
  std::string message =
      shown(request.url) + ": " + (certificate ? one_line(said) : curl_easy_strerror(code));
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) return invalid(message);
  if (nothing_was_sent(handle, code)) return unavailable(message + "; nothing was sent");
  return unknown_outcome(message + "; it may have arrived");
}

}  // namespace

Result<Answer> send(const OutgoingRequest& request, Duration budget) {
  CURL* const handle = handle_of_this_thread();
  const List headers = header_list(request);
  Receiving receiving{handle, request.most_answer, {}};
  prepare(handle, request, headers.get(), budget);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &receiving);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &receiving);

  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, said);
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  // Once its head is here the answer counts, however its body ends: asking again would be a
  // duplicate.
  if (code != CURLE_OK && !receiving.head_complete) return failure(handle, code, said, request);

  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  receiving.answer.status = static_cast<int>(status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after);
  if (retry_after > 0)
    receiving.answer.retry_after =
        std::chrono::seconds(std::min<curl_off_t>(retry_after, kMostRetryAfter.count()));
  return std::move(receiving.answer);
}

Attempt to_attempt(const Result<Answer>& answer) {
  if (!answer) {
    const Error& error = answer.error();
    return error.kind == ErrorKind::invalid ? Attempt::rejected(error.message)
                                            : Attempt::retry_later(error.message);
  }
  const int status = answer->status;
  std::string detail = "HTTP " + std::to_string(status);
  if (status >= 200 && status < 300) return Attempt::accepted(detail);
  if (status >= 300 && status < 400)
    return Attempt::rejected(detail +
                             ": redirects are not followed; configure the address it leads to");
  const std::string says = cut(
      one_line(std::string_view(answer->body).substr(0, 4 * kMostExcerptBytes)), kMostExcerptBytes);
  if (!says.empty()) detail += ": " + says;
  const bool temporary = status == 408 || status == 425 || status == 429 || status >= 500;
  return temporary ? Attempt::retry_later(detail, answer->retry_after) : Attempt::rejected(detail);
}

Status check_url(const std::string& url) {
  if (url != one_line(url) || url.find(' ') != std::string::npos)
    return invalid("the URL holds blanks or control characters; write a blank as %20");
  const Url parsed(curl_url());
  TOCSIN_CHECK(parsed != nullptr, "libcurl gives a URL while there is memory");
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return invalid("the URL must begin with http:// or https://");
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0);
  if (code != CURLUE_OK)
    return invalid(std::string("not a URL such as https://host:8080/path (") +
                   curl_url_strerror(code) + ")");
  return ok();
}

}  // namespace tocsin::wire
