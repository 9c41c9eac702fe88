#include "router/api/history.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "router/core/digest.hpp"
#include "router/core/listing_order.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::api {
namespace {

using engine::IncidentState;
using engine::IncidentView;

std::string order_of(const IncidentView& view) {
  return listing_order(view.incident.opened_at, view.incident.id);
}

bool asks_for_resolved(const engine::IncidentQuery& query) {
  return query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                           IncidentState::resolved) != query.states.end();
}

store::Query stored_query(const engine::IncidentQuery& query) {
  return {{std::string(to_string(IncidentState::resolved))},
          query.team,
          query.severity,
          query.gameday,
          query.since,
          query.limit,
          query.cursor};
}

// A body that cannot be read counts as absent, as damaged entries of the store do.
std::optional<IncidentView> view_of(const store::History& kept, std::size_t most_alerts) {
  auto closed = engine::decode_closed(kept.body);
  if (!closed) return std::nullopt;
  if (closed->alerts.size() > most_alerts) closed->alerts.resize(most_alerts);
  return IncidentView{std::move(closed->incident), std::move(closed->alerts)};
}

// Here, and not in the store: a page may have fewer than were asked for, and more may follow.
bool matched(const IncidentView& view, const engine::IncidentQuery& query) {
  return query.matchers.empty() ||
         std::any_of(view.alerts.begin(), view.alerts.end(), [&](const auto& each) {
           return rules::all_match(query.matchers, each.alert.labels);
         });
}

}  // namespace

// It was found closed once, and may have been opened again since, or be closed but not gone yet.
bool History::memory_has(const store::History& kept) const {
  constexpr std::size_t kLookedAt = engine::kMostAlertsListed;
  // Looking for an id that is not there costs a look at all of them; an alert's does not.
  bool may_be = kept.alerts.empty();
  for (std::size_t i = 0; i < std::min(kept.alerts.size(), kLookedAt) && !may_be; ++i)
    may_be = state_.find_alert(kept.alerts[i]).has_value();
  return may_be && state_.find(kept.id.text).has_value();
}

Result<Listing> History::list(const engine::IncidentQuery& query) const {
  Listing listing{state_.list(query), {}};
  if (!store_ || !asks_for_resolved(query)) return listing;
  auto stored = store_->history(stored_query(query));
  if (!stored) {
    if (stored.error().kind == ErrorKind::invalid) return stored.error();
    listing.incomplete = "older incidents are missing here: " + stored.error().message;
    return listing;
  }
  std::vector<std::pair<std::string, IncidentView>> all;
  std::set<std::string> known;
  for (IncidentView& view : listing.page.incidents) {
    known.insert(view.incident.id.text);
    std::string order = order_of(view);
    all.emplace_back(std::move(order), std::move(view));
  }
  for (const store::History& kept : stored->incidents)
    if (!known.contains(kept.id.text) && !memory_has(kept))
      if (auto view = view_of(kept, std::numeric_limits<std::size_t>::max());
          view && matched(*view, query)) {
        view->alerts.resize(std::min(view->alerts.size(), engine::kMostAlertsListed));
        all.emplace_back(listing_order(kept.opened_at, kept.id), std::move(*view));
      }
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.first > other.first; });
  // Each of the two is whole down to its `next` only: past the earlier end nothing can be taken.
  const std::string end = std::max(listing.page.next, stored->next);
  std::erase_if(all, [&](const auto& each) { return each.first < end; });
  listing.page.next = end;
  if (all.size() > query.limit) {
    all.resize(query.limit);
    listing.page.next = all.back().first;
  }
  listing.page.incidents.clear();
  for (auto& [order, view] : all) listing.page.incidents.push_back(std::move(view));
  return listing;
}

Result<std::optional<IncidentView>> History::find_stored(std::string_view typed_id) const {
  if (!store_) return std::optional<IncidentView>();
  TOCSIN_TRY(const auto kept, store_->find_incident(typed_id));
  return kept ? view_of(*kept, engine::kMostAlertsShown) : std::nullopt;
}

Result<Found> History::find(std::string_view typed_id) const {
  const std::string id = base32_typed(typed_id);
  auto remembered = state_.find(typed_id);
  if (!remembered && remembered.error().kind != ErrorKind::not_found) return remembered.error();
  if (remembered && remembered->incident.id.text == id) return Found{std::move(*remembered), true};
  if (id.empty()) return remembered.error();
  auto stored = find_stored(id);
  const Error several = invalid("several incidents begin with " + id + "; type one character more");
  if (remembered) {
    // Without the store it is the best guess, and the answer says which incident it is.
    const bool another = stored ? *stored && (*stored)->incident.id != remembered->incident.id
                                : stored.error().kind == ErrorKind::invalid;
    if (another) return several;
    return Found{std::move(*remembered), true};
  }
  if (!stored) return stored.error();
  if (*stored) return Found{std::move(**stored), false};
  return remembered.error();
}

Result<History::FoundAlert> History::find_alert(const AlertId& id) const {
  if (auto alert = state_.find_alert(id)) {
    FoundAlert found{std::move(*alert), {}};
    if (!found.alert.incident.empty())
      if (auto home = state_.find(found.alert.incident.text))
        found.incident = std::move(home->incident);
    return found;
  }
  const Error none = not_found("no alert " + id.text + ": it never was, or it ended long ago");
  if (!store_) return none;
  TOCSIN_TRY(const auto kept, store_->find_alert(id));
  if (!kept) return none;
  TOCSIN_TRY(auto closed, engine::decode_closed(kept->body));
  for (engine::AlertState& alert : closed.alerts)
    if (alert.id == id) return FoundAlert{std::move(alert), std::move(closed.incident)};
  return none;
}

Result<std::optional<std::string>> History::configuration(const std::string& hash) const {
  if (const auto kept = state_.configuration(hash)) return std::optional(*kept);
  if (!store_) return std::optional<std::string>();
  return store_->configuration(hash);
}

}  // namespace tocsin::api
