#include "router/core/codec.hpp"

namespace tocsin::codec {

void write(Writer& out, Duration duration) { out.number(duration.count()); }
Duration read_duration(Reader& in) { return Duration(in.number()); }

void write(Writer& out, const Instant& instant) {
  const bool is_ahead = instant.ahead != Duration::zero();
  out.array(is_ahead ? 4 : 3)
      .number(instant.wall.time_since_epoch().count())
      .unsigned_number(instant.machine_boot);
  write(out, instant.elapsed);
  if (is_ahead) write(out, instant.ahead);
}
Instant read_instant(Reader& in) {
  Instant instant;
  read_growing_array(in, 3, 4, [&](std::size_t items) {
    instant.wall = WallTime(read_duration(in));
    instant.machine_boot = in.unsigned_number();
    instant.elapsed = read_duration(in);
    if (items > 3) instant.ahead = read_duration(in);
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

void write(Writer& out, const Alert& alert) {
  out.array(7).text(alert.key);
  write_enum(out, alert.status);
  write(out, alert.labels);
  write(out, alert.annotations);
  out.number(alert.starts_at.time_since_epoch().count());
  if (alert.ends_at)
    out.number(alert.ends_at->time_since_epoch().count());
  else
    out.null();
  out.text(alert.generator_url);
}

Alert read_alert(Reader& in) {
  Alert alert;
  read_array(in, 7, [&] {
    alert.key = read_string(in);
    alert.status = read_enum(in, AlertStatus::resolved);
    alert.labels = read_fields(in);
    alert.annotations = read_fields(in);
    alert.starts_at = WallTime(read_duration(in));
    if (!in.null_next()) alert.ends_at = WallTime(read_duration(in));
    alert.generator_url = read_string(in);
  });
  return alert;
}

}  // namespace tocsin::codec
