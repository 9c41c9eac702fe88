#include "router/ingest/front_door/answer.hpp"

#include <time.h>

#include <array>

#include "router/core/problem.hpp"
#include "router/ingest/front_door/text.hpp"

namespace tocsin::front_door {
namespace {

bool may_pass(const std::pair<std::string, std::string>& header) {
  const auto& [name, value] = header;
  if (!is_token(name) || has_control(value)) return false;
  for (const auto ours :
       {"content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "date"})
    if (same_word(name, ours)) return false;
  return true;
}

void add_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

HttpResponse problem(const Refusal& refusal) {
  HttpResponse response = tocsin::problem(refusal.status, refusal.detail);
  response.headers.insert(response.headers.end(), refusal.headers.begin(), refusal.headers.end());
  return response;
}

std::string serialise(const HttpResponse& response, const AnswerForm& form) {
  const int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
  const bool may_have_body = status != 204 && status != 304;

  std::string out;
  out.reserve(256 + (form.head_only ? 0 : response.body.size()));
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
  out.append(reason_phrase(status)).append("\r\n");
  add_header(out, "Date", form.date);
  if (may_have_body) add_header(out, "Content-Length", std::to_string(response.body.size()));
  if (may_have_body && !response.content_type.empty() && !has_control(response.content_type))
    add_header(out, "Content-Type", response.content_type);
  for (const auto& header : response.headers)
    if (may_pass(header)) add_header(out, header.first, header.second);
  // Said in both cases: HTTP/1.0 clients take silence for "close", HTTP/1.1 clients for
  // "keep-alive".
  add_header(out, "Connection", form.keep_alive ? "keep-alive" : "close");
  out.append("\r\n");
  if (may_have_body && !form.head_only) out.append(response.body);
  return out;
}

std::string http_date(WallTime time) {
  const time_t seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  tm parts{};
  gmtime_r(&seconds, &parts);
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 32> rest{};
  std::string result = kDays[static_cast<std::size_t>(parts.tm_wday)];
  result.append(rest.data(), strftime(rest.data(), rest.size(), ", %d ", &parts));
  result += kMonths[static_cast<std::size_t>(parts.tm_mon)];  // not strftime's: it has a locale
  result.append(rest.data(), strftime(rest.data(), rest.size(), " %Y %H:%M:%S GMT", &parts));
  return result;
}

}  // namespace tocsin::front_door
