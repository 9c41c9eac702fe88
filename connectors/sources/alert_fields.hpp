// Collects the labels or annotations of one alert while its payload is read, within the limits of
// limits.hpp.
//
// One object is used for all alerts of a request, so that reading one costs no allocation but the
// Fields that come out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/core/fields.hpp"

namespace tocsin::connectors::sources {

class PairCollector {
 public:
  void clear();
  void add(std::string_view name, std::string_view value);

  /// What is wrong with these as labels, or nothing: too many, a name or a value too long, an empty
  /// name, none at all.
  std::string label_fault() const;
  /// Without the empty values: an empty label is a missing one.
  Fields labels() const;
  /// Never refused: further ones are dropped, and the longest values cut until all fit.
  Fields annotations() const;

 private:
  struct Pair {
    std::size_t at, name_bytes, value_bytes;
  };
  std::string_view name(const Pair& pair) const;
  std::string_view value(const Pair& pair) const;
  Fields cut_annotations(std::size_t count) const;

  std::string buffer_;
  std::vector<Pair> pairs_;
};

/// Alertmanager's fingerprint: FNV-1a 64 over name 0xFF value 0xFF of the sorted labels, in 16
/// hexadecimal digits.
std::string fingerprint(const Fields& labels);

}  // namespace tocsin::connectors::sources
