#include "router/core/ids.hpp"

#include <cinttypes>
#include <cstdio>

namespace tocsin {
namespace {

constexpr std::size_t kIdBytes =
    10;  // 80 bits: 16 characters; a clash among a billion has odds of one in two million

std::string short_hash(const std::string& of) { return base32(sha256(of).data(), kIdBytes); }

}  // namespace

std::string to_string(const RecordId& id) {
  char text[48];
  std::snprintf(text, sizeof text, "%016" PRIx64 ".%x.%" PRIx64, id.boot, unsigned{id.partition},
                id.sequence);
  return text;
}

AlertId make_alert_id(const RecordId& record, std::uint32_t index) {
  return {short_hash("alert\n" + to_string(record) + "\n" + std::to_string(index))};
}

AlertId make_copy_id(const AlertId& original, const Realm& realm, std::uint32_t nth) {
  return {short_hash("copy\n" + original.text + "\n" + realm.text() + "\n" + std::to_string(nth))};
}

IncidentId make_incident_id(Partition partition, const AlertId& opening, const Realm& realm) {
  return {short_hash("incident\n" + std::to_string(partition) + "\n" + opening.text + "\n" +
                     realm.text())};
}

NoticeId make_notice_id(std::initializer_list<std::string_view> of) {
  std::string all = "notice";
  for (const std::string_view part : of)
    all.append("\n" + std::to_string(part.size()) + ":").append(part);
  return {std::string(kNoticeBegins) + short_hash(all)};
}

}  // namespace tocsin
