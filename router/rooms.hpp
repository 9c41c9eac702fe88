// Every room of the service, as the service holds them: private to its parts.
#pragma once

#include <cstdint>
#include <mutex>

#include "router/api/api.hpp"
#include "router/black_box.hpp"
#include "router/configuration.hpp"
#include "router/data_directory.hpp"
#include "router/ingest/front_door/front_door.hpp"
#include "router/island/island.hpp"
#include "router/journals.hpp"
#include "router/lever_watch.hpp"
#include "router/metrics.hpp"
#include "router/owner_thread.hpp"
#include "router/projector.hpp"
#include "router/service.hpp"

namespace tocsin {

/// A configuration, and the files that it was read from.
struct Configured {
  std::vector<settings::File> files;
  settings::Settings settings;
};

/// Whoever wants to hear of what the owner does.
class OwnerReports final : public engine::OwnerEvents {
 public:
  explicit OwnerReports(Metrics& metrics) : metrics_(metrics) {}
  /// Before the owner's first step.
  void tell(Projector& projector) { projector_ = &projector; }

  void decided(const Decision& decision) override { metrics_.decided(decision); }
  void set_aside(const effect::SetAside& input) override { metrics_.set_aside(input); }
  void damaged(const journal::Damage& damage) override;
  /// What was found of the journal since the start, for /-/ready; empty: nothing. Any thread.
  std::string damage() const;
  void void_turn(Partition partition) override { metrics_.void_turn(partition); }
  void trouble(const std::string& what) override { metrics_.trouble(what); }
  void failed(const std::string& why) override { metrics_.failed(why); }
  void closed(const engine::IncidentView& view) override { projector_->closed(view); }
  void replayed() override { projector_->start(); }
  void held(Partition partition, bool by_this_node) override;

 private:
  Metrics& metrics_;
  Projector* projector_ = nullptr;
  mutable std::mutex mutex_;
  std::uint64_t damages_ = 0;
  std::string first_damage_;
};

/// In the order of their making; stop() takes them down by hand, since the journal must be closed
/// before what its callbacks use.
struct Service::Rooms {
  ServeOptions options;
  SystemClock clock;
  settings::Settings settings;  // in force; of whoever starts, or holds `reloading`
  settings::Settings running;   // what of it needs a restart, as it was at the start
  mutable std::mutex mutex;     // of the next two
  std::string external_url;     // read by the lanes
  std::string weaknesses;       // of the journal, for /-/ready
  std::string not_in_force;     // why the configuration on the disk is not; empty: it is
  std::unique_ptr<DataDirectory> data;
  std::string host;
  std::uint16_t port = 0;
  Metrics metrics;
  OwnerReports reports{metrics};
  Wake wake;
  std::mutex reloading;  // one at a time
  std::unique_ptr<Mint> mint;
  std::unique_ptr<MappedBlackBox> black_box;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<journal::Journal> journal;
  spool::SpooledJournal* spooled = nullptr;  // the journal of a cluster
  journal::Identity journal_identity;
  std::unique_ptr<engine::NodeState> state;
  std::unique_ptr<Projector> projector;
  std::unique_ptr<delivery::LaneRunner> lanes;
  std::unique_ptr<delivery::Delivery> delivery;
  std::unique_ptr<engine::Owner> owner;
  std::unique_ptr<island::Island> island;  // where there is a spool
  std::unique_ptr<ingest::Ingest> ingest;
  std::unique_ptr<LeverWatch> lever;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<OwnerThread> owner_thread;
  std::unique_ptr<front_door::FrontDoor> front_door;

  Result<Configured> load_at_start();
  void keep(const std::vector<settings::File>& files);
  void in_force_is(std::string why_not);
  Status open_journal();
  Status open_store();
  Result<std::unique_ptr<store::Store>> make_store();
  engine::OwnerExtras owner_extras() const;
  Status build();
  Status build_island();
  void build_api();
  void follow_up(const std::string& channel, const connectors::FollowUp& more);
  Duration step();
  Status listen();
  Status put_in_force(settings::Settings fresh);
  Result<std::string> reload();
  void hand_over();
  api::Readiness readiness() const;
  api::Readiness readiness_to_serve() const;
  std::string metrics_text();
  delivery::Links links(const engine::IncidentView& view, const engine::MessageState& message,
                        WallTime now) const;
};

}  // namespace tocsin
