// What can be asked of a store's file, each within a transaction of the caller. An entry that is
// damaged is left out and named in `damage`.
#pragma once

#include "connectors/sqlite/database.hpp"
#include "router/store/values.hpp"

namespace tocsin::store {

/// Errors: also invalid, for a cursor that no page gave.
Result<Page> read_page(sqlite::Database& database, const Query& query,
                       std::vector<std::string>& damage);
/// Errors: also invalid, when several begin so.
Result<std::optional<History>> read_by_id(sqlite::Database& database, std::string_view typed,
                                          std::vector<std::string>& damage);
Result<std::optional<History>> read_by_alert(sqlite::Database& database, const AlertId& alert,
                                             std::vector<std::string>& damage);
Result<std::optional<std::string>> read_configuration(sqlite::Database& database,
                                                      const std::string& hash,
                                                      std::vector<std::string>& damage);

}  // namespace tocsin::store
