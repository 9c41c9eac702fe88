#include "router/delivery/delivery.hpp"

#include <algorithm>

#include "router/core/text.hpp"

namespace tocsin::delivery {
namespace {

constexpr std::size_t kMostDetailBytes = 300;

AttemptResult result_of(const engine::AttemptRef& attempt, const Instant& at, Attempt said) {
  said.detail = cut(said.detail, kMostDetailBytes);
  return {attempt.incident, attempt.message, attempt.attempt, at, std::move(said)};
}

}  // namespace

Delivery::Delivery(const engine::NodeState& gate, journal::Journal& journal, const Clock& clock,
                   Mint& mint, Runner& runner, MakeLinks make_links, DeliveryEvents& events)
    : gate_(gate),
      journal_(journal),
      clock_(clock),
      mint_(mint),
      runner_(runner),
      make_links_(std::move(make_links)),
      events_(events),
      channels_(std::make_shared<const Channels>()),
      hooks_(std::make_shared<const Hooks>()) {}

void Delivery::replace(std::shared_ptr<const Channels> channels) {
  const std::lock_guard lock(mutex_);
  channels_ = std::move(channels);
}

void Delivery::replace(std::shared_ptr<const Hooks> hooks) {
  const std::lock_guard lock(mutex_);
  hooks_ = std::move(hooks);
}

void Delivery::start(const engine::AttemptRef& ref) {
  const Instant asked = clock_.now();
  const bool taken = runner_.run(ref.channel, [this, ref, asked] { attempt(ref, asked); });
  if (taken) return;
  conclude(ref, asked, Attempt::retry_later("too many messages wait for channel " + ref.channel));
}

void Delivery::attempt(const engine::AttemptRef& ref, const Instant& asked) {
  const Instant now = clock_.now();
  if (elapsed_between(asked, now, kMostLaneWait) >= kMostLaneWait)
    return events_.withheld(ref.channel,
                            "it waited too long for its channel; the engine starts it again");
  if (has_arrived(ref.message))
    return events_.withheld(ref.channel, "it has arrived; the journal has yet to hear of it");
  const auto claim = gate_.claim(ref, now);
  if (!claim) {
    events_.withheld(ref.channel, claim.error().message);
    if (claim.error().kind == ErrorKind::refused)
      conclude(ref, now, {AttemptOutcome::withheld, claim.error().message, {}, {}});
    else if (claim.error().kind == ErrorKind::unavailable)
      conclude(ref, now, Attempt::retry_later(claim.error().message));
    return;
  }
  events_.started(claim->view, claim->message, now);
  const Attempt said = hand_over(*claim, now);
  events_.finished(ref.channel, said);
  conclude(ref, clock_.now(), said);
}

void Delivery::conclude(const engine::AttemptRef& ref, const Instant& at, const Attempt& said) {
  if (said.outcome == AttemptOutcome::accepted) {
    const std::lock_guard lock(mutex_);
    arrived_.insert(ref.message);
  }
  record(ref, mint_.record(ref.partition, RecordKind::result, at.wall,
                           encode(result_of(ref, at, said))));
}

bool Delivery::has_arrived(const MessageId& message) const {
  const std::lock_guard lock(mutex_);
  return arrived_.contains(message);
}

Attempt Delivery::hand_over(const engine::NodeState::Claim& claim, const Instant& now) {
  if (claim.message.kind == MessageKind::hook) return call_hook(claim, now);
  std::shared_ptr<const Channels> channels;
  {
    const std::lock_guard lock(mutex_);
    channels = channels_;
  }
  const auto channel = channels->find(claim.message.contact.channel);
  if (channel == channels->end())
    return Attempt::rejected("channel " + claim.message.contact.channel +
                             " is not configured any more");
  Links links = make_links_(claim.view, claim.message, now.wall);
  return channel->second->deliver(compose(claim.view, claim.message, std::move(links), now.wall),
                                  kAttemptBudget);
}

Attempt Delivery::call_hook(const engine::NodeState::Claim& claim, const Instant& now) {
  std::shared_ptr<const Hooks> hooks;
  {
    const std::lock_guard lock(mutex_);
    hooks = hooks_;
  }
  const std::string& name = claim.view.incident.decision.remedy->hook;
  const auto outlet = hooks->find(name);
  if (outlet == hooks->end())
    return Attempt::rejected("hook " + name + " is not configured any more");
  Links links = make_links_(claim.view, claim.message, now.wall);
  return outlet->second.hook->run(
      compose_call(claim.view, claim.message, std::move(links), now.wall), outlet->second.timeout);
}

void Delivery::record(const engine::AttemptRef& ref, Record result) {
  std::vector<Record> records{result};
  journal_.append(ref.partition, std::move(records),
                  [this, ref, result = std::move(result)](const journal::Appended& appended) {
                    const std::lock_guard lock(mutex_);
                    // Past the limit the engine's own rule holds: an attempt without a result is
                    // made again.
                    if (appended.durable() || unrecorded_.size() >= kMostUnrecorded)
                      arrived_.erase(ref.message);
                    else
                      unrecorded_.emplace_back(ref, result);
                  });
}

void Delivery::record_again() {
  std::vector<std::pair<engine::AttemptRef, Record>> again;
  {
    const std::lock_guard lock(mutex_);
    again.swap(unrecorded_);
  }
  for (auto& [ref, result] : again) record(ref, std::move(result));
}

}  // namespace tocsin::delivery
