// The readers that several sections share.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "router/disk/data_names.hpp"
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

constexpr unsigned kMostPort = 65535;

bool stays_below_data(const std::string& path) {
  const std::string framed = "/" + path + "/";
  return !path.starts_with('/') && framed.find("/../") == std::string::npos &&
         path.find_first_not_of("./") != std::string::npos;
}

// Where the path begins below --data; "./" in front of it means nothing.
std::string first_name(const std::string& path) {
  for (const auto& name : std::filesystem::path(path).lexically_normal()) return name.string();
  return "";
}

}  // namespace

std::optional<std::string> read_choice(const Value& value, std::string_view noun,
                                       const std::vector<std::string>& known,
                                       const std::vector<std::string_view>& later) {
  const auto word = value.word();
  if (!word) return std::nullopt;
  if (std::find(known.begin(), known.end(), *word) != known.end()) return word;
  if (std::find(later.begin(), later.end(), *word) != later.end()) {
    value.fault(std::string(kNotInThisVersion));
    return std::nullopt;
  }
  std::string all = "choose";
  for (const std::string& name : known)
    all += (&name == &known.front() ? " " : &name == &known.back() ? " or " : ", ") + name;
  value.fault(shown(*word) + " is no " + std::string(noun) + did_you_mean(*word, known, all));
  return std::nullopt;
}

std::optional<Severity> read_severity(const Value& value) {
  const auto word = read_choice(value, "severity", {"critical", "error", "warning", "info"});
  return word ? severity_named(*word) : std::nullopt;
}

std::optional<std::vector<Severity>> read_severities(const Value& value) {
  std::vector<Severity> severities;
  const auto entries = value.list();
  if (entries.empty() && value.node().kind == Node::Kind::sequence)
    value.fault("empty; leave it out for every severity");
  for (const Value& entry : entries) {
    const auto severity = read_severity(entry);
    if (!severity) continue;
    if (std::find(severities.begin(), severities.end(), *severity) != severities.end())
      entry.fault(shown(to_string(*severity)) + " stands here twice; remove one");
    else
      severities.push_back(*severity);
  }
  const bool whole = !severities.empty() && severities.size() == entries.size();
  return whole ? std::optional(std::move(severities)) : std::nullopt;
}

bool is_web_address(std::string_view text) {
  const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
  const auto fits = [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>' && c != '\\';
  };
  return scheme > 0 && text.size() > scheme && text[scheme] != '/' &&
         std::all_of(text.begin(), text.end(), fits);
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string_view inner = bracketed ? host.substr(1, host.size() - 2) : host;
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || (c == ':' && bracketed);
  };
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), number);
  return std::all_of(inner.begin(), inner.end(), fits) && problem == std::errc() &&
         end == port.data() + port.size() && number <= kMostPort;
}

void read_path_below_data(const Value& value, const std::string& example, std::string& path) {
  const auto text = value.some_text();
  if (!text || text->placeholder) return;
  if (!stays_below_data(text->value))
    value.fault("not a path below --data; write e.g. " + example);
  else if (is_own_name(first_name(text->value)))
    value.fault(shown(*text) + " is where tocsin keeps something else; write e.g. " + example);
  path = text->value;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
}

std::optional<std::string> read_link(const Value& value) {
  auto text = value.some_text();
  if (!text) return std::nullopt;
  if (text->placeholder) return std::move(text->value);
  if (!is_web_address(text->value))
    value.fault("not a web address; write e.g. https://playbooks.example.com/api");
  else if (text->value.size() > kMostLinkBytes)
    value.fault("longer than " + std::to_string(kMostLinkBytes) + " bytes; link to a shorter one");
  else
    return std::move(text->value);
  return std::nullopt;
}

std::optional<Text> read_secret(const Value& value) {
  auto secret = value.some_text();
  if (!secret || secret->placeholder) return secret;
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(secret->value.begin(), secret->value.end(), printable)) {
    value.fault("has blanks or characters outside ASCII; use letters, digits and - _ .");
  } else if (secret->value.size() < kLeastSecretBytes) {
    value.fault("use at least " + std::to_string(kLeastSecretBytes) +
                " characters, e.g. openssl rand -hex 24");
  } else if (secret->value.size() > kMostSecretBytes) {
    value.fault("use at most " + std::to_string(kMostSecretBytes) +
                " characters, e.g. openssl rand -hex 24");
  } else {
    return secret;
  }
  return std::nullopt;
}

}  // namespace tocsin::settings
