// The two lists of a test, each entry read into its value. Private to cases.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "router/settings/cases.hpp"
#include "router/settings/value.hpp"

namespace tocsin::settings {

/// What the configuration has, by kind, for tests to name.
struct Known {
  std::vector<std::string> integrations, people, channels, rules, teams, policies, runbooks;
  std::vector<std::string> rooms;  // channels that need no address
};
Known known_of(const Settings& settings);

/// A word that is one of these, or a fault that says which is near.
std::optional<std::string> read_known(const Value& value, std::string_view noun,
                                      const std::vector<std::string>& known);
/// Label or annotation → text, at least one.
std::optional<Labels> read_labels(const Value& value);

/// `folder` is that of the test's file, such as "teams/".
std::optional<Given> read_given(const Value& value, const std::string& folder, const Known& known);
std::optional<Expected> read_expected(const Value& value, const Known& known);

}  // namespace tocsin::settings
