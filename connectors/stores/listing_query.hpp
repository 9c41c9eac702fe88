// The SQL of a list of history: for every combination of what can be asked for there is an index in
// the order of the list, so that a page costs what is on it. Pure.
#pragma once

#include <string>

#include "router/store/values.hpp"

namespace tocsin::store {

/// The statements that make the indices; part of the schema.
std::string listing_indices();

/// One state's incidents, newest first: columns `number` and `listing`, both from the index.
/// Parameters: 1 state, 2 team, 3 severity, 4 gameday (those that the query names), 5 listings at
/// or after it, 6 listings before it, 7 how many.
std::string listing_query(const Query& query);

}  // namespace tocsin::store
