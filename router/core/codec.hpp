// The pieces that several record bodies share, as CBOR. Internal to the core.
#pragma once

#include "router/core/alert.hpp"
#include "router/core/cbor.hpp"
#include "router/core/decision.hpp"
#include "router/core/hold.hpp"
#include "router/core/ids.hpp"
#include "router/core/message.hpp"
#include "router/core/policy.hpp"
#include "router/core/schedule.hpp"

namespace tocsin::codec {

using cbor::Reader;
using cbor::Writer;

/// An array that has grown: `read(items)` reads those that are there, at least `least` of them;
/// what an older writer left out stays at its default, what a newer one appended past `known` is
/// skipped.
template <class Read>
void read_growing_array(Reader& in, std::size_t least, std::size_t known, Read read) {
  const std::size_t items = in.array();
  if (items < least) in.fail();
  if (!in.ok()) return;
  read(items);
  if (items > known) in.skip(items - known);
}

/// One that has always had these items.
template <class Read>
void read_array(Reader& in, std::size_t expected, Read read) {
  read_growing_array(in, expected, expected, [&](std::size_t) { read(); });
}

template <class T, class Write>
void write_list(Writer& out, const std::vector<T>& list, Write write) {
  out.array(list.size());
  for (const T& item : list) write(item);
}

inline void write(Writer& out, const std::vector<std::string>& texts) {
  write_list(out, texts, [&](const std::string& text) { out.text(text); });
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

inline std::vector<std::string> read_strings(Reader& in) {
  return read_list<std::string>(in, [&] { return read_string(in); });
}
inline void write(Writer& out, WallTime time) { out.number(time.time_since_epoch().count()); }
inline WallTime read_wall(Reader& in) { return WallTime(Duration(in.number())); }

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
void write(Writer& out, const Alert& alert);
Alert read_alert(Reader& in);
void write(Writer& out, const Wait& wait);
Wait read_wait(Reader& in);
void write(Writer& out, const Decision& decision);
Decision read_decision(Reader& in);
void write(Writer& out, const Schedule& schedule);
/// In UTC, where this machine does not know its zone: what it belongs to is not lost for that.
Schedule read_schedule(Reader& in);
void write(Writer& out, const Policy& policy);
Policy read_policy(Reader& in);
void write(Writer& out, const std::vector<PlannedMessage>& messages);
std::vector<PlannedMessage> read_planned(Reader& in);
void write(Writer& out, const Hold& hold);
Hold read_hold(Reader& in);

}  // namespace tocsin::codec
