// Whose a request is, so that those who send much do not shut out those who send little.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::front_door {

/// The flow of a request, by its head: an integration's name, say. What nobody can tell apart is
/// one flow; there must not be one for each word that a stranger may invent. Called by the I/O
/// thread, once a request: must be quick.
using FlowOf = std::function<std::string(
    std::string_view target, const std::vector<std::pair<std::string, std::string>>& headers)>;

/// What the large requests of each flow hold in memory. The I/O thread only.
class FlowMemory {
 public:
  void change(const std::string& flow, std::size_t from, std::size_t to) {
    if (from == to) return;
    std::size_t& held = held_[flow];
    held += to - from;  // wraps when it shrinks
    if (held == 0) held_.erase(flow);
  }
  std::size_t held(const std::string& flow) const {
    const auto known = held_.find(flow);
    return known == held_.end() ? 0 : known->second;
  }

 private:
  std::map<std::string, std::size_t> held_;
};

}  // namespace tocsin::front_door
