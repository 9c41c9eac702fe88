#include "router/api/telephone.hpp"

#include <algorithm>
#include <array>

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t kMostDigits = 8;
constexpr std::size_t kMostWordBytes = 100;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      default:
        xml += c;
    }
  return xml;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<std::string> form_value(std::string_view form, std::string_view name) {
  if (form.size() > kMostTelephoneBytes) return std::nullopt;
  while (!form.empty()) {
    const std::size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name)
      return unescaped(pair.substr(std::min(equals + 1, pair.size())));
  }
  return std::nullopt;
}

std::optional<std::string> digits_pressed(const HttpRequest& request) {
  if (!form_value(request.body, "CallSid")) return std::nullopt;
  return form_value(request.body, "Digits").value_or("").substr(0, kMostDigits);
}

HttpResponse said_on_the_phone(const std::string& sentence) {
  return {200,
          R"(<?xml version="1.0" encoding="UTF-8"?><Response><Say>)" + escaped(one_line(sentence)) +
              "</Say><Hangup/></Response>",
          "text/xml",
          {}};
}

std::optional<TelephoneStatus> telephone_status(std::string_view form) {
  constexpr std::array<std::string_view, 2> kFailed{"undelivered", "failed"};
  constexpr std::array<std::string_view, 4> kNotAnswered{"busy", "no-answer", "failed", "canceled"};
  if (const auto message = form_value(form, "MessageStatus")) {
    const std::string code = form_value(form, "ErrorCode").value_or("");
    if (*message == "delivered") return TelephoneStatus{Attempt::receipt(true, "delivered")};
    if (is_one_of(*message, kFailed))
      return TelephoneStatus{Attempt::receipt(
          false,
          cut(one_line(*message + (code.empty() ? "" : ", error " + code)), kMostWordBytes))};
    return TelephoneStatus{};
  }
  if (const auto call = form_value(form, "CallStatus")) {
    if (is_one_of(*call, kNotAnswered))
      return TelephoneStatus{Attempt::receipt(false, cut(one_line(*call), kMostWordBytes))};
    // A mailbox answers as well; only a digit, or a person told apart from it, shows a person.
    const std::string by = form_value(form, "AnsweredBy").value_or("");
    if (*call == "completed" && by == "human")
      return TelephoneStatus{Attempt::receipt(true, "answered by a person")};
    if (*call == "completed" && by.starts_with("machine"))
      return TelephoneStatus{Attempt::receipt(false, "answered by a machine")};
    return TelephoneStatus{};
  }
  return std::nullopt;
}

}  // namespace tocsin::api
