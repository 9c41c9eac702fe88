// Settings of a source that are either on or off. Pure.
#pragma once

#include <string>
#include <vector>

#include "connectors/spec.hpp"

namespace tocsin::connectors::sources {

/// Whether the setting says yes; unset it is no.
inline bool is_yes(const Values& settings, const std::string& key) {
  const std::string word = settings.get(key);
  return word == "yes" || word == "true";
}

/// What is wrong with it, in the words of SourceSpec::check; empty: nothing.
inline std::vector<std::string> check_yes_no(const Values& settings, const std::string& key) {
  const std::string word = settings.get(key);
  if (word.empty() || is_yes(settings, key) || word == "no" || word == "false") return {};
  return {key + ": neither yes nor no; write one of them"};
}

}  // namespace tocsin::connectors::sources
