// A call of a hook with every field filled, for the tests of hooks.
#pragma once

#include "connectors/hook.hpp"
#include "router/core/time.hpp"

namespace tocsin::testing {

inline connectors::HookCall sample_hook_call() {
  connectors::HookCall call;
  call.id.text = "msg-7zq4m2k9w1x3c5v8";
  call.hook = "restart-api";
  call.incident = "7zq4m2k9w1x3c5v8";
  call.title = "HighErrorRate: checkout";
  call.severity = Severity::critical;
  call.impact = "Customers cannot pay";
  call.team = "payments";
  call.service = "checkout";
  call.rule = "checkout-errors";
  call.labels = Fields({{"alertname", "HighErrorRate"}, {"service", "checkout"}});
  call.gameday = "payments-staging";
  call.dry_run = true;
  call.approved_by = "ada";
  call.now = *parse_rfc3339("2026-11-22T02:04:11Z");
  call.incident_json = R"({"id":"7zq4m2k9w1x3c5v8","state":"open"})";
  return call;
}

}  // namespace tocsin::testing
