// What holds for all partitions, as readers of this node see it: copies, taken under the lock.
#include <mutex>

#include "router/engine/owner/node_state.hpp"

namespace tocsin::engine {

std::vector<control::Silence> NodeState::silences() const {
  const std::shared_lock lock(mutex_);
  std::vector<control::Silence> all;
  for (const auto& [id, kept] : states_.front().facts.silences) all.push_back(kept.said);
  return all;
}

std::shared_ptr<const std::string> NodeState::configuration(std::string_view hash) const {
  const std::shared_lock lock(mutex_);
  return states_.front().facts.configuration(hash);
}

std::map<std::string, std::vector<gameday::Run>> NodeState::gamedays() const {
  const std::shared_lock lock(mutex_);
  std::map<std::string, std::vector<gameday::Run>> all;
  for (const auto& [set, runs] : states_.front().facts.gamedays)
    for (const KeptRun& kept : runs) all[set].push_back(kept.run);
  return all;
}

std::vector<control::RotaOverride> NodeState::made_overrides() const {
  const std::shared_lock lock(mutex_);
  std::vector<control::RotaOverride> all;
  for (const auto& [id, kept] : states_.front().facts.made_overrides) all.push_back(kept.said);
  return all;
}

std::optional<control::RotaOverride> NodeState::find_override(const OverrideId& id) const {
  const std::shared_lock lock(mutex_);
  const auto& all = states_.front().facts.made_overrides;
  const auto found = all.find(id.text);
  return found == all.end() ? std::nullopt : std::optional(found->second.said);
}

oncall::Overrides NodeState::overrides() const {
  const std::shared_lock lock(mutex_);
  return states_.front().facts.overrides;
}

std::map<ContactKey, KeptProof> NodeState::contact_proofs() const {
  const std::shared_lock lock(mutex_);
  return states_.front().facts.proofs;
}

std::optional<control::ContactTest> NodeState::find_contact_test(const NoticeId& id) const {
  const std::shared_lock lock(mutex_);
  for (const control::ContactTest& test : states_.front().facts.contact_tests)
    if (test.id == id) return test;
  return std::nullopt;
}

std::optional<Notice> NodeState::find_notice(const NoticeId& id) const {
  const std::shared_lock lock(mutex_);
  const Notice* const found = engine::find_notice(states_.front().notices, as_incident(id));
  return found ? std::optional(*found) : std::nullopt;
}

// The gate, for what belongs to no incident.
Result<NodeState::Claim> NodeState::claim(const Notice& notice, const AttemptRef& attempt,
                                          const Instant& now) {
  for (const MessageState& message : notice.messages) {
    if (message.id != attempt.message) continue;
    if (message.status != MessageStatus::sending || message.attempt != attempt.attempt)
      return not_found("another attempt has taken its place");
    if (std::string why = why_not_send(notice, message, now); !why.empty())
      return refused(std::move(why));
    IncidentView view;
    view.incident.id = as_incident(notice.id);
    return Claim{std::move(view), message, {}, notice};
  }
  return not_found("the message is gone");
}

}  // namespace tocsin::engine
