// Collects what is wrong with a configuration: everything at once, each with its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/settings/settings.hpp"

namespace tocsin::settings {

/// Where something stands: the place that a fault points at.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string key;
};

/// "teams/cdp.yaml:12", for a fault that speaks of another place.
std::string short_form(const Place& place);

/// Text of the configuration in quotes, cut and without control characters, fit for one line of a
/// fault. Never for secrets.
std::string shown(std::string_view text);

/// The known name nearest to what was written, as `; did you mean "…"?`; without one that is near,
/// `otherwise`.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known,
                         std::string_view otherwise);

class Report {
 public:
  void fault(const Place& place, std::string what);
  void note(const Place& place, std::string what);

  bool has_faults() const { return !faults_.empty(); }
  /// At most kMostFaults, and one more that counts the rest; in the order of `files`, then of their
  /// lines.
  std::vector<Fault> faults(const std::vector<File>& files) const;
  std::vector<Fault> notes(const std::vector<File>& files) const;

 private:
  std::vector<Fault> faults_;
  std::vector<Fault> notes_;
};

inline constexpr std::size_t kMostShownBytes = 60;
inline constexpr std::size_t kMostKeyBytes = 400;  // of a fault's key

}  // namespace tocsin::settings
