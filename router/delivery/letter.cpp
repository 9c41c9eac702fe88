#include "router/delivery/letter.hpp"

namespace tocsin::delivery {
namespace {

template <class Kind>
constexpr bool kIsDrill = std::is_same_v<Kind, Drill>;

Attempt withheld(std::string why) { return {AttemptOutcome::withheld, std::move(why), {}, {}}; }

}  // namespace

Sorted sort(engine::NodeState::Claim claim) {
  engine::Incident& incident = claim.view.incident;
  incident.title = title_of(incident);
  if (incident.realm.is_production()) return Claimed<Real>(std::move(claim));
  return Claimed<Drill>(std::move(claim));
}

template <class Kind>
Result<Target<Kind>> Target<Kind>::of(const Claimed<Kind>& claimed, const Outlets& outlets) {
  const engine::MessageState& message = claimed.message();
  Target target(message.id);
  if (message.kind != MessageKind::hook) {
    const auto channel = outlets.channels->find(message.contact.channel);
    if (channel == outlets.channels->end())
      return not_found("channel " + message.contact.channel + " is not configured any more");
    target.channel_ = {outlets.channels, channel->second.get()};
    return target;
  }
  const auto& remedy = claimed.view().incident.decision->remedy;
  if (!remedy) return not_found("the incident has no hook");
  const auto hook = outlets.hooks->find(remedy->hook);
  if (hook == outlets.hooks->end())
    return not_found("hook " + remedy->hook + " is not configured any more");
  if (kIsDrill<Kind> && hook->second.in_drill == gameday::HookInDrill::never)
    return refused("hook " + remedy->hook + " does not allow drills (gameday: never)");
  target.hook_ = {outlets.hooks, &hook->second};
  return target;
}

template <class Kind>
Letter<Kind>::Letter(const Claimed<Kind>& claimed, const Target<Kind>& target, Links links,
                     WallTime now) {
  if (claimed.notice())
    words_ = compose(*claimed.notice(), claimed.message(), std::move(links), now);
  else if (target.hook_)
    words_ = compose_call(claimed.view(), claimed.message(), std::move(links), now,
                          target.hook_->in_drill);
  else
    words_ =
        compose(claimed.view(), claimed.message(), std::move(links), now, claimed.not_the_drill());
}

template <class Kind>
Attempt send(const Letter<Kind>& letter, const Target<Kind>& target, Duration budget) {
  const auto* const call = std::get_if<connectors::HookCall>(&letter.words_);
  const auto* const notification = std::get_if<connectors::Notification>(&letter.words_);
  if ((call ? call->id : notification->id) != target.message_ ||
      (call != nullptr) != !!target.hook_)
    return withheld("the message and its target do not belong together");
  if (kIsDrill<Kind> && (call ? call->gameday : notification->mark).empty())
    return withheld("it is of a drill, and does not say so");
  return call ? target.hook_->hook->run(*call, budget)
              : target.channel_->deliver(*notification, budget);
}

template class Target<Real>;
template class Target<Drill>;
template class Letter<Real>;
template class Letter<Drill>;
template Attempt send(const Letter<Real>&, const Target<Real>&, Duration);
template Attempt send(const Letter<Drill>&, const Target<Drill>&, Duration);

}  // namespace tocsin::delivery
