#include "router/engine/workspace.hpp"

namespace tocsin::engine {
namespace {

template <class Map, class Key>
auto* find_in(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

// The copy that is being changed, made from the state at the first touch.
template <class Map, class Key>
auto* copy_on_touch(Map& drafts, const Map& base, const Key& key) {
  if (auto* const drafted = find_in(drafts, key)) return drafted;
  const auto* const original = find_in(base, key);
  return original ? &drafts.emplace(key, *original).first->second : nullptr;
}

template <class Map, class Key>
typename Map::mapped_type value_or_empty(const Map& map, const Key& key) {
  const auto* const found = find_in(map, key);
  return found ? *found : typename Map::mapped_type();
}

}  // namespace

AlertState* Direct::alert(const AlertId& id) { return find_in(state_.alerts, id); }
Incident* Direct::incident(const IncidentId& id) { return find_in(state_.incidents, id); }
void Direct::add(AlertState alert) { state_.alerts.insert_or_assign(alert.id, std::move(alert)); }
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
void Direct::set_group(const std::string& group, const IncidentId& id) {
  if (id.empty())
    state_.groups.erase(group);
  else
    state_.groups.insert_or_assign(group, id);
}
void Direct::closed(const IncidentId& id) { state_.closed.push_back(id); }
void Direct::ended(const AlertId& id) { state_.ended.push_back(id); }
void Direct::set_aside(effect::SetAside input) {
  state_.set_aside.push_back(std::move(input));
  if (state_.set_aside.size() > kMostSetAside) state_.set_aside.pop_front();
}

AlertState* Draft::alert(const AlertId& id) { return copy_on_touch(alerts_, state_.alerts, id); }
Incident* Draft::incident(const IncidentId& id) {
  return copy_on_touch(incidents_, state_.incidents, id);
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
void Draft::set_group(const std::string& group, const IncidentId& id) {
  groups_.insert_or_assign(group, id);
}

}  // namespace tocsin::engine
