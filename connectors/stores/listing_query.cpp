#include "connectors/stores/listing_query.hpp"

namespace tocsin::store {
namespace {

struct Facets {
  bool team = false;
  bool severity = false;
  bool gameday = false;
};

std::string index_of(const Facets& by) {
  return std::string("listed") + (by.team ? "_team" : "") + (by.severity ? "_severity" : "") +
         (by.gameday ? "_gameday" : "");
}

}  // namespace

// The state comes first in each: there are few, so a list of several, or of all, is one look for
// each of them.
std::string listing_indices() {
  std::string sql;
  for (unsigned choice = 0; choice < 8; ++choice) {
    const Facets by{(choice & 1) != 0, (choice & 2) != 0, (choice & 4) != 0};
    sql += "CREATE INDEX " + index_of(by) + " ON incidents(state, " + (by.team ? "team, " : "") +
           (by.severity ? "severity, " : "") + (by.gameday ? "gameday, " : "") + "listing);\n";
  }
  return sql;
}

// INDEXED BY: an error is better than a plan that looks at everything.
std::string listing_query(const Query& query) {
  const Facets by{!query.team.empty(), query.severity.has_value(), query.gameday.has_value()};
  return "SELECT number, listing FROM incidents INDEXED BY " + index_of(by) + " WHERE state = ?1" +
         (by.team ? " AND team = ?2" : "") + (by.severity ? " AND severity = ?3" : "") +
         (by.gameday ? " AND gameday = ?4" : "") +
         " AND listing >= ?5 AND listing < ?6 ORDER BY listing DESC LIMIT ?7";
}

}  // namespace tocsin::store
