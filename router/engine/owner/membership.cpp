#include "router/engine/owner/membership.hpp"

#include <algorithm>
#include <limits>

#include "router/core/digest.hpp"

namespace tocsin::engine {
namespace {

constexpr Duration kForEver{std::numeric_limits<Duration::rep>::max()};
/// Beats that are under way at the most; without answers there is no use in more.
constexpr std::size_t kMostBeatsOfNodes = 64;
constexpr std::size_t kMostSuperseded = 1'000;

// Rendezvous: each node's weight for a partition; the heaviest living one is preferred, so that a
// node that comes or goes moves no partition but its own.
std::uint64_t weight(const std::string& node, Partition partition) {
  const Sha256 hash = sha256(node + "/" + std::to_string(partition));
  std::uint64_t weight = 0;
  for (int i = 0; i < 8; ++i) weight = weight << 8 | static_cast<std::uint8_t>(hash[i]);
  return weight;
}

}  // namespace

Membership::Membership(std::optional<MembershipOptions> options, std::uint64_t boot)
    : options_(std::move(options)), boot_(boot) {}

void Membership::listened(Duration now, bool caught_up) {
  if (alone()) return;
  // While it was deaf for longer than a beat or two, nobody's silence means anything.
  const bool deaf = !ever_listened_ || now - listened_ > options_->session / 2;
  if (deaf && caught_up) {
    for (auto& [node, other] : others_)
      if (!ever_listened_ || lives(other, listened_)) other.heard = now;
    listening_since_ = now;
  }
  if (!caught_up) return;
  ever_listened_ = true;
  listened_ = now;
  std::erase_if(others_,
                [&](const auto& each) { return now - each.second.heard > kNodeForgotten; });
}

std::optional<control::Beat> Membership::next_beat(Duration now) {
  if (alone() || !ever_listened_ || now < next_beat_) return std::nullopt;
  next_beat_ = now + options_->beat;
  return control::Beat{options_->node, boot_,
                       leaving_ ? control::Presence::leaving : control::Presence::here,
                       options_->url, 0};
}

void Membership::appended(const RecordId& beat, Duration now) {
  if (beats_.size() >= kMostBeatsOfNodes) beats_.erase(beats_.begin());
  beats_[beat] = now;
}

Duration Membership::beat_in(Duration now) const {
  if (alone()) return kForEver;
  return next_beat_ <= now ? Duration::zero()
                           : next_beat_ - now;  // one that is hurried has no date
}

std::string Membership::heard(const control::Beat& beat, const RecordId& record, Duration now) {
  if (alone()) return {};
  if (beat.boot == boot_) {
    const auto mine = beats_.find(record);
    if (mine == beats_.end()) return {};
    confirmed_ = std::max(confirmed_.value_or(mine->second), mine->second);
    beats_.erase(beats_.begin(), std::next(mine));
    return {};
  }
  if (beat.node == options_->node)
    return "another process says that it is this node, " + beat.node +
           ": each needs a --data directory of its own, which is never copied";
  if (superseded_.contains(beat.boot))
    return "two processes say that they are node " + beat.node +
           ": each needs a --data directory of its own, which is never copied";
  Other& other = others_[beat.node];
  if (other.boot != beat.boot) {
    // A data directory is held by one process at a time: the earlier one is no more.
    if (other.boot != 0 && superseded_.size() < kMostSuperseded) superseded_.insert(other.boot);
    other = Other{beat.boot, beat.url, beat.presence, now, now, beat.facts};
    return {};
  }
  if (!lives(other, now)) other.since = now;
  other.url = beat.url;
  other.presence = beat.presence;
  other.heard = now;
  other.facts = std::max(other.facts, beat.facts);
  return {};
}

Duration Membership::lease_end() const {
  if (alone()) return kForEver;
  return confirmed_ ? *confirmed_ + options_->session - options_->margin : Duration::min();
}

const Membership::Other* Membership::find(std::uint64_t boot) const {
  for (const auto& [node, other] : others_)
    if (other.boot == boot) return &other;
  return nullptr;
}

bool Membership::lives(const Other& other, Duration now) const {
  return other.presence != control::Presence::gone && now - other.heard < options_->session;
}

// 0: nobody, this node included, is to take it.
std::uint64_t Membership::preferred(Partition partition, Duration now) const {
  std::uint64_t best = 0;
  std::uint64_t heaviest = 0;
  const auto consider = [&](const std::string& node, std::uint64_t boot) {
    const std::uint64_t its = weight(node, partition);
    if (best != 0 && its <= heaviest) return;
    heaviest = its;
    best = boot;
  };
  if (!leaving_) consider(options_->node, boot_);
  for (const auto& [node, other] : others_)
    if (lives(other, now) && other.presence == control::Presence::here) consider(node, other.boot);
  return best;
}

Membership::Standing Membership::standing(Partition partition, std::uint64_t holder,
                                          Duration now) const {
  if (alone()) return {What::mine, 0};
  const std::uint64_t best = preferred(partition, now);
  if (holder == boot_) {
    const Other* const other = find(best);
    // One that has only just come is given nothing yet: it may be going again.
    const bool settled = other && (leaving_ || (now - other->since >= options_->session &&
                                                now - listening_since_ >= options_->session));
    return settled ? Standing{What::hand_over, best} : Standing{What::mine, 0};
  }
  const Other* const its = find(holder);
  if (its && lives(*its, now)) return {What::others, 0};
  // Of a holder that was not heard at all this node knows only after a session of listening,
  // unless another process of its node, or itself, has said that it is no more.
  const bool known_gone =
      (its && its->presence == control::Presence::gone) || superseded_.contains(holder);
  if (!known_gone && now - listening_since_ < options_->session) return {What::others, 0};
  return best == boot_ ? Standing{What::take, 0} : Standing{What::others, 0};
}

void Membership::leave() {
  leaving_ = true;
  next_beat_ = Duration::min();
}

control::Beat Membership::said(control::Presence presence) const {
  return {options_ ? options_->node : "", boot_, presence, options_ ? options_->url : "", 0};
}

std::vector<std::uint64_t> Membership::living(Duration now) const {
  std::vector<std::uint64_t> boots;
  if (alone()) return boots;
  for (const auto& [node, other] : others_)
    if (lives(other, now)) boots.push_back(other.boot);
  return boots;
}

std::vector<Membership::Seen> Membership::seen(Duration now) const {
  std::vector<Seen> all;
  if (alone()) return all;
  all.push_back({options_->node, options_->url, boot_, {}, true, 0});
  for (const auto& [node, other] : others_)
    all.push_back({node, other.url, other.boot, now - other.heard, lives(other, now), other.facts});
  return all;
}

}  // namespace tocsin::engine
