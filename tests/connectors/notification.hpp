// A notification with every field filled, for the tests of channels.
#pragma once

#include "connectors/channel.hpp"
#include "router/core/time.hpp"

namespace tocsin::testing {

inline connectors::Notification sample_notification() {
  connectors::Notification n;
  n.id.text = "msg-7zq4m2k9w1x3c5v8";
  n.contact = {"ada", "hook", "ada-phone"};
  n.incident = "7zq4m2k9w1x3c5v8";
  n.title = "HighErrorRate: checkout";
  n.severity = Severity::critical;
  n.impact = "Customers cannot pay";
  n.team = "payments";
  n.service = "checkout";
  n.summary = "Error rate is 0.75";
  n.why = "You are on call for payments (step 1 of 2).";
  n.alerts = 3;
  n.labels = Fields({{"alertname", "HighErrorRate"}, {"cluster", "eu-1"}, {"severity", "page"}});
  n.opened_at = *parse_rfc3339("2026-11-22T01:51:51Z");
  n.now = *parse_rfc3339("2026-11-22T02:04:11Z");
  n.acknowledge_url = "http://localhost:8321/p/7zq4m2k9.c2lnbmF0dXJl";
  n.console_url = "http://localhost:8321/incidents/7zq4m2k9w1x3c5v8";
  n.receipt_url = "http://localhost:8321/r/7zq4m2k9.c2lnbmF0dXJl";
  n.press = "7zq4m2k9w1x3c5v8.1796000000.c2lnbmF0dXJlc2lnbmF0dXJlc2k";
  n.answer_url = "http://localhost:8321/answers/hook";
  n.incident_json = R"({"id":"7zq4m2k9w1x3c5v8","state":"open"})";
  return n;
}

/// The same of a drill, as it is composed.
inline connectors::Notification sample_drill(MessageKind kind = MessageKind::page) {
  connectors::Notification n = sample_notification();
  n.kind = kind;
  n.gameday = "payments-staging";
  n.mark = "[GAMEDAY payments-staging]";
  n.title = n.mark + " " + n.title;
  if (kind == MessageKind::drill_paused)
    n.why = "This drill has paused: a real incident opened for team payments: db down (9xx1)";
  return n;
}

/// Every kind of message that a channel is handed; drill_paused is of drills only.
inline constexpr MessageKind kToChannels[] = {MessageKind::page,   MessageKind::resolved,
                                              MessageKind::advice, MessageKind::no_procedure,
                                              MessageKind::digest, MessageKind::drill_paused,
                                              MessageKind::bundle, MessageKind::resolved_bundle};

}  // namespace tocsin::testing
