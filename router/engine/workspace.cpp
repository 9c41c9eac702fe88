#include "router/engine/workspace.hpp"

#include <utility>

#include "router/engine/bundle.hpp"

namespace tocsin::engine {
namespace {

template <class Map, class Key>
auto* find_in(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

// The copy that is being changed, made from the state at the first touch.
template <class Map, class Base, class Key>
auto* copy_on_touch(Map& drafts, const Base& base, const Key& key) {
  if (auto* const drafted = find_in(drafts, key)) return drafted;
  const auto* const original = find_in(base, key);
  return original ? &drafts.emplace(key, *original).first->second : nullptr;
}

template <class Map, class Key>
typename Map::mapped_type value_or_empty(const Map& map, const Key& key) {
  const auto* const found = find_in(map, key);
  return found ? *found : typename Map::mapped_type();
}

// Past the longest time that a limit may look back, no run counts.
void add_run(std::deque<HookRun>& runs, HookRun run) {
  while (!runs.empty() &&
         (runs.size() >= kMostHookRuns ||
          elapsed_between(runs.front().at, run.at, kMostLimitPer) >= kMostLimitPer))
    runs.pop_front();
  runs.push_back(std::move(run));
}

}  // namespace

AlertState* Direct::alert(const AlertId& id) { return state_.alerts.edit(id); }
Incident* Direct::incident(const IncidentId& id) { return state_.look_up(id); }
void Direct::add(AlertState alert) {
  state_.sharing.share(alert);
  state_.alerts.insert_or_assign(alert.id, std::move(alert));
}
void Direct::add(Incident incident) {
  state_.incidents.insert_or_assign(incident.id, std::move(incident));
}
AlertId Direct::current(const std::string& key) const {
  return value_or_empty(state_.current, key);
}
void Direct::set_current(const std::string& key, const AlertId& id) {
  state_.current.insert_or_assign(key, id);
}
IncidentId Direct::group(const std::string& group) const {
  return value_or_empty(state_.groups, group);
}
void Direct::set_group(const SharedText& group, const IncidentId& id) {
  if (id.empty())
    state_.groups.erase(group);
  else
    state_.groups.insert_or_assign(group, id);
}
std::uint32_t Direct::turn_of(const std::string& step) const {
  return value_or_empty(state_.turns, step);
}
void Direct::set_turn(const std::string& step, std::uint32_t target) {
  // Steps that are no more are not known from others here: begun anew, all of them are fair again.
  if (state_.turns.size() >= kMostTurns && !state_.turns.contains(step)) state_.turns.clear();
  state_.turns.insert_or_assign(step, target);
}
void Direct::closed(const IncidentId& id) {
  const Incident* const incident = find_incident(id);
  if (incident) state_.closed_of(incident->realm).push_back({id, state_.records});
}
void Direct::ended(const AlertId& id) { state_.ended.push_back({id, state_.records}); }
void Direct::set_aside(effect::SetAside input) {
  state_.set_aside.push_back(std::move(input));
  if (state_.set_aside.size() > kMostSetAside) state_.set_aside.pop_front();
}

void Direct::contact_failed(const Contact& contact, WallTime at, const std::string& why) {
  hear_failure(state_.contacts, contact, why, at);
}

const AlertState* Direct::find_alert(const AlertId& id) const { return find_in(state_.alerts, id); }
const Incident* Direct::find_incident(const IncidentId& id) const {
  return std::as_const(state_).look_up(id);
}
const std::deque<HookRun>& Direct::hook_runs() const { return state_.hook_runs; }
void Direct::ran(HookRun run) { add_run(state_.hook_runs, std::move(run)); }

const AlertState* Draft::find_alert(const AlertId& id) const {
  const auto* const drafted = find_in(alerts_, id);
  return drafted ? drafted : find_in(state_.alerts, id);
}
const Incident* Draft::find_incident(const IncidentId& id) const {
  if (ended_bundles_.contains(id)) return nullptr;
  const auto* const drafted = find_in(incidents_, id);
  return drafted ? drafted : state_.look_up(id);
}
const std::deque<HookRun>& Draft::hook_runs() const {
  return hook_runs_ ? *hook_runs_ : state_.hook_runs;
}
void Draft::ran(HookRun run) {
  if (!hook_runs_) hook_runs_ = state_.hook_runs;
  add_run(*hook_runs_, std::move(run));
}

std::uint32_t Draft::turn_of(const std::string& step) const {
  const auto* const drafted = find_in(turns_, step);
  return drafted ? *drafted : value_or_empty(state_.turns, step);
}
void Draft::set_turn(const std::string& step, std::uint32_t target) {
  turns_.insert_or_assign(step, target);
}

AlertState* Draft::alert(const AlertId& id) { return copy_on_touch(alerts_, state_.alerts, id); }
Incident* Draft::incident(const IncidentId& id) {
  if (auto* const drafted = find_in(incidents_, id)) return drafted;
  const Incident* const known = find_incident(id);
  return known ? &incidents_.emplace(id, *known).first->second : nullptr;
}
void Draft::add(AlertState alert) { alerts_.insert_or_assign(alert.id, std::move(alert)); }
void Draft::add(Incident incident) {
  incidents_.insert_or_assign(incident.id, std::move(incident));
}
AlertId Draft::current(const std::string& key) const {
  const auto* const drafted = find_in(current_, key);
  return drafted ? *drafted : value_or_empty(state_.current, key);
}
void Draft::set_current(const std::string& key, const AlertId& id) {
  current_.insert_or_assign(key, id);
}
IncidentId Draft::group(const std::string& group) const {
  const auto* const drafted = find_in(groups_, group);
  return drafted ? *drafted : value_or_empty(state_.groups, group);
}
void Draft::set_group(const SharedText& group, const IncidentId& id) {
  groups_.insert_or_assign(group, id);
}

// ── bundles ─────────────────────────────────────────────────────────────────────────────────────

const Paged* Direct::find_paged(const PagedKey& key) const { return find_in(state_.paged, key); }
Paged& Direct::paged(const PagedKey& key) { return state_.paged[key]; }
void Direct::open_bundle(Incident host) {
  const IncidentId id = host.id;
  state_.bundles.insert_or_assign(id, Bundle{std::move(host), {}, 0});
}
void Direct::join_bundle(const IncidentId& bundle, BundledPage page) {
  if (Bundle* const found = find_in(state_.bundles, bundle))
    found->pages.push_back(std::move(page));
}
void Direct::look_at_bundle(const IncidentId& bundle,
                            const std::function<bool(const BundledPage&)>& look) const {
  const Bundle* const found = find_in(std::as_const(state_).bundles, bundle);
  if (!found) return;
  for (const BundledPage& page : found->pages)
    if (!look(page)) return;
}
void Direct::begin_bundle(const IncidentId& bundle) {
  engine::begin_bundle(state_, bundle, touched_);
}
void Direct::end_bundle(const IncidentId& bundle) { state_.bundles.erase(bundle); }

const Paged* Draft::find_paged(const PagedKey& key) const {
  const auto* const drafted = find_in(paged_, key);
  return drafted ? drafted : find_in(state_.paged, key);
}
Paged& Draft::paged(const PagedKey& key) {
  if (auto* const known = copy_on_touch(paged_, state_.paged, key)) return *known;
  return paged_[key];
}
void Draft::open_bundle(Incident host) {
  const IncidentId id = host.id;
  incidents_.insert_or_assign(id, std::move(host));
}
void Draft::join_bundle(const IncidentId& bundle, BundledPage page) {
  joined_[bundle].push_back(std::move(page));
}
void Draft::look_at_bundle(const IncidentId& bundle,
                           const std::function<bool(const BundledPage&)>& look) const {
  const auto known = state_.bundles.find(bundle);
  if (known != state_.bundles.end())
    for (const BundledPage& page : known->second.pages)
      if (!look(page)) return;
  if (const auto* const joined = find_in(joined_, bundle))
    for (const BundledPage& page : *joined)
      if (!look(page)) return;
}
void Draft::end_bundle(const IncidentId& bundle) { ended_bundles_.insert(bundle); }

}  // namespace tocsin::engine
