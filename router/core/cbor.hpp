// CBOR (RFC 8949) for record bodies: a writer that appends to a string and a reader that walks one,
// on libcbor.
//
// Bodies are arrays in a fixed order, so that a reader of version n can read version n-1 by
// stopping early and skip what a later version appended. Nothing here knows what is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin::cbor {

class Writer {
 public:
  Writer& array(std::size_t items);
  Writer& number(std::int64_t value);
  Writer& unsigned_number(std::uint64_t value);
  Writer& text(std::string_view value);
  Writer& boolean(bool value);
  Writer& null();

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Hostile bytes are safe: every step is bounded by the input, and the first fault makes all
/// further steps return nothing and ok() false, so that a codec reads straight through and asks
/// once at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::size_t array();  // the number of items that follow; never more than there are bytes left
  std::int64_t number();
  std::uint64_t unsigned_number();
  std::string_view text();  // lives as long as the bytes given
  bool boolean();
  bool null_next();  // true and past it, if a null comes next
  void skip(std::size_t items);

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() { ok_ = false; }

 private:
  struct Item;
  Item next();

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace tocsin::cbor
