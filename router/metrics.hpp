// The service's own metrics, as its documentation names them. Prometheus's client library keeps and
// prints them.
//
// What is of a drill has its set in the label `gameday` and is never added to what is in earnest,
// where that label is empty.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "router/api/gap_gauges.hpp"
#include "router/delivery/delivery.hpp"
#include "router/engine/owner/owner.hpp"
#include "router/ingest/front_door/tally.hpp"
#include "router/ingest/ingest.hpp"

namespace tocsin {

/// What is measured when somebody asks, and not when it happens.
struct Gauges {
  engine::NodeState::Counts state;
  std::uint64_t lag = 0;
  front_door::Counts front_door;
  struct Cluster {
    std::size_t nodes = 0;       // that live, this one included
    std::size_t partitions = 0;  // that this node decides
    std::uint64_t spool_waiting = 0;
    std::uint64_t spool_set_aside = 0;
    bool island = false;  // it decides by itself: the journal is away
  };
  std::optional<Cluster> cluster;      // of a node of a cluster
  bool configuration_in_force = true;  // the one on the disk, as of the last start or reload
  std::vector<api::RotaGauge> rotas = {};
};

class Metrics final : public engine::OwnerEvents,
                      public delivery::DeliveryEvents,
                      public ingest::IngestEvents {
 public:
  Metrics();
  ~Metrics() override;

  /// Prometheus's text format. Any thread may call.
  std::string text(const Gauges& gauges);

  /// A drill's is counted under its set, as its own reasons name it.
  void decided(const Decision& decision) override;
  void set_aside(const effect::SetAside& input) override;
  void damaged(const journal::Damage& damage) override;
  void void_turn(Partition partition) override;
  void trouble(const std::string& what) override;
  void failed(const std::string& why) override;
  void started(const engine::IncidentView& view, const engine::MessageState& message,
               const Instant& now) override;
  void finished(const std::string& channel, const Realm& realm, const Attempt& said) override;
  void withheld(const std::string& channel, const std::string& why) override;
  void drill_refused(const Realm& realm, const std::string& channel,
                     const std::string& why) override;
  void received(const std::string& integration, std::size_t firing, std::size_t resolved) override;
  void rejected(const std::string& integration, const std::string& reason,
                std::size_t alerts) override;
  void appended(Duration took) override;
  void limited(const std::string& integration, const Rate& limit, std::uint64_t requests) override;
  void clocks_differ(const std::string& integration, Duration ahead, bool tell) override;

 private:
  struct Families;
  static void show_rotas(Families& families, const std::vector<api::RotaGauge>& rotas);
  static void show_drills(Families& families, const engine::NodeState::Counts::Drills& open);
  std::unique_ptr<Families> families_;
};

}  // namespace tocsin
