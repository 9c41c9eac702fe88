#include "connectors/stores/redis_layout.hpp"

#include <charconv>

#include "router/core/cbor.hpp"

namespace tocsin::store {
namespace {

constexpr std::size_t kPositionDigits = 20;
constexpr std::size_t kHistoryItems = 11;

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

}  // namespace

std::string key_word(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string word;
  for (const char c : text) {
    if (stands_for_itself(c)) {
      word += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    word += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return word;
}

std::string list_ending(const Query& query) {
  std::string ending;
  if (!query.team.empty()) ending += ":team=" + key_word(query.team);
  if (query.severity) ending += ":severity=" + std::to_string(static_cast<int>(*query.severity));
  if (query.gameday) ending += ":gameday=" + key_word(*query.gameday);
  return ending;
}

std::string position_digits(Position position) {
  const std::string digits = std::to_string(position);
  return std::string(kPositionDigits - digits.size(), '0') + digits;
}

Position position_of(std::string_view digits) {
  Position position = 0;
  static_cast<void>(std::from_chars(digits.data(), digits.data() + digits.size(), position));
  return position;
}

std::string encode_history(const History& incident) {
  cbor::Writer out;
  out.array(kHistoryItems);
  out.text(incident.id.text).unsigned_number(incident.partition);
  out.text(incident.state).text(incident.team);
  out.unsigned_number(static_cast<std::uint64_t>(incident.severity)).text(incident.gameday);
  out.number(incident.opened_at.time_since_epoch().count());
  out.number(incident.resolved_at.time_since_epoch().count());
  out.array(incident.alerts.size());
  for (const AlertId& alert : incident.alerts) out.text(alert.text);
  out.array(incident.configurations.size());
  for (const std::string& hash : incident.configurations) out.text(hash);
  out.text(incident.body);
  return out.take();
}

std::optional<History> decode_history(std::string_view bytes, std::string_view checksum) {
  cbor::Reader in(bytes);
  History incident;
  if (in.array() < kHistoryItems) return std::nullopt;
  incident.id.text = in.text();
  incident.partition = static_cast<Partition>(in.unsigned_number());
  incident.state = in.text();
  incident.team = in.text();
  const std::uint64_t severity = in.unsigned_number();
  if (severity > static_cast<std::uint64_t>(Severity::critical)) return std::nullopt;
  incident.severity = static_cast<Severity>(severity);
  incident.gameday = in.text();
  incident.opened_at = WallTime(Duration(in.number()));
  incident.resolved_at = WallTime(Duration(in.number()));
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left)
    incident.alerts.push_back({std::string(in.text())});
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left)
    incident.configurations.emplace_back(in.text());
  incident.body = in.text();
  if (!in.ok() || std::to_string(checksum_of(incident)) != checksum) return std::nullopt;
  return incident;
}

}  // namespace tocsin::store
