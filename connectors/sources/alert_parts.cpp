#include "connectors/sources/alert_parts.hpp"

#include <algorithm>
#include <array>

#include "connectors/sources/limits.hpp"
#include "router/core/digest.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::array<std::string_view, 36> kIdentifying{
    "app",         "application", "availability_zone",
    "cluster",     "component",   "container",
    "database",    "datacenter",  "deployment",
    "device",      "entity",      "env",
    "environment", "gameday",     "host",
    "hostname",    "instance",    "job",
    "namespace",   "network",     "node",
    "pod",         "product",     "project",
    "queue",       "region",      "rule",
    "service",     "site",        "stage",
    "stack",       "team",        "tenant",
    "tier",        "topic",       "zone"};

constexpr std::array<std::string_view, 26> kResolvedWords{
    "resolved",  "resolve",  "ok",      "okay",   "closed",     "close",    "recovery",
    "recovered", "recover",  "cleared", "clear",  "up",         "normal",   "ended",
    "end",       "finished", "success", "passed", "healthy",    "inactive", "green",
    "good",      "solved",   "fixed",   "done",   "deactivated"};
constexpr std::array<std::string_view, 28> kFiringWords{
    "firing",  "fired",   "trigger", "triggered", "alerting", "alert",   "open",
    "opened",  "problem", "down",    "critical",  "warning",  "error",   "failed",
    "failure", "fail",    "active",  "activated", "start",    "started", "create",
    "created", "new",     "raised",  "unhealthy", "red",      "bad",     "no_data"};
constexpr std::array<std::string_view, 4> kAcknowledgedWords{"acknowledged", "acknowledge", "ack",
                                                             "acknowledgement"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return low;
}

std::string_view first_line(std::string_view text) {
  text = trimmed(text);
  return trimmed(text.substr(0, std::min(text.find('\n'), text.size())));
}

bool identifies(std::string_view name) {
  const std::string low = lower(name);
  return std::find(kIdentifying.begin(), kIdentifying.end(), low) != kIdentifying.end();
}

void add_details(Draft& draft, const Json& details) {
  if (!details.is_object()) return draft.annotation("details", details.text());
  for (const auto& [name, value] : details.members()) {
    if (name.empty()) continue;
    const bool one = !value.is_object() && !value.is_array();
    if (one && identifies(name))
      draft.label_cut(lower(name), value.text());
    else
      draft.annotation(name, value.text());
  }
}

void add_tag(Draft& draft, std::string_view tag) {
  const std::size_t at = tag.find_first_of(":=");
  if (at == std::string_view::npos || !identifies(trimmed(tag.substr(0, at)))) return;
  draft.label_cut(lower(trimmed(tag.substr(0, at))), trimmed(tag.substr(at + 1)));
}

std::string made_up_key(const HttpRequest& request, const SourceContext& context) {
  const auto number = [](auto value) { return std::to_string(value) + " "; };
  const Instant& at = context.received;
  std::string digits = hex(sha256(number(at.wall.time_since_epoch().count()) +
                                  number(at.machine_boot) + number(at.elapsed.count()) +
                                  request.method + " " + context.path + " " + request.body));
  for (const std::size_t dash : {8u, 13u, 18u, 23u}) digits.insert(dash, "-");
  return digits.substr(0, 36);
}

std::string absolute_url(std::string_view url, std::string_view base) {
  if (url.empty() || url.find("://") != std::string_view::npos || base.empty())
    return std::string(url);
  std::string whole(base);
  if (url.front() == '/') {
    const std::size_t host = whole.find("://");
    const std::size_t path =
        host == std::string::npos ? std::string::npos : whole.find('/', host + 3);
    if (path != std::string::npos) whole.resize(path);
  }
  return whole + std::string(url);
}

State state_of(std::string_view word) {
  std::string low = lower(trimmed(word));
  std::replace(low.begin(), low.end(), '-', '_');
  if (among(kResolvedWords, low)) return State::resolved;
  if (among(kFiringWords, low)) return State::firing;
  if (among(kAcknowledgedWords, low)) return State::acknowledged;
  return State::unknown;
}

}  // namespace tocsin::connectors::sources
