// A store in memory, for simulated tests: it outlives the service that it is given to, as a file
// would, and fails when told to. Not for production: it lists by looking at everything.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "router/store/store.hpp"

namespace tocsin::store {

class MemoryStore final : public Store {
 public:
  Status save(std::span<const History> incidents, std::span<const Snapshot> snapshots) override;
  Result<std::vector<Snapshot>> snapshots() override;
  Status discard_snapshots() override;
  Result<Page> history(const Query& query) override;
  Result<std::optional<History>> find_incident(std::string_view id_beginning) override;
  Result<std::optional<History>> find_alert(const AlertId& alert) override;
  Status keep_configuration(const std::string& hash, const std::string& body) override;
  Result<std::optional<std::string>> configuration(const std::string& hash) override;
  Result<std::size_t> forget(WallTime before) override;
  Result<std::size_t> forget_configurations(std::span<const std::string> in_use) override;
  Result<std::string> generation() override;

  /// Everything is gone.
  void empty();
  /// Every call is unavailable, until mend().
  void break_down(std::string why);
  void mend();
  /// How often save() has worked.
  std::size_t saves() const;

 private:
  Status works() const;

  mutable std::mutex mutex_;
  std::map<std::string, History, std::greater<>> incidents_;  // by their order in a list
  std::map<IncidentId, std::string> order_of_;
  std::map<IncidentId, Position> position_of_;
  std::map<Partition, Snapshot> snapshots_;
  std::map<std::string, std::string> configurations_;
  std::string broken_;
  std::size_t saves_ = 0;
  std::size_t emptied_ = 0;
};

}  // namespace tocsin::store
