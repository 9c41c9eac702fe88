// Heartbeats of a partition that this node decides: what is missing is stored as its sender's alert
// would be.
#include "router/engine/heartbeats.hpp"
#include "router/engine/owner/owner.hpp"

namespace tocsin::engine {
namespace {

/// What was stored is folded by then; what was not is told again.
constexpr Duration kHeartbeatsAgain = std::chrono::seconds(2);

}  // namespace

// On an island other nodes may hear what this one does not.
void Owner::look_at_heartbeats(Desk& desk, const PartitionState& state,
                               const Configuration& configuration, const Instant& now) {
  if (now.elapsed < desk.heartbeats_at) return;
  desk.heartbeats_at = now.elapsed + kLookAtHeartbeats;
  if (extras_.island || !desk.held) return;
  const auto here = [&](const std::string& integration) {
    return journal::partition_of(integration, journal_.partitions()) == state.partition;
  };
  const HeartbeatNews news = heartbeat_news(state, configuration, here, now, desk.held_since);
  desk.heartbeats_at = now.elapsed + (news.bodies.empty() ? news.next : kHeartbeatsAgain);
  if (news.bodies.empty()) return;
  std::vector<Record> records;
  for (const AlertsBody& body : news.bodies)
    records.push_back(mint_.record(state.partition, RecordKind::alerts, now.wall, encode(body)));
  journal_.append(state.partition, std::move(records), [this](const journal::Appended& appended) {
    if (!appended.durable()) events_.trouble(appended.why);
  });
}

}  // namespace tocsin::engine
