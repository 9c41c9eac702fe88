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

}  // namespace tocsin::engine
