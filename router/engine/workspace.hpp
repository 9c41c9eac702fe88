// Where effects are applied: to a partition's state when a turn is folded, to a draft of it while
// the turn is being decided.
//
// One apply() serves both, so what the owner saw when it decided is what every node folds.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "router/engine/state.hpp"

namespace tocsin::engine {

class Workspace {
 public:
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  virtual ~Workspace() = default;

  virtual const PartitionState& base()
      const = 0;  // for the pending inputs, which no effect changes

  /// For changing; nothing if there is none. Pointers live until the next call that adds one of the
  /// same kind.
  virtual AlertState* alert(const AlertId& id) = 0;
  virtual Incident* incident(const IncidentId& id) = 0;
  virtual void add(AlertState alert) = 0;
  /// The same decision, as one that is kept already where there is one.
  virtual std::shared_ptr<const Decision> share(const Decision& decision) = 0;
  virtual void add(Incident incident) = 0;
  /// For looking only: a draft need not copy it.
  virtual const AlertState* find_alert(const AlertId& id) const = 0;
  virtual const Incident* find_incident(const IncidentId& id) const = 0;

  /// Oldest first; those that no limit counts any longer may be gone.
  virtual const std::deque<HookRun>& hook_runs() const = 0;
  virtual void ran(HookRun run) = 0;

  /// Of a step that pages one target after the other (turn_key()): whose turn it is.
  virtual std::uint32_t turn_of(const std::string& step) const = 0;
  virtual void set_turn(const std::string& step, std::uint32_t target) = 0;

  virtual AlertId current(const std::string& key) const = 0;  // empty if there is none
  virtual void set_current(const std::string& key, const AlertId& id) = 0;
  virtual IncidentId group(const std::string& group) const = 0;
  virtual void set_group(const SharedText& group,
                         const IncidentId& id) = 0;  // an empty id clears it

  /// An incident was resolved, or an alert of no incident ended: it may leave memory some day.
  virtual void closed(const IncidentId& id) = 0;
  virtual void ended(const AlertId& id) = 0;
  virtual void set_aside(effect::SetAside input) = 0;
  /// Nothing was heard of an attempt to reach it, or no receipt came.
  virtual void contact_failed(const Contact& contact, WallTime at, const std::string& why) = 0;

  /// How often a contact was paged of late: for looking; for changing, and then it is there.
  virtual const Paged* find_paged(const PagedKey& key) const = 0;
  virtual Paged& paged(const PagedKey& key) = 0;
  /// Bundles; the host of one is found as an incident is.
  virtual void open_bundle(Incident host) = 0;
  virtual void join_bundle(const IncidentId& bundle, BundledPage page) = 0;
  /// Those that joined, in their order, until `look` says that it has seen enough.
  virtual void look_at_bundle(const IncidentId& bundle,
                              const std::function<bool(const BundledPage&)>& look) const = 0;
  /// An attempt begins: it tells of what has joined so far and is wanted still.
  virtual void begin_bundle(const IncidentId& bundle) = 0;
  virtual void end_bundle(const IncidentId& bundle) = 0;

  /// Notices are planned and begun by turns of their own, so that no draft has any.
  virtual Notices* notices() { return nullptr; }
};

/// Changes the state itself.
class Direct final : public Workspace {
 public:
  explicit Direct(PartitionState& state) : state_(state) {}

  const PartitionState& base() const override { return state_; }
  AlertState* alert(const AlertId& id) override;
  Incident* incident(const IncidentId& id) override;
  void add(AlertState alert) override;
  std::shared_ptr<const Decision> share(const Decision& decision) override {
    return state_.decisions.share(decision);
  }
  void add(Incident incident) override;
  const AlertState* find_alert(const AlertId& id) const override;
  const Incident* find_incident(const IncidentId& id) const override;
  const std::deque<HookRun>& hook_runs() const override;
  void ran(HookRun run) override;
  std::uint32_t turn_of(const std::string& step) const override;
  void set_turn(const std::string& step, std::uint32_t target) override;
  AlertId current(const std::string& key) const override;
  void set_current(const std::string& key, const AlertId& id) override;
  IncidentId group(const std::string& group) const override;
  void set_group(const SharedText& group, const IncidentId& id) override;
  void closed(const IncidentId& id) override;
  void ended(const AlertId& id) override;
  void set_aside(effect::SetAside input) override;
  void contact_failed(const Contact& contact, WallTime at, const std::string& why) override;
  const Paged* find_paged(const PagedKey& key) const override;
  Paged& paged(const PagedKey& key) override;
  void open_bundle(Incident host) override;
  void join_bundle(const IncidentId& bundle, BundledPage page) override;
  void look_at_bundle(const IncidentId& bundle,
                      const std::function<bool(const BundledPage&)>& look) const override;
  void begin_bundle(const IncidentId& bundle) override;
  void end_bundle(const IncidentId& bundle) override;

  /// Incidents whose messages an effect changed beside its own: they were told in a bundle.
  const std::vector<IncidentId>& touched() const { return touched_; }
  Notices* notices() override { return &state_.notices; }

 private:
  PartitionState& state_;
  std::vector<IncidentId> touched_;
};

/// Copies what it changes; the state beneath stays as it is.
class Draft final : public Workspace {
 public:
  explicit Draft(const PartitionState& state) : state_(state) {}

  const PartitionState& base() const override { return state_; }
  AlertState* alert(const AlertId& id) override;
  Incident* incident(const IncidentId& id) override;
  void add(AlertState alert) override;
  std::shared_ptr<const Decision> share(const Decision& decision) override {
    return std::make_shared<const Decision>(decision);
  }
  void add(Incident incident) override;
  const AlertState* find_alert(const AlertId& id) const override;
  const Incident* find_incident(const IncidentId& id) const override;
  const std::deque<HookRun>& hook_runs() const override;
  void ran(HookRun run) override;
  std::uint32_t turn_of(const std::string& step) const override;
  void set_turn(const std::string& step, std::uint32_t target) override;
  AlertId current(const std::string& key) const override;
  void set_current(const std::string& key, const AlertId& id) override;
  IncidentId group(const std::string& group) const override;
  void set_group(const SharedText& group, const IncidentId& id) override;
  void closed(const IncidentId&) override {}
  void ended(const AlertId&) override {}
  void set_aside(effect::SetAside) override {}
  void contact_failed(const Contact&, WallTime, const std::string&) override {}
  const Paged* find_paged(const PagedKey& key) const override;
  Paged& paged(const PagedKey& key) override;
  void open_bundle(Incident host) override;
  void join_bundle(const IncidentId& bundle, BundledPage page) override;
  void look_at_bundle(const IncidentId& bundle,
                      const std::function<bool(const BundledPage&)>& look) const override;
  void begin_bundle(const IncidentId&) override {}  // which changes no decision of this turn
  void end_bundle(const IncidentId& bundle) override;

 private:
  const PartitionState& state_;
  std::unordered_map<AlertId, AlertState> alerts_;
  std::unordered_map<IncidentId, Incident> incidents_;
  TextMap<AlertId> current_;
  TextMap<IncidentId> groups_;
  std::optional<std::deque<HookRun>> hook_runs_;
  std::map<std::string, std::uint32_t> turns_;
  // A bundle may have very many members: what joins is noted beside them, and none is copied.
  std::map<PagedKey, Paged> paged_;
  std::unordered_map<IncidentId, std::vector<BundledPage>> joined_;
  std::set<IncidentId> ended_bundles_;
};

}  // namespace tocsin::engine
