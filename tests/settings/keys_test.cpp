#include "router/settings/keys.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin::settings;

namespace {

std::vector<std::string> manual() {
  std::ifstream file(tocsin::tests::source_dir() + "/router/settings/README.md");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE_FALSE(lines.empty());
  return lines;
}

std::string full(const Keys& keys, std::string_view key) {
  return (keys.where.empty() ? "" : std::string(keys.where) + ".") + std::string(key);
}

/// The names in backquotes at the beginning of each table row below this heading.
std::set<std::string> rows_below(const std::string& heading) {
  std::set<std::string> rows;
  bool inside = false;
  for (const std::string& line : manual()) {
    if (line.starts_with("#")) inside = line == heading;
    if (!inside || !line.starts_with("| `")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    INFO(name);
    CHECK(rows.insert(name).second);
  }
  return rows;
}

}  // namespace

TEST_CASE("the manual has a row for every key of this version and for no other") {
  std::set<std::string> known;
  for (const Keys* keys : all_keys())
    for (const std::string_view key : keys->known) known.insert(full(*keys, key));
  CHECK(known.size() > 40);
  CHECK(rows_below("## Keys") == known);
}

TEST_CASE("the manual lists every key and word that is not in this version") {
  std::set<std::string> later;
  for (const Keys* keys : all_keys())
    for (const std::string_view key : keys->later) later.insert(full(*keys, key));
  CHECK(rows_below("## Not in this version") == later);
}
