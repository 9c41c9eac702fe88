#include "router/ingest/flows.hpp"

#include <functional>

#include "connectors/source.hpp"
#include "router/ingest/ingest.hpp"

namespace tocsin::ingest {
namespace {

constexpr std::string_view kNamed = "/in/";

/// The value of ?key=, as it stands there.
std::string_view key_in_query(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    if (query.starts_with("key=")) return query.substr(4, end - 4);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

std::string source_at(std::string_view path) {
  for (const connectors::SourceSpec* source : connectors::all_sources())
    for (const connectors::SourceRoute& route : source->routes)
      if (!route.path.empty() && connectors::match_route(route.path, path))
        return std::string(route.path);
  return {};
}

}  // namespace

void Flows::add(const Integration& integration) {
  names_.insert(integration.name);
  for (const std::string& key : integration.keys)
    by_hash_.emplace(std::hash<std::string_view>()(key), integration.name);
}

const std::string* Flows::by_key(std::string_view key) const {
  if (key.empty()) return nullptr;
  const auto known = by_hash_.find(std::hash<std::string_view>()(key));
  return known == by_hash_.end() ? nullptr : &known->second;
}

std::string Flows::of(std::string_view target,
                      const std::vector<std::pair<std::string, std::string>>& headers) const {
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  if (const auto* name = by_key(key_in(headers))) return *name;
  if (const auto* name = by_key(key_in_query(target.substr(std::min(mark + 1, target.size())))))
    return *name;
  if (!path.starts_with(kNamed)) return source_at(path);
  const std::string_view rest = path.substr(kNamed.size());
  std::string named(rest.substr(0, rest.find('/')));
  return names_.count(named) > 0 ? named : std::string();
}

}  // namespace tocsin::ingest
