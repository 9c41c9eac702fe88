// Everything that has a name in the configuration, and every place that uses one: defined once, and
// nowhere dangling.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "router/settings/report.hpp"

namespace tocsin::settings {

enum class Noun {
  team,
  integration,
  channel,
  person,
  rota,
  policy,
  rule,
  hook,
  window,
  runbook,
  gameday,
  token
};
inline constexpr std::size_t kNouns = 12;

class Names {
 public:
  /// A second definition is a fault that names the first.
  void define(Noun noun, const std::string& name, const Place& place, Report& report);
  void refer(Noun noun, const std::string& name, const Place& place);

  /// A fault for each reference to what is not defined. Only when every file could be read to its
  /// end.
  void resolve(Report& report) const;

 private:
  struct Reference {
    Noun noun;
    std::string name;
    Place place;
  };
  std::array<std::map<std::string, Place>, kNouns> defined_;
  std::vector<Reference> references_;
};

}  // namespace tocsin::settings
