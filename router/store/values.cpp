#include "router/store/values.hpp"

#include <charconv>

#include "router/core/checksum.hpp"

namespace tocsin::store {
namespace {

/// A checksum over parts that keeps them apart: "ab", "c" is not "a", "bc".
class Sum {
 public:
  Sum& number(std::int64_t value) {
    char digits[24];
    const auto [end, problem] = std::to_chars(digits, digits + sizeof digits - 1, value);
    *end = ';';
    value_ = crc32c({digits, static_cast<std::size_t>(end - digits) + 1}, value_);
    return *this;
  }
  Sum& text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    value_ = crc32c(value, value_);
    return *this;
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0;
};

Status fits(const std::string& body, const std::string& what) {
  if (body.size() <= kMostBodyBytes) return ok();
  return invalid(what + " has " + std::to_string(body.size()) +
                 " bytes and was not stored; at most " + std::to_string(kMostBodyBytes) +
                 " can be");
}

}  // namespace

Status within_limits(std::span<const History> incidents, std::span<const Snapshot> snapshots) {
  for (const History& incident : incidents) {
    TOCSIN_TRY([[maybe_unused]] Unit small, fits(incident.body, "incident " + incident.id.text));
  }
  for (const Snapshot& snapshot : snapshots) {
    TOCSIN_TRY([[maybe_unused]] Unit small,
               fits(snapshot.body, "the state of partition " + std::to_string(snapshot.partition)));
  }
  return ok();
}

Status configuration_within_limits(const std::string& body) {
  return fits(body, "a configuration");
}

std::uint32_t checksum_of(const Snapshot& snapshot) {
  return Sum()
      .number(snapshot.partition)
      .number(static_cast<std::int64_t>(snapshot.position))
      .text(snapshot.body)
      .value();
}

std::uint32_t checksum_of(const History& incident) {
  Sum sum;
  sum.text(incident.id.text).number(incident.partition).text(incident.state).text(incident.team);
  sum.number(static_cast<int>(incident.severity)).text(incident.gameday);
  sum.number(incident.opened_at.time_since_epoch().count());
  sum.number(incident.resolved_at.time_since_epoch().count());
  sum.number(static_cast<std::int64_t>(incident.alerts.size()));
  for (const AlertId& alert : incident.alerts) sum.text(alert.text);
  for (const std::string& hash : incident.configurations) sum.text(hash);
  return sum.text(incident.body).value();
}

std::uint32_t checksum_of_configuration(const std::string& hash, const std::string& body) {
  return Sum().text(hash).text(body).value();
}

}  // namespace tocsin::store
