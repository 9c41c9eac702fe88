// The last gate: what is of a drill and what is in earnest cannot be mixed up, by its type.
#include "router/delivery/letter.hpp"

#include <concepts>

#include "tests/catch.hpp"
#include "tests/delivery/samples.hpp"

// In its room: a policy's Target is another.
namespace tocsin::delivery {

using namespace tocsin::tests;
using gameday::HookInDrill;

namespace {

using engine::NodeState;

template <class L, class T>
concept Sendable = requires(const L& letter, const T& target) {
  { send(letter, target, Duration{}) } -> std::same_as<Attempt>;
};
static_assert(Sendable<Letter<Real>, Target<Real>>);
static_assert(Sendable<Letter<Drill>, Target<Drill>>);
static_assert(!Sendable<Letter<Drill>, Target<Real>>);
static_assert(!Sendable<Letter<Real>, Target<Drill>>);

// Naming the kind does not help either.
template <class Kind, class L, class T>
concept SendableAs = requires(const L& letter, const T& target) {
  send<Kind>(letter, target, Duration{});
};
static_assert(SendableAs<Real, Letter<Real>, Target<Real>>);
static_assert(!SendableAs<Real, Letter<Drill>, Target<Real>>);
static_assert(!SendableAs<Real, Letter<Real>, Target<Drill>>);
static_assert(!SendableAs<Drill, Letter<Drill>, Target<Real>>);
static_assert(!SendableAs<Drill, Letter<Real>, Target<Drill>>);

// A claim of a kind comes from sort() alone …
template <class Kind, class Other>
constexpr bool kClaimedBySortAlone =
    !std::is_default_constructible_v<Claimed<Kind>> && !std::is_aggregate_v<Claimed<Kind>> &&
    !std::is_constructible_v<Claimed<Kind>, NodeState::Claim> &&
    !std::is_constructible_v<Claimed<Kind>, engine::IncidentView, engine::MessageState> &&
    !std::is_constructible_v<Claimed<Kind>, Claimed<Other>> &&
    !std::is_assignable_v<Claimed<Kind>&, Claimed<Other>> &&
    !std::is_convertible_v<Claimed<Other>, Claimed<Kind>>;
static_assert(kClaimedBySortAlone<Real, Drill> && kClaimedBySortAlone<Drill, Real>);

// … its target from the claim …
template <class Kind, class Claim>
concept TargetFrom = requires(const Claim& claim, const Outlets& outlets) {
  Target<Kind>::of(claim, outlets);
};
template <class Kind, class Other>
constexpr bool kTargetOfItsKindAlone =
    TargetFrom<Kind, Claimed<Kind>> && !TargetFrom<Kind, Claimed<Other>> &&
    !TargetFrom<Kind, NodeState::Claim> && !std::is_default_constructible_v<Target<Kind>> &&
    !std::is_aggregate_v<Target<Kind>> && !std::is_constructible_v<Target<Kind>, MessageId> &&
    !std::is_constructible_v<Target<Kind>, Target<Other>> &&
    !std::is_constructible_v<Target<Kind>, std::shared_ptr<connectors::Channel>> &&
    !std::is_assignable_v<Target<Kind>&, Target<Other>>;
static_assert(kTargetOfItsKindAlone<Real, Drill> && kTargetOfItsKindAlone<Drill, Real>);

// … and its letter from both.
template <class Kind, class Claim, class T>
constexpr bool kLetterFrom = std::is_constructible_v<Letter<Kind>, Claim, T, Links, WallTime>;
template <class Kind, class Other>
constexpr bool kLetterOfItsKindAlone =
    kLetterFrom<Kind, Claimed<Kind>, Target<Kind>> &&
    !kLetterFrom<Kind, Claimed<Other>, Target<Kind>> &&
    !kLetterFrom<Kind, Claimed<Kind>, Target<Other>> &&
    !kLetterFrom<Kind, Claimed<Other>, Target<Other>> &&
    !kLetterFrom<Kind, NodeState::Claim, Target<Kind>> &&
    !std::is_default_constructible_v<Letter<Kind>> && !std::is_aggregate_v<Letter<Kind>> &&
    !std::is_constructible_v<Letter<Kind>, connectors::Notification> &&
    !std::is_constructible_v<Letter<Kind>, connectors::HookCall> &&
    !std::is_constructible_v<Letter<Kind>, Letter<Other>> &&
    !std::is_assignable_v<Letter<Kind>&, Letter<Other>>;
static_assert(kLetterOfItsKindAlone<Real, Drill> && kLetterOfItsKindAlone<Drill, Real>);

const Realm kRealm{"cdp-staging", 2};

template <class Kind>
Attempt sent(const NodeState::Claim& claim, const Outlets& to) {
  const Sorted sorted = sort(claim);
  REQUIRE(std::holds_alternative<Claimed<Kind>>(sorted));
  const auto& claimed = std::get<Claimed<Kind>>(sorted);
  const auto target = Target<Kind>::of(claimed, to);
  if (!target) return {AttemptOutcome::withheld, target.error().message, {}, {}};
  return send(Letter<Kind>(claimed, *target, {}, kNow), *target, target->budget());
}

}  // namespace

TEST_CASE("a claim is of a drill if its incident lives in a set and in earnest if it does not") {
  NodeState::Claim spoofed = sample_claim({});
  spoofed.view.incident.title = "[GAMEDAY cdp-staging] HighLatency";
  spoofed.view.incident.decision.edit().reasons = {{ReasonKind::gameday_copy, "cdp-staging", ""}};
  CHECK(std::holds_alternative<Claimed<Real>>(sort(spoofed)));
  NodeState::Claim bare = sample_claim(kRealm);
  bare.view.incident.decision = {};
  CHECK(std::holds_alternative<Claimed<Drill>>(sort(bare)));
}

TEST_CASE("a drill is sent with its mark in every kind of message") {
  for (int kind = 0; kind <= static_cast<int>(kLastMessageKind); ++kind) {
    Heard heard;
    const auto said = sent<Drill>(sample_claim(kRealm, static_cast<MessageKind>(kind)),
                                  outlets(heard, HookInDrill::dry_run));
    CHECK(said.outcome == AttemptOutcome::accepted);
    const bool hook = static_cast<MessageKind>(kind) == MessageKind::hook;
    REQUIRE((heard.messages.size() == (hook ? 0 : 1) && heard.calls.size() == (hook ? 1 : 0)));
    const std::string title = hook ? heard.calls[0].title : heard.messages[0].title;
    CHECK(title.starts_with("[GAMEDAY cdp-staging] "));
    CHECK((hook ? heard.calls[0].gameday : heard.messages[0].gameday) == "cdp-staging");
    if (!hook) CHECK(heard.messages[0].mark == "[GAMEDAY cdp-staging]");
  }
}

TEST_CASE("what shows the incident from the claim on shows the mark first") {
  const Sorted sorted = sort(sample_claim(kRealm));
  CHECK(std::get<Claimed<Drill>>(sorted).view().incident.title ==
        "[GAMEDAY cdp-staging] HighLatency: p99 is 4.1 s");
}

TEST_CASE("a hook is called in a drill as its setting says and in earnest whatever it says") {
  for (const auto in_drill : {HookInDrill::never, HookInDrill::dry_run, HookInDrill::run}) {
    Heard drill, real;
    const Attempt said =
        sent<Drill>(sample_claim(kRealm, MessageKind::hook), outlets(drill, in_drill));
    if (in_drill == HookInDrill::never) {
      CHECK(said.outcome == AttemptOutcome::withheld);
      CHECK(said.detail == "hook restart-api does not allow drills (gameday: never)");
      CHECK(drill.nothing());
    } else {
      REQUIRE(drill.calls.size() == 1);
      CHECK(drill.calls[0].dry_run == (in_drill == HookInDrill::dry_run));
    }
    CHECK(sent<Real>(sample_claim({}, MessageKind::hook), outlets(real, in_drill)).outcome ==
          AttemptOutcome::accepted);
    REQUIRE(real.calls.size() == 1);
    CHECK_FALSE(real.calls[0].dry_run);
    CHECK(real.calls[0].gameday.empty());
  }
}

TEST_CASE("a letter is not sent to the target of another message") {
  Heard heard;
  const Outlets to = outlets(heard, HookInDrill::run);
  NodeState::Claim other = sample_claim({"payments-staging", 1});
  other.message.id.text = "msg-2";
  const Sorted one = sort(sample_claim(kRealm)), two = sort(other),
               call = sort(sample_claim(kRealm, MessageKind::hook));
  const auto target_of = [&](const Sorted& sorted) {
    return *Target<Drill>::of(std::get<Claimed<Drill>>(sorted), to);
  };
  const Letter<Drill> letter(std::get<Claimed<Drill>>(one), target_of(one), {}, kNow);
  for (const Sorted* wrong : {&two, &call})
    CHECK(send(letter, target_of(*wrong), kAttemptBudget).outcome == AttemptOutcome::withheld);
  CHECK(heard.nothing());
  CHECK(send(letter, target_of(one), kAttemptBudget).outcome == AttemptOutcome::accepted);
}

TEST_CASE("what is not configured any more has no target") {
  for (const MessageKind kind : {MessageKind::page, MessageKind::hook}) {
    const Sorted sorted = sort(sample_claim(kRealm, kind));
    const auto target = Target<Drill>::of(std::get<Claimed<Drill>>(sorted), Outlets());
    REQUIRE_FALSE(target);
    CHECK(target.error().kind == ErrorKind::not_found);
  }
}

}  // namespace tocsin::delivery
