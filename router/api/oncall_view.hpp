// Who is on call, as the API answers it: the rotas in force and the overrides of one moment.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/engine/configuration.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/oncall/rota.hpp"

namespace tocsin::api {

struct OnCallView {
  std::shared_ptr<const engine::Configuration> configuration;
  oncall::Overrides overrides;

  oncall::Roster roster() const {
    return {configuration->rotas, configuration->directory, overrides};
  }
  /// Errors: not_found, naming those that there are.
  Result<const oncall::Rota*> rota(std::string_view name) const;
  /// Errors: the same.
  Result<const oncall::Person*> person(std::string_view name) const;
  /// The override that counts at this moment; nothing, if none does.
  std::optional<oncall::Override> override_at(const oncall::Rota& rota, WallTime at) const;
};

/// All of a person's contacts.
const std::vector<oncall::Way>& ways_to(const oncall::Person& person);

/// Names after one another, no more than a few of them: "ada, grace and 12 more".
std::string some_of(const std::vector<std::string>& names);

}  // namespace tocsin::api
