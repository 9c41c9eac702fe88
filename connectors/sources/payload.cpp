#include "connectors/sources/payload.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "connectors/sources/json_repair.hpp"
#include "connectors/sources/limits.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {

struct Json::Node {
  std::shared_ptr<const nlohmann::json> root;
  const nlohmann::json* at = nullptr;
};

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr WallTime kZeroTime = WallTime(std::chrono::seconds(-62'135'596'800));  // 0001-01-01
constexpr std::size_t kShownErrorBytes = 200;

std::string written(const nlohmann::json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get_ref<const std::string&>();
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<double> as_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;  // "nan" and "inf" are words to us
  return value;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (escape) {
      plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of a header's parameter: boundary="x", name=y.
std::string parameter(std::string_view header, std::string_view name) {
  for (std::size_t at = 0; at < header.size();) {
    const std::size_t end = std::min(header.find(';', at), header.size());
    const std::string_view part = trimmed(header.substr(at, end - at));
    at = end + 1;
    if (part.size() <= name.size() || part[name.size()] != '=' ||
        !std::equal(name.begin(), name.end(), part.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); }))
      continue;
    std::string_view value = part.substr(name.size() + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

Result<std::shared_ptr<const nlohmann::json>> tree_of(std::string_view text) {
  bool deep = false;
  const auto shallow = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    deep = deep || depth > static_cast<int>(kMostJsonDepth);
    return !deep;
  };
  try {
    auto root = std::make_shared<nlohmann::json>(nlohmann::json::parse(text, shallow));
    if (deep)
      return invalid("it is nested more than " + std::to_string(kMostJsonDepth) + " levels deep");
    return std::shared_ptr<const nlohmann::json>(std::move(root));
  } catch (const nlohmann::json::exception& error) {
    return invalid("it is not JSON: " + cut(one_line(error.what()), kShownErrorBytes));
  }
}

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto root = tree_of(text);
  if (!root)
    if (const std::string repaired = repaired_json(text); repaired != text)
      if (auto again = tree_of(repaired)) root = std::move(again);
  if (!root) return std::move(root).error();
  const nlohmann::json* const at = root->get();
  return Json(std::make_shared<const Node>(Node{*std::move(root), at}));
}

Json Json::object(const std::multimap<std::string, std::string>& pairs) {
  auto root = std::make_shared<nlohmann::json>(nlohmann::json::object());
  for (const auto& [name, value] : pairs)
    if (!root->contains(name)) (*root)[name] = value;
  const nlohmann::json* const at = root.get();
  return Json(std::make_shared<const Node>(Node{std::move(root), at}));
}

bool Json::is_null() const { return !node_ || node_->at->is_null(); }
bool Json::is_object() const { return node_ && node_->at->is_object(); }
bool Json::is_array() const { return node_ && node_->at->is_array(); }
bool Json::is_text() const { return node_ && node_->at->is_string(); }

Json Json::operator[](std::string_view member) const {
  if (!is_object()) return {};
  const auto found = node_->at->find(std::string(member));
  if (found == node_->at->end()) return {};
  return Json(std::make_shared<const Node>(Node{node_->root, &*found}));
}

Json Json::at_pointer(std::string_view pointer) const {
  Json at = *this;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return {};
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string part(pointer.substr(0, end));
    pointer.remove_prefix(end);
    for (const auto& [from, to] : {std::pair("~1", "/"), std::pair("~0", "~")})
      for (std::size_t i = 0; (i = part.find(from, i)) != std::string::npos; ++i)
        part.replace(i, 2, to);
    if (at.is_array()) {
      std::size_t index = 0;
      const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), index);
      const bool whole = error == std::errc() && stop == part.data() + part.size();
      const nlohmann::json& list = *at.node_->at;
      if (!whole || index >= list.size()) return {};
      at = Json(std::make_shared<const Node>(Node{at.node_->root, &list[index]}));
    } else {
      at = at[part];
    }
  }
  return at;
}

std::string Json::text() const { return node_ ? written(*node_->at) : std::string(); }

std::optional<double> Json::number() const {
  if (!node_) return std::nullopt;
  if (node_->at->is_number()) return node_->at->get<double>();
  return node_->at->is_string() ? as_number(node_->at->get_ref<const std::string&>())
                                : std::nullopt;
}

