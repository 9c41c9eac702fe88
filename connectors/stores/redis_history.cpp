#include "connectors/stores/redis_history.hpp"

#include <algorithm>

#include "router/core/digest.hpp"
#include "router/core/listing_order.hpp"

namespace tocsin::store {
namespace {

using Kind = RedisReply::Kind;

// What was replaced while it was read is read again.
constexpr int kReadings = 3;
constexpr std::size_t kIdInListing = 21;  // after twenty digits and a dot

bool is_wanted(const History& incident, const Query& query) {
  return (query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                            incident.state) != query.states.end()) &&
         (query.team.empty() || incident.team == query.team) &&
         (!query.severity || incident.severity == *query.severity) &&
         (!query.gameday || incident.gameday == *query.gameday);
}

// Each state once, or its incidents would be listed twice.
std::vector<std::string> state_words(const Query& query) {
  std::vector<std::string> states;
  for (const std::string& state : query.states) states.push_back(key_word(state));
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  return states;
}

}  // namespace

void add_to_commit(RedisCommand& arguments, const History& incident, RedisValue value) {
  const auto add = [&](std::string text) { arguments.push_back(std::move(text)); };
  add(incident.id.text);
  add(position_digits(incident.position));
  add(listing_order(incident.opened_at, incident.id));
  add(std::to_string(incident.resolved_at.time_since_epoch().count()));
  add(key_word(incident.state));
  add(key_word(incident.team));
  add(std::to_string(static_cast<int>(incident.severity)));
  add(key_word(incident.gameday));
  add(std::to_string(checksum_of(incident)));
  add(std::to_string(incident.body.size()));
  add(std::move(value.blob));
  add(std::move(value.parts));
  add(std::to_string(incident.alerts.size()));
  for (const AlertId& alert : incident.alerts) add(alert.text);
  add(std::to_string(incident.configurations.size()));
  for (const std::string& hash : incident.configurations) add(hash);
}

void RedisHistory::tell_of_damage(const std::string& id) {
  redis_.tell_once("incident " + id + " is damaged (its checksum does not fit) and left out");
}

Result<Page> RedisHistory::page(const Query& query) {
  if (!query.cursor.empty() && !is_listing_order(query.cursor))
    return invalid("the cursor is none that a page gave; leave it out to begin with the newest");
  RedisCommand arguments{"[" + listing_order_since(query.since),
                         query.cursor.empty() ? "+" : "(" + query.cursor,
                         std::to_string(std::min(query.limit, kMostListed)),
                         std::to_string(kMostPageBytes), list_ending(query)};
  const std::vector<std::string> states = state_words(query);
  arguments.push_back(std::to_string(states.size()));
  arguments.insert(arguments.end(), states.begin(), states.end());
  for (int reading = 1;; ++reading) {
    TOCSIN_TRY(const RedisReply listed, redis_.run(redis_script::page, arguments));
    TOCSIN_TRY(std::optional<Page> page, page_of(query, listed, reading == kReadings));
    if (!page) continue;
    TOCSIN_TRY([[maybe_unused]] const Unit healed, forget_dangling(query, listed));
    return std::move(*page);
  }
}

// Nothing, before the last reading, when a part was missing: its incident was saved anew meanwhile.
Result<std::optional<Page>> RedisHistory::page_of(const Query& query, const RedisReply& listed,
                                                  bool last) {
  Page page;
  page.next = listed.item(0).text;
  for (const RedisReply& each : listed.item(1).items) {
    const std::string& listing = each.item(0).text;
    const std::string& checksum = each.item(1).text;
    if (checksum.empty()) continue;
    TOCSIN_TRY(const auto bytes, parts_.read({each.item(2).text, each.item(3).text}));
    if (!bytes && !last) return std::optional<Page>();
    auto incident = bytes ? decode_history(*bytes, checksum) : std::nullopt;
    if (!incident || listing_order(incident->opened_at, incident->id) != listing) {
      tell_of_damage(listing.substr(std::min(kIdInListing, listing.size())));
      continue;
    }
    // A trail that was lost with its incident leaves it in lists where it is no more.
    if (is_wanted(*incident, query)) page.incidents.push_back(std::move(*incident));
  }
  return std::optional(std::move(page));
}

