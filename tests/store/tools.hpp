// What the tests of the stores share: incidents to save, and a SQLite store in a directory that
// goes away.
#pragma once

#include "connectors/stores/sqlite_store.hpp"
#include "router/core/listing_order.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin::store::testing {

using journal::testing::file_bytes;
using journal::testing::TempDirectory;
using journal::testing::write_file;

inline WallTime minute(int number) {
  return parse_rfc3339("2026-11-22T00:00:00Z").value() + std::chrono::minutes(number);
}

/// Opened in that minute, resolved ten later.
inline History incident(std::string id, int opened, std::string team = "cdp",
                        Severity severity = Severity::error, std::string gameday = "") {
  History history;
  history.id = {std::move(id)};
  history.partition = 3;
  history.state = "resolved";
  history.team = std::move(team);
  history.severity = severity;
  history.gameday = std::move(gameday);
  history.opened_at = minute(opened);
  history.resolved_at = minute(opened + 10);
  history.alerts = {{"alert-" + history.id.text}};
  history.configurations = {"config-1"};
  history.body = std::string("\0body of ", 9) + history.id.text;
  return history;
}

inline std::vector<std::string> ids(const std::vector<History>& incidents) {
  std::vector<std::string> found;
  for (const History& each : incidents) found.push_back(each.id.text);
  return found;
}

inline SqliteStoreOptions options_in(const TempDirectory& directory) {
  SqliteStoreOptions options;
  options.path = directory / "store.db";
  options.identity = "journal-1";
  options.patience = std::chrono::milliseconds(20);
  return options;
}

inline std::unique_ptr<Store> open(const SqliteStoreOptions& options) {
  auto store = open_sqlite_store(options);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

}  // namespace tocsin::store::testing
