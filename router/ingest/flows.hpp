// Whose a request is, told from its head alone and without any check, so that each integration has
// its own share of the front door: a guess that costs a wrong one its own share and opens nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tocsin::ingest {

struct Integration;

/// An immutable value; any thread may ask.
class Flows {
 public:
  void add(const Integration& integration);

  /// The integration whose key the head has, or which the path names; else the path where the
  /// senders of a source post, which have their key in the body; else "", which is everybody else:
  /// people and strangers.
  std::string of(std::string_view target,
                 const std::vector<std::pair<std::string, std::string>>& headers) const;

 private:
  const std::string* by_key(std::string_view key) const;

  /// By the hash of a key, and by the name. Keys themselves are never compared here, so the time
  /// that it takes says nothing about them.
  std::unordered_map<std::size_t, std::string> by_hash_;
  std::unordered_set<std::string> names_;
};

}  // namespace tocsin::ingest
