// Fields: the labels or annotations of an alert as one flat, sorted, immutable buffer.
//
// A map of strings costs three to five times the bytes of its text; with 100,000 alerts firing that
// is the memory of the process. Copies share the buffer, comparing is one memcmp.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/core/shared_text.hpp"

namespace tocsin {

class Fields {
 public:
  using Pair = std::pair<std::string_view, std::string_view>;

  Fields() = default;
  /// Sorts by name; of equal names the last wins, as in every JSON parser our senders use.
  explicit Fields(std::vector<Pair> pairs);

  /// The views live as long as this object.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name) const {
    return find(name).value_or(std::string_view());
  }
  bool empty() const { return buffer_.empty(); }
  std::size_t size() const;
  std::vector<Pair> pairs() const;
  /// These and the others; where both have a name, this one's value stays.
  Fields with_defaults(const Fields& others) const;

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    using pointer = const Pair*;
    using reference = Pair;

    explicit Iterator(const char* at) : at_(at) {}
    Pair operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_;
  };
  Iterator begin() const { return Iterator(buffer_.data()); }
  Iterator end() const { return Iterator(buffer_.data() + buffer_.size()); }

  bool operator==(const Fields&) const = default;

 private:
  SharedText buffer_;  // for each pair: two 32-bit lengths, the name, the value
};

}  // namespace tocsin
