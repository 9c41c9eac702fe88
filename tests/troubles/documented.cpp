#include "tests/troubles/documented.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/source_dir.hpp"

namespace tocsin::troubles {
namespace {

constexpr std::string_view kHeading = "### A provider's troubles";
constexpr std::size_t kOutcomeColumn = 2;

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream line(row.substr(1));
  for (std::string cell; std::getline(line, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    cells.push_back(
        from == std::string::npos ? "" : cell.substr(from, cell.find_last_not_of(' ') - from + 1));
  }
  return cells;
}

std::vector<std::vector<std::string>> rows() {
  std::ifstream page(tests::source_dir() + "/connectors/README.md");
  std::vector<std::vector<std::string>> rows;
  bool here = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("#")) here = line == kHeading;
    if (here && line.starts_with("| ")) rows.push_back(cells_of(line));
  }
  if (!rows.empty()) rows.erase(rows.begin());  // the names of the columns
  return rows;
}

}  // namespace

std::vector<std::string> documented_troubles() {
  std::vector<std::string> names;
  for (const auto& row : rows()) names.push_back(row.front());
  return names;
}

std::string documented_outcome(std::string_view trouble) {
  for (const auto& row : rows())
    if (row.front() == trouble && row.size() > kOutcomeColumn) return row[kOutcomeColumn];
  return {};
}

std::string documented_word(AttemptOutcome outcome) {
  std::string word(to_string(outcome));
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

}  // namespace tocsin::troubles
