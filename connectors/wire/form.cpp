#include "connectors/wire/form.hpp"

#include <algorithm>

namespace tocsin::wire {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
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

auto find(const Form& form, std::string_view name) {
  return std::find_if(form.begin(), form.end(),
                      [&](const auto& pair) { return pair.first == name; });
}

}  // namespace

Form read_form(std::string_view text) {
  Form form;
  while (!text.empty() && form.size() < kMostFormPairs) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    form.emplace_back(decoded(pair.substr(0, equals)),
                      decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return form;
}

std::string value_of(const Form& form, std::string_view name) {
  const auto found = find(form, name);
  return found == form.end() ? std::string() : found->second;
}

bool has(const Form& form, std::string_view name) { return find(form, name) != form.end(); }

}  // namespace tocsin::wire
