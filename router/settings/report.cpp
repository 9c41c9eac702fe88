#include "router/settings/report.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "router/core/text.hpp"

namespace tocsin::settings {
namespace {

/// Edits of one character, and swaps of two neighbours, that turn one text into the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), 0u);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

std::vector<Fault> in_order(std::vector<Fault> all, const std::vector<File>& files) {
  std::map<std::string, std::size_t> rank;
  for (const File& file : files) rank.emplace(file.name, rank.size());
  std::stable_sort(all.begin(), all.end(), [&](const Fault& a, const Fault& b) {
    return std::tuple(rank[a.file], a.line, a.column) < std::tuple(rank[b.file], b.line, b.column);
  });
  if (all.size() > kMostFaults) {
    const std::string rest = std::to_string(all.size() - kMostFaults);
    all.resize(kMostFaults);
    all.push_back({all.back().file, 0, 0, "", rest + " more are not shown; mend these first"});
  }
  return all;
}

/// Parts of a key are as people wrote them, over several lines perhaps.
Fault fault_at(const Place& place, std::string what) {
  return {place.file, place.line, place.column, cut(one_line(place.key), kMostKeyBytes),
          std::move(what)};
}

}  // namespace

std::string Fault::text() const {
  std::string where = file;
  if (line > 0) where += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!key.empty()) where += ": " + key;
  return where + ": " + what;
}

std::string short_form(const Place& place) { return place.file + ":" + std::to_string(place.line); }

std::string shown(std::string_view text) {
  return "\"" + cut(one_line(text), kMostShownBytes) + "\"";
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known,
                         std::string_view otherwise) {
  const std::string* nearest = nullptr;
  // A third of the characters may differ; beyond that a suggestion is a guess.
  std::size_t least = std::max<std::size_t>(1, written.size() / 3) + 1;
  if (written.size() > kMostShownBytes) least = 0;
  for (const std::string& name : known) {
    const std::size_t longer = std::max(name.size(), written.size());
    if (longer - std::min(name.size(), written.size()) >= least) continue;
    if (const std::size_t d = distance(written, name); d < least) {
      least = d;
      nearest = &name;
    }
  }
  return nearest ? "; did you mean \"" + *nearest + "\"?" : "; " + std::string(otherwise);
}

void Report::fault(const Place& place, std::string what) {
  faults_.push_back(fault_at(place, std::move(what)));
}

void Report::note(const Place& place, std::string what) {
  notes_.push_back(fault_at(place, std::move(what)));
}

std::vector<Fault> Report::faults(const std::vector<File>& files) const {
  return in_order(faults_, files);
}

std::vector<Fault> Report::notes(const std::vector<File>& files) const {
  return in_order(notes_, files);
}

}  // namespace tocsin::settings
