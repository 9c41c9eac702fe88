#include "router/core/codec.hpp"

namespace tocsin::codec {

void write(Writer& out, Duration duration) { out.number(duration.count()); }
Duration read_duration(Reader& in) { return Duration(in.number()); }

void write(Writer& out, const Instant& instant) {
  out.array(3)
      .number(instant.wall.time_since_epoch().count())
      .unsigned_number(instant.machine_boot);
  write(out, instant.elapsed);
}
Instant read_instant(Reader& in) {
  Instant instant;
  read_array(in, 3, [&] {
    instant.wall = WallTime(read_duration(in));
    instant.machine_boot = in.unsigned_number();
    instant.elapsed = read_duration(in);
  });
  return instant;
}

void write(Writer& out, const RecordId& id) {
  out.array(3).unsigned_number(id.boot).unsigned_number(id.partition).unsigned_number(id.sequence);
}
RecordId read_record_id(Reader& in) {
  RecordId id;
  read_array(in, 3, [&] {
    id.boot = in.unsigned_number();
    id.partition = static_cast<Partition>(in.unsigned_number());
    id.sequence = in.unsigned_number();
  });
  return id;
}

void write(Writer& out, const Fields& fields) {
  out.array(2 * fields.size());
  for (const auto& [name, value] : fields) out.text(name).text(value);
}
Fields read_fields(Reader& in) {
  const std::size_t items = in.array();
  if (items % 2 != 0) in.fail();
  std::vector<Fields::Pair> pairs;
  for (std::size_t i = 0; i < items && in.ok(); i += 2) {
    const std::string_view name = in.text();
    pairs.emplace_back(name, in.text());
  }
  return Fields(std::move(pairs));
}

void write(Writer& out, const Contact& contact) {
  out.array(3).text(contact.person).text(contact.channel).text(contact.address);
}
Contact read_contact(Reader& in) {
  Contact contact;
  read_array(in, 3, [&] {
    contact.person = read_string(in);
    contact.channel = read_string(in);
    contact.address = read_string(in);
  });
  return contact;
}

}  // namespace tocsin::codec
