// What people say by way of a channel: who it was, which incident they mean, the command, and the
// answer in the provider's own form.
//
//   POST /answers/<channel>   buttons and replies: the provider's signature shows that it is right
//   POST /p/<signed>          digits and the like, by the link of one page
//   POST /r/<signed>          receipts in the provider's own form
//
// Only who has a contact there, as the configuration says, can do anything; whoever else presses is
// told so. A request that comes once more is answered by how things are then, and changes nothing.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "connectors/ear.hpp"
#include "router/api/history.hpp"
#include "router/api/page_link.hpp"
#include "router/core/clock.hpp"
#include "router/core/http.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::api {

/// A channel by which answers come back.
struct Heard {
  std::string type;  // such as "slack": who has a contact on one of a type is known on all of it
  connectors::Values settings;
  const connectors::Ear* ear = nullptr;
};
/// By the channel's name.
using HeardChannels = std::map<std::string, Heard, std::less<>>;

struct ListeningDeps {
  std::function<std::string()> secret;                   // that signs links and buttons
  std::function<std::string(const std::string&)> whole;  // a path as a URL
  std::function<std::shared_ptr<const engine::Configuration>()> configuration;
  /// Takes it and is back at once; what becomes of it nobody waits for. May be empty.
  std::function<void(const std::string& channel, const connectors::FollowUp&)> follow_up = {};
};

/// Providers wait for three seconds and more.
inline constexpr Duration kListeningPatience = std::chrono::seconds(2);
inline constexpr Duration kSnoozeByButton = std::chrono::hours(1);
/// So many requests are known again; past that the oldest are forgotten.
inline constexpr std::size_t kMostKnownAgain = 10'000;

class Listening {
 public:
  Listening(engine::Commands& owner, const Clock& clock, const History& history,
            ListeningDeps deps);

  void replace(std::shared_ptr<const HeardChannels> channels);

  /// POST /answers/<channel>: answers exactly once.
  void take(const HttpRequest& request, HttpReply reply);
  /// What a provider posts to the link of a page; false: nothing, that channel's does not.
  bool take(const HttpRequest& request, const PageLink& link, const engine::Incident& incident,
            const HttpReply& reply);
  /// Likewise to the link of a receipt. Nothing: that channel's provider has no form of its own.
  std::optional<Result<std::optional<Attempt>>> receipt(const HttpRequest& request,
                                                        const std::string& channel) const;

 private:
  struct Talk;
  std::shared_ptr<const HeardChannels> channels() const;
  std::shared_ptr<Talk> talk(const HttpRequest& request, const std::string& channel,
                             HttpReply reply) const;
  std::vector<std::string> people_at(const Talk& talk) const;
  void by_code(const std::shared_ptr<Talk>& talk);
  void by_id(const std::shared_ptr<Talk>& talk, const std::string& id);
  void carry_out(const std::shared_ptr<Talk>& talk, const engine::IncidentView& view);
  void finish(const std::shared_ptr<Talk>& talk, const connectors::Ended& ended) const;
  bool is_new(const std::string& request);
  void forget(const std::string& request);

  engine::Commands& owner_;
  const Clock& clock_;
  const History& history_;
  const ListeningDeps deps_;
  mutable std::mutex mutex_;  // of those below; never held while anything else is called
  std::shared_ptr<const HeardChannels> channels_ = std::make_shared<const HeardChannels>();
  std::set<std::string> known_;  // digests of requests that were carried out
  std::deque<std::string> oldest_first_;
};

}  // namespace tocsin::api
