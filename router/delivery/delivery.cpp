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
      events_(events) {}

void Delivery::replace(std::shared_ptr<const Channels> channels) {
  const std::lock_guard lock(mutex_);
  outlets_.channels = std::move(channels);
}

void Delivery::replace(std::shared_ptr<const Hooks> hooks) {
  const std::lock_guard lock(mutex_);
  outlets_.hooks = std::move(hooks);
}

void Delivery::start(const engine::AttemptRef& ref) {
  const Instant asked = clock_.now();
  // A drill waits for drills alone: nothing real stands behind it in a slow provider's lane.
  const bool drill = !gate_.realm_of(ref.partition, ref.incident).is_production();
  const std::string lane = drill ? "drill:" + ref.channel : ref.channel;
  const bool taken = runner_.run(lane, [this, ref, asked] { attempt(ref, asked); });
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
  auto claim = gate_.claim(ref, now);
  if (!claim)
    return hold_back(ref, gate_.realm_of(ref.partition, ref.incident), now, claim.error());
  std::visit([&](const auto& claimed) { hand_over(ref, claimed, now); }, sort(*std::move(claim)));
}

template <class Kind>
void Delivery::hand_over(const engine::AttemptRef& ref, const Claimed<Kind>& claimed,
                         const Instant& now) {
  Outlets outlets;
  {
    const std::lock_guard lock(mutex_);
    outlets = outlets_;
  }
  const Realm& realm = claimed.view().incident.realm;
  const auto target = Target<Kind>::of(claimed, outlets);
  if (!target && target.error().kind == ErrorKind::refused)
    return hold_back(ref, realm, now, target.error());
  events_.started(claimed.view(), claimed.message(), now);
  Attempt said = Attempt::rejected(target ? "" : target.error().message);
  if (target) {
    Links links = make_links_(claimed.view(), claimed.message(), now.wall);
    said =
        send(Letter<Kind>(claimed, *target, std::move(links), now.wall), *target, target->budget());
  }
  events_.finished(ref.channel, realm, said);
  conclude(ref, clock_.now(), said);
}

void Delivery::hold_back(const engine::AttemptRef& ref, const Realm& realm, const Instant& now,
                         const Error& why) {
  events_.withheld(ref.channel, why.message);
  if (!realm.is_production() && why.kind != ErrorKind::not_found)
    events_.drill_refused(realm, ref.channel, why.message);
  if (why.kind == ErrorKind::refused)
    conclude(ref, now, {AttemptOutcome::withheld, why.message, {}, {}});
  if (why.kind != ErrorKind::unavailable) return;
  Attempt waits = Attempt::retry_later(why.message);
  waits.tried = false;
  conclude(ref, now, waits);
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
