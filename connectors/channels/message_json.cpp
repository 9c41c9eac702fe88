#include "connectors/channels/message_json.hpp"

#include "connectors/wire/json_members.hpp"

namespace tocsin::connectors::channels {
namespace {

// What opened and ended while tocsin was away.
std::string digest_of(const Notification& n) {
  using wire::member;
  if (n.kind != MessageKind::digest) return "null";
  std::string list;
  for (const Passed& passed : n.passed)
    list += (list.empty() ? "" : ",") + ("{\"id\":" + json_string(passed.incident)) +
            member("title", json_string(passed.title)) +
            member("opened_at", json_string(format_rfc3339(passed.opened_at))) +
            member("ended_at", json_string(format_rfc3339(passed.ended_at))) + "}";
  return "{\"count\":" + std::to_string(n.passed_in_all) + member("incidents", "[" + list + "]") +
         "}";
}

// What is told at once, since it would be too much one by one.
std::string bundle_of(const Notification& n) {
  using wire::member;
  if (!is_bundle(n.kind)) return "null";
  std::string list;
  for (const Bundled& each : n.bundled)
    list += (list.empty() ? "" : ",") + ("{\"id\":" + json_string(each.incident)) +
            member("title", json_string(each.title)) +
            member("severity", json_string(to_string(each.severity))) +
            member("opened_at", json_string(format_rfc3339(each.opened_at))) +
            member("acknowledge_url", wire::text_or_null(each.acknowledge_url)) + "}";
  return "{\"count\":" + std::to_string(n.bundled_in_all) + member("incidents", "[" + list + "]") +
         "}";
}

// What belongs to no incident.
std::string notice_of(const Notification& n) {
  using wire::member;
  if (!is_of_notice(n.kind)) return "null";
  return "{\"about\":" + json_string(n.about) + member("text", json_string(n.why)) + "}";
}

// None of a drill's is one of a message in earnest.
std::string type_of(const Notification& n) {
  const std::string kind(to_string(n.kind));
  if (n.gameday.empty() || n.kind == MessageKind::drill_paused) return kind;
  return n.kind == MessageKind::page ? "drill" : "drill_" + kind;
}

}  // namespace

std::string message_json(const Notification& n, bool with_receipt) {
  using wire::member;
  using wire::text_or_null;
  return "{\"id\":" + json_string(n.id.text) + member("type", json_string(type_of(n))) +
         member("gameday", text_or_null(n.gameday)) +
         member("not_the_drill", text_or_null(n.not_the_drill)) +
         member("timestamp", json_string(format_rfc3339(n.now))) +
         member("title", json_string(n.title)) + member("person", text_or_null(n.contact.person)) +
         member("address", text_or_null(n.contact.address)) +
         member("incident", n.incident_json.empty() ? "null" : n.incident_json) +
         member("acknowledge_url", text_or_null(n.acknowledge_url)) +
         member("console_url", text_or_null(n.console_url)) +
         member("receipt_url", text_or_null(with_receipt ? n.receipt_url : "")) +
         member("digest", digest_of(n)) + member("bundle", bundle_of(n)) +
         member("notice", notice_of(n)) + "}";
}

}  // namespace tocsin::connectors::channels
