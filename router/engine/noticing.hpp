// What each kind of news comes to: whom is told of it, and in which words. Pure; lookout.hpp says
// which news there are.
#pragma once

#include <string>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/notice_words.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

/// The notices of one turn while they are gathered. What is known already is left out.
class Noticing {
 public:
  /// `state` is of partition 0.
  Noticing(const PartitionState& state, const Configuration& configuration, WallTime now)
      : state_(state), configuration_(configuration), now_(now) {}

  /// Somebody else has come on call in this rota a moment ago; `before`: who was, or nobody.
  void hand_over(const oncall::Rota& rota, const std::string& before);
  /// Nobody is, or will be within `ahead`, where the rota says that somebody should be: to the
  /// team's channel, or to whom the default policy pages first.
  void gaps(const oncall::Rota& rota, Duration ahead);
  /// An override was made, or ended, not long ago: to those whose shifts change later. What changes
  /// at once is a hand-over.
  void overridden(const oncall::Rota& rota, const control::RotaOverride& made);
  /// Another configuration is in force: to those whose shifts of the next time it changes.
  void rearranged(const oncall::Rota& rota, const Configuration& before, Duration ahead);
  void test(const control::ContactTest& asked);

  std::size_t size() const { return effects_.size(); }
  std::vector<Effect> take() { return std::move(effects_); }

 private:
  oncall::Roster roster() const {
    return {configuration_.rotas, configuration_.directory, state_.facts.overrides};
  }
  oncall::Overrides made_before(const control::RotaOverride& made) const;
  void made(const oncall::Rota& rota, const control::RotaOverride& made);
  void ended(const oncall::Rota& rota, const control::RotaOverride& made);
  void gap(const oncall::Rota& rota, WallTime from);

  void tell(const NoticeId& id, const oncall::Rota& rota, const std::string& person,
            const NoticeWords& words);
  void tell_room(const NoticeId& id, const oncall::Rota& rota, const std::string& channel,
                 const NoticeWords& words);
  void add(effect::Noticed noticed, const std::vector<Contact>& contacts, MessageKind kind,
           Duration after = {});

  const PartitionState& state_;
  const Configuration& configuration_;
  const WallTime now_;
  std::vector<Effect> effects_;
};

/// What begins within this of a change is a hand-over.
inline constexpr Duration kAtOnce = std::chrono::minutes(2);

}  // namespace tocsin::engine
