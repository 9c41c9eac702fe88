#include "router/engine/title.hpp"

#include <algorithm>

#include "router/core/text.hpp"

namespace tocsin::engine {
namespace {

std::string_view without_places(std::string_view name) {
  const std::size_t open = name.find('{');
  return name.find('}', std::min(open, name.size())) == std::string_view::npos
             ? name
             : name.substr(0, open);
}

}  // namespace

std::string title_of(const Alert& alert) {
  const std::string_view name = alert.labels.get("alertname");
  std::string_view says = alert.annotations.get("summary");
  if (says.empty()) says = alert.annotations.get("message");
  std::string title(name.empty() ? std::string_view(alert.key) : name);
  if (!says.empty())
    title = name.empty() || says.starts_with(without_places(name))
                ? std::string(says)
                : title + ": " + std::string(says);
  return cut(one_line(title), kMostTitleBytes);
}

}  // namespace tocsin::engine
