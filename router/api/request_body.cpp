#include "router/api/request_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "router/core/text.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::json;

constexpr std::size_t kMostShown = 60;
constexpr std::string_view kMatchers = "matchers";
constexpr std::string_view kBlanks = " \t\r\n";  // of JSON, and no other byte

std::string shown(std::string_view text) { return cut(one_line(text), kMostShown); }

// Before it is parsed: what parses and frees it need not be trusted with depth.
bool too_deep(std::string_view bytes) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMostChangeDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// Alertmanager's {"name","value","isRegex","isEqual"}, where isEqual is true if it is left out.
Result<std::string> matcher_of(const json& object, const std::string& where) {
  bool is_regex = false, is_equal = true;
  std::optional<std::string> name, value;
  for (const auto& [key, member] : object.items()) {
    if (key == "name" && member.is_string())
      name = member.get<std::string>();
    else if (key == "value" && member.is_string())
      value = member.get<std::string>();
    else if (key == "isRegex" && member.is_boolean())
      is_regex = member.get<bool>();
    else if (key == "isEqual" && member.is_boolean())
      is_equal = member.get<bool>();
    else
      return invalid(where + "." + shown(key) +
                     R"(: a matcher has the texts name and value, and true or false for isRegex )"
                     R"(and isEqual)");
  }
  if (!name || name->empty() || !value)
    return invalid(where + R"(: write {"name": "service", "value": "api"}, or "service=\"api\"")");
  const char* const sign = is_regex ? (is_equal ? "=~" : "!~") : (is_equal ? "=" : "!=");
  return in_quotes(*name) + sign + in_quotes(*value);
}

Result<std::vector<std::string>> matchers_of(const json& list) {
  if (!list.is_array())
    return invalid(R"(matchers: a list, such as ["service=\"api\"", "env=~\"prod.*\""])");
  std::vector<std::string> matchers;
  for (const json& each : list) {
    const std::string where = "matchers[" + std::to_string(matchers.size()) + "]";
    if (each.is_string()) {
      matchers.push_back(each.get<std::string>());
    } else if (each.is_object()) {
      TOCSIN_TRY(std::string matcher, matcher_of(each, where));
      matchers.push_back(std::move(matcher));
    } else {
      return invalid(where + R"(: a text such as "service=\"api\"")");
    }
  }
  return matchers;
}

std::string joined(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all.empty() ? "none" : all;
}

std::string from_form(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

const std::string* ChangeBody::text(std::string_view name) const {
  const auto found = texts.find(name);
  return found == texts.end() ? nullptr : &found->second;
}

Result<ChangeBody> read_change(std::string_view bytes, std::span<const std::string_view> fields) {
  ChangeBody body;
  if (bytes.find_first_not_of(kBlanks) == std::string_view::npos) return body;
  if (bytes.size() > kMostChangeBytes)
    return invalid("the body: longer than " + std::to_string(kMostChangeBytes) +
                   " bytes; write less");
  if (too_deep(bytes)) return invalid("the body: nested too deeply; write one JSON object");
  const json parsed = json::parse(bytes, nullptr, false);
  if (!parsed.is_object())
    return invalid("the body: not a JSON object in UTF-8; its fields are: " + joined(fields));
  for (const auto& [name, value] : parsed.items()) {
    if (std::find(fields.begin(), fields.end(), name) == fields.end())
      return invalid(shown(name) + ": no such field; there are: " + joined(fields));
    if (name == kMatchers) {
      TOCSIN_TRY(body.matchers, matchers_of(value));
    } else if (value.is_string()) {
      body.texts.emplace(name, value.get<std::string>());
    } else if (!value.is_null()) {  // as if it had been left out
      return invalid(name + ": write it as a text, in double quotes");
    }
  }
  return body;
}

Result<std::string> needed_text(const ChangeBody& body, std::string_view name, std::size_t most) {
  const std::string* const text = body.text(name);
  if (!text || one_line(*text).find_first_not_of(' ') == std::string::npos)
    return invalid(std::string(name) + R"(: it is needed; write {")" + std::string(name) +
                   R"(": "some words"})");
  if (text->size() > most)
    return invalid(std::string(name) + ": longer than " + std::to_string(most) +
                   " bytes; write less");
  return *text;
}

Result<std::vector<std::string_view>> words_asked(std::string_view name, std::string_view asked,
                                                  std::span<const std::string_view> words) {
  std::vector<std::string_view> found;
  while (!asked.empty()) {
    const std::string_view word = asked.substr(0, asked.find(','));
    asked.remove_prefix(std::min(asked.size(), word.size() + 1));
    if (std::find(words.begin(), words.end(), word) == words.end())
      return invalid(std::string(name) + ": one of " + joined(words) +
                     ", or several with commas between");
    found.push_back(word);
  }
  return found;
}

Result<std::string> form_choice(const HttpRequest& request) {
  const Error wrong = invalid("This is not what the buttons of the page send. Open it again.");
  std::string_view rest = request.body;
  if (rest.size() > kMostFormBytes) return wrong;
  std::optional<std::string> choice;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || from_form(part.substr(0, equals)) != "do" || choice)
      return wrong;
    choice = from_form(part.substr(equals + 1));
  }
  return choice.value_or("");
}

}  // namespace tocsin::api