// Redis drops keys one by one when it evicts: what led to an incident stays behind.
Status RedisHistory::forget_dangling(const Query& query, const RedisReply& listed) {
  RedisCommand gone;
  for (const RedisReply& each : listed.item(1).items)
    if (each.item(1).text.empty()) gone.push_back(each.item(0).text);
  if (gone.empty()) return ok();
  redis_.tell_once("incidents are missing that its lists name; does it drop keys?");
  RedisCommand arguments{list_ending(query), std::to_string(gone.size())};
  arguments.insert(arguments.end(), gone.begin(), gone.end());
  TOCSIN_TRY([[maybe_unused]] const RedisReply done,
             redis_.run(redis_script::forget_dangling, arguments));
  return ok();
}

Result<RedisHistory::Kept> RedisHistory::read(const IncidentId& id) {
  Kept kept;
  for (int reading = 0; reading < kReadings && !kept.incident; ++reading) {
    TOCSIN_TRY(const RedisReply found, redis_.ask({"HMGET", options_.prefix + "incident:" + id.text,
                                                   "sum", "blob", "parts"}));
    kept.there = found.item(0).kind == Kind::text;
    if (!kept.there) return kept;
    kept.checksum = found.item(0).text;
    TOCSIN_TRY(const auto bytes, parts_.read({found.item(1).text, found.item(2).text}));
    if (bytes) kept.incident = decode_history(*bytes, kept.checksum);
    if (kept.incident && kept.incident->id != id) kept.incident.reset();
  }
  return kept;
}

Result<std::optional<History>> RedisHistory::read_whole(const IncidentId& id) {
  TOCSIN_TRY(Kept kept, read(id));
  if (kept.there && !kept.incident) tell_of_damage(id.text);
  return std::move(kept.incident);
}

Result<bool> RedisHistory::drop_if_damaged(const IncidentId& id) {
  TOCSIN_TRY(const Kept kept, read(id));
  if (kept.incident) return false;
  TOCSIN_TRY([[maybe_unused]] const RedisReply dropped,
             redis_.run(redis_script::drop_incident, {id.text, kept.checksum}));
  return true;
}

Result<std::optional<History>> RedisHistory::find_incident(std::string_view id_beginning) {
  const std::string id = base32_typed(id_beginning);
  if (id.empty()) return std::optional<History>();
  TOCSIN_TRY(const RedisReply found, redis_.ask({"ZRANGEBYLEX", options_.prefix + "ids", "[" + id,
                                                 "(" + id + "\x7f", "LIMIT", "0", "2"}));
  if (found.items.empty()) return std::optional<History>();
  if (found.items.size() > 1 && found.item(0).text != id)
    return invalid("several incidents begin with " + id + "; type one character more");
  return read_whole({found.item(0).text});
}

// The alert and the listing stand in one text, so that the newest of an alert is the last of its.
Result<std::optional<History>> RedisHistory::find_alert(const AlertId& alert) {
  const std::string beginning = alert.text + std::string(1, '\0');
  TOCSIN_TRY(const RedisReply found,
             redis_.ask({"ZREVRANGEBYLEX", options_.prefix + "alerts", "(" + beginning + "\x7f",
                         "[" + beginning, "LIMIT", "0", "1"}));
  const std::size_t id_at = beginning.size() + kIdInListing;
  if (found.items.empty() || found.item(0).text.size() <= id_at) return std::optional<History>();
  TOCSIN_TRY(auto incident, read_whole({found.item(0).text.substr(id_at)}));
  if (incident &&
      std::find(incident->alerts.begin(), incident->alerts.end(), alert) == incident->alerts.end())
    return std::optional<History>();
  return incident;
}

}  // namespace tocsin::store
