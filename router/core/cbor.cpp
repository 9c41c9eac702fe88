#include "router/core/cbor.hpp"

#include <cbor.h>

namespace tocsin::cbor {
namespace {

constexpr std::size_t kMostHeadBytes = 9;

template <class Encode, class Value>
void append_head(std::string& out, Encode encode, Value value) {
  unsigned char head[kMostHeadBytes];
  out.append(reinterpret_cast<const char*>(head), encode(value, head, sizeof head));
}

}  // namespace

Writer& Writer::array(std::size_t items) {
  append_head(out_, cbor_encode_array_start, items);
  return *this;
}
Writer& Writer::unsigned_number(std::uint64_t value) {
  append_head(out_, cbor_encode_uint, value);
  return *this;
}
Writer& Writer::number(std::int64_t value) {
  if (value >= 0) return unsigned_number(static_cast<std::uint64_t>(value));
  append_head(out_, cbor_encode_negint, static_cast<std::uint64_t>(-(value + 1)));
  return *this;
}
Writer& Writer::text(std::string_view value) {
  append_head(out_, cbor_encode_string_start, value.size());
  out_.append(value);
  return *this;
}
Writer& Writer::boolean(bool value) {
  append_head(out_, cbor_encode_bool, value);
  return *this;
}
Writer& Writer::null() {
  unsigned char head[kMostHeadBytes];
  out_.append(reinterpret_cast<const char*>(head), cbor_encode_null(head, sizeof head));
  return *this;
}

struct Reader::Item {
  enum class Kind { none, positive, negative, text, array, boolean, null } kind = Kind::none;
  std::uint64_t number = 0;
  std::string_view text;
};

namespace {

template <class Item, typename Item::Kind kind, class Number>
void take_number(void* into, Number value) {
  *static_cast<Item*>(into) = {kind, static_cast<std::uint64_t>(value), {}};
}

// Everything that we never write (floats, tags, maps, indefinite lengths) leaves the item as
// `none`, which is a fault.
template <class Item>
cbor_callbacks make_callbacks() {
  using Kind = typename Item::Kind;
  cbor_callbacks c = cbor_empty_callbacks;
  c.uint8 = take_number<Item, Kind::positive, std::uint8_t>;
  c.uint16 = take_number<Item, Kind::positive, std::uint16_t>;
  c.uint32 = take_number<Item, Kind::positive, std::uint32_t>;
  c.uint64 = take_number<Item, Kind::positive, std::uint64_t>;
  c.negint8 = take_number<Item, Kind::negative, std::uint8_t>;
  c.negint16 = take_number<Item, Kind::negative, std::uint16_t>;
  c.negint32 = take_number<Item, Kind::negative, std::uint32_t>;
  c.negint64 = take_number<Item, Kind::negative, std::uint64_t>;
  c.array_start = take_number<Item, Kind::array, std::size_t>;
  c.boolean = take_number<Item, Kind::boolean, bool>;
  c.null = [](void* into) { static_cast<Item*>(into)->kind = Kind::null; };
  c.string = [](void* into, cbor_data data, std::size_t length) {
    *static_cast<Item*>(into) = {Kind::text, length, {reinterpret_cast<const char*>(data), length}};
  };
  return c;
}

}  // namespace

Reader::Item Reader::next() {
  static const cbor_callbacks kCallbacks = make_callbacks<Item>();
  Item item;
  if (!ok_) return item;
  if (at_end()) {
    ok_ = false;
    return item;
  }
  const auto decoded = cbor_stream_decode(reinterpret_cast<cbor_data>(rest_.data()), rest_.size(),
                                          &kCallbacks, &item);
  if (decoded.status != CBOR_DECODER_FINISHED || decoded.read > rest_.size() ||
      item.kind == Item::Kind::none) {
    ok_ = false;
    return {};
  }
  rest_.remove_prefix(decoded.read);
  return item;
}

bool Reader::get_more() {
  if (!ok_ || !more_) return false;
  rest_ = more_();
  return !rest_.empty();
}

std::size_t Reader::array() {
  const Item item = next();
  if (item.kind != Item::Kind::array || (!more_ && item.number > rest_.size())) {
    ok_ = false;
    return 0;
  }
  return item.number;
}

std::int64_t Reader::number() {
  const Item item = next();
  const bool fits = item.number <= static_cast<std::uint64_t>(INT64_MAX);
  if (item.kind == Item::Kind::positive && fits) return static_cast<std::int64_t>(item.number);
  if (item.kind == Item::Kind::negative && fits) return -static_cast<std::int64_t>(item.number) - 1;
  ok_ = false;
  return 0;
}

std::uint64_t Reader::unsigned_number() {
  const Item item = next();
  if (item.kind != Item::Kind::positive) ok_ = false;
  return ok_ ? item.number : 0;
}

std::string_view Reader::text() {
  const Item item = next();
  if (item.kind != Item::Kind::text) ok_ = false;
  return ok_ ? item.text : std::string_view();
}

bool Reader::boolean() {
  const Item item = next();
  if (item.kind != Item::Kind::boolean) ok_ = false;
  return ok_ && item.number != 0;
}

bool Reader::array_next() {
  constexpr unsigned kMajorType = 0xe0, kArray = 0x80;
  return ok_ && !at_end() && (static_cast<unsigned char>(rest_[0]) & kMajorType) == kArray;
}

bool Reader::null_next() {
  if (!ok_ || at_end() || static_cast<unsigned char>(rest_[0]) != 0xf6) return false;
  rest_.remove_prefix(1);
  return true;
}

// Iterative, so that nested arrays in damaged bytes cannot exhaust the stack.
void Reader::skip(std::size_t items) {
  while (ok_ && items > 0) {
    const Item item = next();
    --items;
    if (item.kind == Item::Kind::array) items += item.number;
  }
}

}  // namespace tocsin::cbor