bool Json::truth() const {
  const std::string said = text();
  return said == "true" || said == "1" || said == "True";
}

std::vector<Json> Json::items() const {
  std::vector<Json> all;
  if (is_array())
    for (const nlohmann::json& each : *node_->at)
      all.push_back(Json(std::make_shared<const Node>(Node{node_->root, &each})));
  return all;
}

std::vector<std::pair<std::string, Json>> Json::members() const {
  std::vector<std::pair<std::string, Json>> all;
  if (is_object())
    for (const auto& each : node_->at->items())
      all.emplace_back(each.key(),
                       Json(std::make_shared<const Node>(Node{node_->root, &each.value()})));
  return all;
}

std::size_t Json::size() const { return is_object() || is_array() ? node_->at->size() : 0; }

std::string first_text(const std::vector<Json>& values) {
  for (const Json& value : values)
    if (std::string text = value.text(); !text.empty()) return text;
  return {};
}

std::multimap<std::string, std::string> read_form(std::string_view body) {
  std::multimap<std::string, std::string> pairs;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace(unescaped(pair.substr(0, equals)),
                  unescaped(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

std::multimap<std::string, std::string> read_multipart(std::string_view content_type,
                                                       std::string_view body) {
  std::multimap<std::string, std::string> pairs;
  const std::string boundary = "--" + parameter(content_type, "boundary");
  if (boundary.size() == 2) return pairs;
  for (std::size_t at = body.find(boundary); at != std::string_view::npos;) {
    const std::size_t from = at + boundary.size();
    at = body.find(boundary, from);
    if (at == std::string_view::npos) break;
    const std::string_view part = body.substr(from, at - from);
    const std::size_t head_end = part.find("\r\n\r\n");
    if (head_end == std::string_view::npos || !part.ends_with("\r\n")) continue;
    const std::string_view head = part.substr(0, head_end);
    if (head.find("filename=") != std::string_view::npos) continue;
    const std::size_t disposition = head.find("form-data");
    if (disposition == std::string_view::npos) continue;
    const std::size_t line_end = std::min(head.find("\r\n", disposition), head.size());
    const std::string name = parameter(head.substr(disposition, line_end - disposition), "name");
    const std::string_view value = part.substr(head_end + 4);
    pairs.emplace(name, value.substr(0, value.size() - 2));
  }
  return pairs;
}

std::optional<WallTime> time_of(const Json& value) {
  const std::string text = value.text();
  if (text.empty()) return std::nullopt;
  if (const auto number = as_number(text)) {
    // Whatever the unit, the moment is between 2001 and 2286.
    double seconds = std::abs(*number);
    for (int unit = 0; unit < 3 && seconds >= 1e10; ++unit) seconds /= 1000;
    if (seconds < 1e9 || seconds >= 1e10 || *number < 0) return std::nullopt;
    return WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
  }
  const auto time = parse_rfc3339(text);
  if (!time || *time == kZeroTime) return std::nullopt;
  return *time;
}

void Draft::label_cut(std::string_view name, std::string_view value) {
  label(name, cut(one_line(value), kMostLabelValueBytes));
}

std::string label_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, std::min(text.size(), kMostLabelNameBytes))) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += fits ? c : '_';
  }
  return name;
}

std::string short_key(std::string_view key) {
  return key.size() > kMostKeyBytes ? "sha256:" + hex(sha256(key)) : std::string(key);
}

Result<Alert> finish(const Draft& draft, WallTime received) {
  if (std::string fault = draft.labels.label_fault(); !fault.empty())
    return invalid(std::move(fault));
  Alert alert;
  alert.labels = draft.labels.labels();
  alert.key = draft.key.empty() ? fingerprint(alert.labels) : short_key(draft.key);
  alert.annotations = draft.annotations.annotations();
  if (draft.generator_url.size() <= kMostGeneratorUrlBytes)
    alert.generator_url = draft.generator_url;
  alert.status = draft.status;
  alert.ends_at = draft.ends_at;
  if (alert.status == AlertStatus::resolved && (!alert.ends_at || *alert.ends_at > received))
    alert.ends_at = received;
  alert.starts_at = draft.starts_at.value_or(std::min(alert.ends_at.value_or(received), received));
  return alert;
}

}  // namespace tocsin::connectors::sources
