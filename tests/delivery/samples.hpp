// Claims, channels and hooks that remember, for the tests of the last gate.
#pragma once

#include "router/delivery/letter.hpp"

namespace tocsin::tests {

constexpr WallTime kNow{std::chrono::seconds(1'795'312'363)};  // 2026-11-22T01:52:43Z

struct Heard {
  std::vector<connectors::Notification> messages;
  std::vector<connectors::HookCall> calls;
  bool nothing() const { return messages.empty() && calls.empty(); }
};

struct HearingChannel final : connectors::Channel {
  Heard& heard;
  explicit HearingChannel(Heard& by) : heard(by) {}
  Attempt deliver(const connectors::Notification& notification, Duration) override {
    heard.messages.push_back(notification);
    return Attempt::accepted("heard");
  }
};

struct HearingHook final : connectors::Hook {
  Heard& heard;
  explicit HearingHook(Heard& by) : heard(by) {}
  Attempt run(const connectors::HookCall& call, Duration) override {
    heard.calls.push_back(call);
    return Attempt::accepted("heard");
  }
};

inline delivery::Outlets outlets(Heard& heard, gameday::HookInDrill in_drill) {
  auto channels = std::make_shared<delivery::Channels>();
  channels->emplace("phone", std::make_unique<HearingChannel>(heard));
  auto hooks = std::make_shared<delivery::Hooks>();
  hooks->emplace("restart-api", delivery::HookOutlet{std::make_unique<HearingHook>(heard),
                                                     std::chrono::seconds(3), in_drill});
  return {std::move(channels), std::move(hooks)};
}

inline engine::MessageState sample_message(MessageKind kind) {
  engine::MessageState message;
  message.id.text = "msg-1";
  message.kind = kind;
  message.contact = kind == MessageKind::hook ? Contact{"", "hook:restart-api", ""}
                                              : Contact{"ada", "phone", "ada-phone"};
  message.status = engine::MessageStatus::sending;
  message.attempt = 1;
  return message;
}

inline engine::NodeState::Claim sample_claim(const Realm& realm,
                                             MessageKind kind = MessageKind::page) {
  engine::NodeState::Claim claim;
  engine::Incident& incident = claim.view.incident;
  incident.id.text = "k7q2m9xw4c1r8t3z";
  incident.realm = realm;
  incident.title = "HighLatency: p99 is 4.1 s";
  incident.integration = "prometheus-staging";
  incident.decision.edit().rule = "api-latency";
  incident.decision.edit().team = "cdp";
  incident.decision.edit().remedy = Remedy{.hook = "restart-api"};
  incident.decision.edit().reasons = {{ReasonKind::rule_matched, "api-latency", "service=\"api\""}};
  if (!realm.is_production())
    incident.decision.edit().reasons.insert(
        incident.decision.edit().reasons.begin(),
        {ReasonKind::gameday_copy, realm.gameday, "environment=\"production\""});
  incident.policy.edit().name = "cdp-pilot";
  incident.policy.edit().steps.resize(1);
  incident.digest = engine::Digest{3, {}, {}, false};
  claim.message = sample_message(kind);
  return claim;
}

}  // namespace tocsin::tests
