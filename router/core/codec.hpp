// The pieces that several record bodies share, as CBOR. Internal to the core.
#pragma once

#include "router/core/alert.hpp"
#include "router/core/cbor.hpp"
#include "router/core/ids.hpp"
#include "router/core/message.hpp"

namespace tocsin::codec {

using cbor::Reader;
using cbor::Writer;

/// An array's items are read with this: what an older writer left out stays at its default, what a
/// newer one appended is skipped.
template <class Read>
void read_array(Reader& in, std::size_t expected, Read read) {
  const std::size_t items = in.array();
  if (items < expected) in.fail();
  if (!in.ok()) return;
  read();
  in.skip(items - expected);
}

template <class T, class Write>
void write_list(Writer& out, const std::vector<T>& list, Write write) {
  out.array(list.size());
  for (const T& item : list) write(item);
}

template <class T, class Read>
std::vector<T> read_list(Reader& in, Read read) {
  const std::size_t count = in.array();
  std::vector<T> list;
  for (std::size_t i = 0; i < count && in.ok(); ++i) list.push_back(read());
  return list;
}

/// An enumerator, which must be one of 0 … `last`.
template <class E>
E read_enum(Reader& in, E last) {
  const std::uint64_t value = in.unsigned_number();
  if (value > static_cast<std::uint64_t>(last)) in.fail();
  return static_cast<E>(in.ok() ? value : 0);
}
template <class E>
void write_enum(Writer& out, E value) {
  out.unsigned_number(static_cast<std::uint64_t>(value));
}

inline std::string read_string(Reader& in) { return std::string(in.text()); }
inline std::uint32_t read_u32(Reader& in) {
  return static_cast<std::uint32_t>(in.unsigned_number());
}

void write(Writer& out, const Instant& instant);
Instant read_instant(Reader& in);
void write(Writer& out, Duration duration);
Duration read_duration(Reader& in);
void write(Writer& out, const RecordId& id);
RecordId read_record_id(Reader& in);
void write(Writer& out, const Fields& fields);
Fields read_fields(Reader& in);
void write(Writer& out, const Contact& contact);
Contact read_contact(Reader& in);

}  // namespace tocsin::codec
