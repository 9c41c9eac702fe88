#include "connectors/stores/store_reading.hpp"

#include <algorithm>

#include "connectors/stores/listing_query.hpp"
#include "connectors/stores/store_rows.hpp"
#include "router/core/digest.hpp"
#include "router/core/listing_order.hpp"

namespace tocsin::store {
namespace {

constexpr std::string_view kAfterEveryListing = ":";  // listings begin with a digit

struct Listed {
  std::string listing;
  std::int64_t number = 0;
};

// One look into an index for each: there are few, and history may be long.
Result<std::vector<std::string>> states_there_are(sqlite::Database& database) {
  TOCSIN_TRY(sqlite::Statement first, database.prepare("SELECT min(state) FROM incidents"));
  TOCSIN_TRY(sqlite::Statement next,
             database.prepare("SELECT min(state) FROM incidents WHERE state > ?1"));
  std::vector<std::string> states;
  for (sqlite::Statement* find = &first;; find = &next) {
    find->reset();
    if (find == &next) next.bind_text(1, states.back());
    TOCSIN_TRY(const bool row, find->step());
    if (!row || find->is_null(0)) return states;
    states.emplace_back(find->bytes(0));
  }
}

Status list_state(sqlite::Database& database, const Query& query, const std::string& state,
                  std::size_t most, std::vector<Listed>& listed) {
  TOCSIN_TRY(sqlite::Statement find, database.prepare(listing_query(query)));
  const std::string oldest = listing_order_since(query.since);
  find.bind_text(1, state);
  if (!query.team.empty()) find.bind_text(2, query.team);
  if (query.severity) find.bind(3, static_cast<std::int64_t>(*query.severity));
  if (query.gameday) find.bind_text(4, *query.gameday);
  find.bind_text(5, oldest)
      .bind_text(6, query.cursor.empty() ? kAfterEveryListing : query.cursor)
      .bind(7, static_cast<std::int64_t>(most));
  while (true) {
    TOCSIN_TRY(const bool more, find.step());
    if (!more) return ok();
    listed.push_back({std::string(find.bytes(1)), find.number(0)});
  }
}

Result<std::optional<History>> read_one(sqlite::Database& database, std::int64_t number,
                                        std::vector<std::string>& damage) {
  TOCSIN_TRY(IncidentReader reader, IncidentReader::prepare(database));
  TOCSIN_TRY(ReadIncident read, reader.read(number));
  if (!read.damage.empty()) damage.push_back(std::move(read.damage));
  return std::move(read.incident);
}

}  // namespace

Result<Page> read_page(sqlite::Database& database, const Query& query,
                       std::vector<std::string>& damage) {
  if (!query.cursor.empty() && !is_listing_order(query.cursor))
    return invalid("the cursor is none that a page gave; leave it out to begin with the newest");
  const std::size_t limit = std::min(query.limit, kMostListed);
  std::vector<std::string> states = query.states;
  if (states.empty()) {
    TOCSIN_TRY(states, states_there_are(database));
  }
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  std::vector<Listed> listed;
  for (const std::string& state : states) {
    TOCSIN_TRY([[maybe_unused]] Unit found, list_state(database, query, state, limit + 1, listed));
  }
  std::sort(listed.begin(), listed.end(),
            [](const Listed& a, const Listed& b) { return a.listing > b.listing; });
  TOCSIN_TRY(IncidentReader reader, IncidentReader::prepare(database));
  Page page;
  std::size_t bytes = 0;
  std::size_t shown = 0;
  for (; shown < std::min(limit, listed.size()) && bytes < kMostPageBytes; ++shown) {
    TOCSIN_TRY(ReadIncident read, reader.read(listed[shown].number));
    if (!read.damage.empty()) damage.push_back(std::move(read.damage));
    if (!read.incident) continue;
    bytes += read.incident->body.size();
    page.incidents.push_back(std::move(*read.incident));
  }
  if (shown > 0 && shown < listed.size()) page.next = listed[shown - 1].listing;
  return page;
}

Result<std::optional<History>> read_by_id(sqlite::Database& database, std::string_view typed,
                                          std::vector<std::string>& damage) {
  const std::string id = base32_typed(typed);
  if (id.empty()) return std::optional<History>();
  TOCSIN_TRY(sqlite::Statement find,
             database.prepare("SELECT number, id FROM incidents WHERE id >= ?1 AND id < ?2 ORDER "
                              "BY id LIMIT 2"));
  find.bind_text(1, id).bind_text(2, id + "\x7f");
  TOCSIN_TRY(const bool found, find.step());
  if (!found) return std::optional<History>();
  const std::int64_t number = find.number(0);
  const bool whole = find.bytes(1) == id;
  TOCSIN_TRY(const bool another, find.step());
  if (another && !whole)
    return invalid("several incidents begin with " + id + "; type one character more");
  return read_one(database, number, damage);
}

Result<std::optional<History>> read_by_alert(sqlite::Database& database, const AlertId& alert,
                                             std::vector<std::string>& damage) {
  TOCSIN_TRY(sqlite::Statement find,
             database.prepare("SELECT number FROM alerts JOIN incidents ON number = incident "
                              "WHERE alert = ?1 ORDER BY listing DESC LIMIT 1"));
  TOCSIN_TRY(const bool found, find.bind_text(1, alert.text).step());
  if (!found) return std::optional<History>();
  return read_one(database, find.number(0), damage);
}

Result<std::optional<std::string>> read_configuration(sqlite::Database& database,
                                                      const std::string& hash,
                                                      std::vector<std::string>& damage) {
  TOCSIN_TRY(sqlite::Statement find,
             database.prepare("SELECT checksum, body FROM configurations WHERE hash = ?1"));
  TOCSIN_TRY(const bool found, find.bind_text(1, hash).step());
  if (!found) return std::optional<std::string>();
  std::string body(find.bytes(1));
  if (find.number(0) == checksum_of_configuration(hash, body))
    return std::optional(std::move(body));
  damage.push_back("the configuration " + hash +
                   " is damaged (its checksum does not fit) and left out");
  return std::optional<std::string>();
}

}  // namespace tocsin::store
