#include "connectors/stores/memory_store.hpp"

#include <algorithm>

#include "router/core/digest.hpp"
#include "router/core/listing_order.hpp"

namespace tocsin::store {
namespace {

template <class Range, class Value>
bool has(const Range& range, const Value& value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

bool is_wanted(const History& incident, const Query& query) {
  return (query.states.empty() || has(query.states, incident.state)) &&
         (query.team.empty() || incident.team == query.team) &&
         (!query.severity || incident.severity == *query.severity) &&
         (!query.gameday || incident.gameday == *query.gameday);
}

}  // namespace

Status MemoryStore::works() const { return broken_.empty() ? ok() : Status(unavailable(broken_)); }

Status MemoryStore::save(std::span<const History> incidents, std::span<const Snapshot> snapshots) {
  TOCSIN_TRY([[maybe_unused]] Unit small, within_limits(incidents, snapshots));
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  for (const History& incident : incidents) {
    if (position_of_[incident.id] > incident.position) continue;
    position_of_[incident.id] = incident.position;
    std::string& order = order_of_[incident.id];
    incidents_.erase(order);
    order = listing_order(incident.opened_at, incident.id);
    incidents_[order] = incident;
    incidents_[order].position = 0;
  }
  for (const Snapshot& snapshot : snapshots) {
    Snapshot& kept = snapshots_[snapshot.partition];
    if (kept.position <= snapshot.position) kept = snapshot;
  }
  ++saves_;
  return ok();
}

Result<std::vector<Snapshot>> MemoryStore::snapshots() {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  std::vector<Snapshot> found;
  for (const auto& [partition, snapshot] : snapshots_) found.push_back(snapshot);
  return found;
}

Status MemoryStore::discard_snapshots() {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  snapshots_.clear();
  position_of_.clear();
  return ok();
}

Result<Page> MemoryStore::history(const Query& query) {
  if (!query.cursor.empty() && !is_listing_order(query.cursor))
    return invalid("the cursor is none that a page gave; leave it out to begin with the newest");
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  const std::size_t limit = std::min(query.limit, kMostListed);
  const std::string oldest = listing_order_since(query.since);
  Page page;
  std::size_t bytes = 0;
  auto at = query.cursor.empty() ? incidents_.begin() : incidents_.upper_bound(query.cursor);
  for (std::string last; at != incidents_.end() && at->first > oldest; ++at) {
    if (!is_wanted(at->second, query)) continue;
    if (page.incidents.size() == limit || bytes >= kMostPageBytes) {
      page.next = last;
      break;
    }
    page.incidents.push_back(at->second);
    bytes += at->second.body.size();
    last = at->first;
  }
  return page;
}

Result<std::optional<History>> MemoryStore::find_incident(std::string_view id_beginning) {
  const std::string id = base32_typed(id_beginning);
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  const auto found = order_of_.lower_bound({id});
  if (id.empty() || found == order_of_.end() || !found->first.text.starts_with(id))
    return std::optional<History>();
  const auto another = std::next(found);
  if (found->first.text != id && another != order_of_.end() && another->first.text.starts_with(id))
    return invalid("several incidents begin with " + id + "; type one character more");
  return std::optional(incidents_.at(found->second));
}

Result<std::optional<History>> MemoryStore::find_alert(const AlertId& alert) {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  for (const auto& [order, incident] : incidents_)
    if (has(incident.alerts, alert)) return std::optional(incident);
  return std::optional<History>();
}

Status MemoryStore::keep_configuration(const std::string& hash, const std::string& body) {
  TOCSIN_TRY([[maybe_unused]] Unit small, configuration_within_limits(body));
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  configurations_[hash] = body;
  return ok();
}

Result<std::optional<std::string>> MemoryStore::configuration(const std::string& hash) {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  const auto found = configurations_.find(hash);
  return found == configurations_.end() ? std::optional<std::string>() : found->second;
}

Result<std::size_t> MemoryStore::forget(WallTime before) {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  return std::erase_if(incidents_, [&](const auto& each) {
    const bool old = each.second.resolved_at < before;
    if (old) order_of_.erase(each.second.id);
    if (old) position_of_.erase(each.second.id);
    return old;
  });
}

Result<std::size_t> MemoryStore::forget_configurations(std::span<const std::string> in_use) {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  std::set<std::string> kept(in_use.begin(), in_use.end());
  for (const auto& [order, incident] : incidents_)
    kept.insert(incident.configurations.begin(), incident.configurations.end());
  return std::erase_if(configurations_,
                       [&](const auto& each) { return !kept.contains(each.first); });
}

Result<std::string> MemoryStore::generation() {
  const std::lock_guard lock(mutex_);
  TOCSIN_TRY([[maybe_unused]] Unit works_now, works());
  return "memory-" + std::to_string(emptied_);
}

void MemoryStore::empty() {
  const std::lock_guard lock(mutex_);
  incidents_.clear();
  order_of_.clear();
  position_of_.clear();
  snapshots_.clear();
  configurations_.clear();
  ++emptied_;
}

void MemoryStore::break_down(std::string why) {
  const std::lock_guard lock(mutex_);
  broken_ = std::move(why);
}

void MemoryStore::mend() {
  const std::lock_guard lock(mutex_);
  broken_.clear();
}

std::size_t MemoryStore::saves() const {
  const std::lock_guard lock(mutex_);
  return saves_;
}

}  // namespace tocsin::store
