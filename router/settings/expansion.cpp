#include "router/settings/expansion.hpp"

#include <algorithm>

#include "router/settings/report.hpp"
#include "router/settings/yaml_text.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kFilePrefix = "file:";

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

void put(const std::string& what, const std::string& value, Expansion& into) {
  into.filled = true;
  if (into.text.size() + value.size() > kMostExpandedBytes) {
    into.wrong.push_back(what + " makes the value longer than 64 KiB; shorten it");
  } else if (find_bad_byte(value)) {
    into.wrong.push_back(what + " holds a control character or is not UTF-8; mend it");
  } else {
    into.text += value;
  }
}

void put_file(const std::string& path, const Environment& environment, Expansion& into) {
  auto content = environment.file(path);
  if (!content) {
    into.missing.push_back(content.error().message);
    return;
  }
  std::string value = std::move(*content);
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  put("the file " + shown(path), std::move(value), into);
}

void put_variable(const std::string& name, const Environment& environment, Expansion& into) {
  if (!is_variable_name(name)) {
    into.wrong.push_back(
        shown(name) + " names no variable; write ${NAME}, ${file:PATH}, or $${ for a literal ${");
  } else if (auto value = environment.variable(name)) {
    put("the environment variable " + name, std::move(*value), into);
  } else {
    into.missing.push_back("the environment variable " + name +
                           " is not set; set it before tocsin starts");
  }
}

}  // namespace

Expansion expand(std::string_view written, const Environment& environment) {
  Expansion into;
  while (!written.empty()) {
    if (written.starts_with("$${")) {
      into.text += "${";
      written.remove_prefix(3);
    } else if (written.starts_with("${")) {
      const std::size_t end = written.find('}');
      if (end == std::string_view::npos) {
        into.wrong.push_back(
            "a ${ without its }; write ${NAME}, ${file:PATH}, or $${ for a literal ${");
        return into;
      }
      const std::string name(written.substr(2, end - 2));
      if (name.starts_with(kFilePrefix))
        put_file(name.substr(kFilePrefix.size()), environment, into);
      else
        put_variable(name, environment, into);
      written.remove_prefix(end + 1);
    } else {
      into.text += written.front();
      written.remove_prefix(1);
    }
  }
  return into;
}

}  // namespace tocsin::settings
