// CBOR (RFC 8949) for record bodies: a writer that appends to a string and a reader that walks one,
// on libcbor.
//
// Bodies are arrays in a fixed order, so that a reader of version n can read version n-1 by
// stopping early and skip what a later version appended. Nothing here knows what is written.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

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

  std::size_t size() const { return out_.size(); }
  /// What was written so far; then it is empty again.
  std::string take() { return std::exchange(out_, {}); }

 private:
  std::string out_;
};

/// Hostile bytes are safe: every step is bounded by the input, and the first fault makes all
/// further steps return nothing and ok() false, so that a codec reads straight through and asks
/// once at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  /// Of what would be too much to have at once: `more` gives the next piece, empty when there are
  /// no more, and is asked when the one before has been read. No item may lie in two pieces but an
  /// array, whose items may; texts live until the next piece is asked for.
  explicit Reader(std::function<std::string_view()> more) : more_(std::move(more)) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// The number of items that follow; of bytes that are all there never more than are left.
  std::size_t array();
  std::int64_t number();
  std::uint64_t unsigned_number();
  std::string_view text();  // lives as long as the bytes given
  bool boolean();
  bool null_next();  // true and past it, if a null comes next
  void skip(std::size_t items);
  /// What comes next is an array; nothing is read.
  bool array_next();

  bool ok() const { return ok_; }
  bool at_end() { return rest_.empty() && !get_more(); }
  void fail() { ok_ = false; }

 private:
  struct Item;
  Item next();
  bool get_more();

  std::string_view rest_;
  std::function<std::string_view()> more_;  // empty: there is no more
  bool ok_ = true;
};

}  // namespace tocsin::cbor
