// How what is known of contacts, and what they are told at once, is written in snapshots.
#include <map>

#include "router/core/codec.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

void write(Writer& out, const Bundle& bundle) {
  out.array(3);
  engine::write(out, bundle.host);
  out.unsigned_number(bundle.under_way);
  write_list(out, bundle.pages, [&](const BundledPage& page) {
    out.array(2).text(page.incident.text).text(page.message.text);
  });
}
void read_bundle(Reader& in, PartitionState& state) {
  Bundle bundle;
  read_array(in, 3, [&] {
    bundle.host = read_incident(in);
    bundle.under_way = in.unsigned_number();
    bundle.pages = read_list<BundledPage>(in, [&] {
      BundledPage page;
      read_array(in, 2, [&] {
        page.incident.text = read_string(in);
        page.message.text = read_string(in);
      });
      return page;
    });
  });
  if (bundle.host.messages.empty() || bundle.under_way > bundle.pages.size()) return in.fail();
  const IncidentId id = bundle.host.id;
  state.bundles.insert_or_assign(id, std::move(bundle));
}

}  // namespace

void write_health(Writer& out, const ContactsHealth& contacts) {
  const auto wall = [&](const std::optional<WallTime>& at) {
    if (at)
      codec::write(out, *at);
    else
      out.null();
  };
  out.array(contacts.size());
  for (const auto& [contact, health] : contacts) {
    out.array(health.receipts ? 10 : 9);
    codec::write(out, contact);
    wall(health.accepted_at);
    wall(health.delivered_at);
    wall(health.failed_at);
    wall(health.worked_at);
    wall(health.confirmed_at);
    out.unsigned_number(health.failures).boolean(health.rejected).text(health.detail);
    if (health.receipts) out.boolean(true);
  }
}
void read_health(Reader& in, ContactsHealth& contacts) {
  const auto wall = [&] { return in.null_next() ? std::nullopt : std::optional(read_wall(in)); };
  read_list<int>(in, [&] {
    read_growing_array(in, 9, 10, [&](std::size_t items) {
      ContactHealth& health = contacts[read_contact(in)];
      health.accepted_at = wall();
      health.delivered_at = wall();
      health.failed_at = wall();
      health.worked_at = wall();
      health.confirmed_at = wall();
      health.failures = read_u32(in);
      health.rejected = in.boolean();
      health.detail = read_string(in);
      if (items > 9) health.receipts = in.boolean();
    });
    return 0;
  });
}

void write_paged(Writer& out, const PartitionRest& state) {
  out.array(2);
  out.array(state.paged.size());
  for (const auto& [key, paged] : state.paged) {
    out.array(6).text(key.realm.gameday).unsigned_number(key.realm.run);
    write_enum(out, key.kind);
    codec::write(out, key.contact);
    out.array(paged.recent.size());
    for (const Instant& at : paged.recent) codec::write(out, at);
    out.text(paged.bundle.text);
  }
  // In an order of their own, so that the same state gives the same bytes.
  std::map<IncidentId, const Bundle*> bundles;
  for (const auto& [id, bundle] : state.bundles) bundles.emplace(id, &bundle);
  out.array(bundles.size());
  for (const auto& each : bundles) write(out, *each.second);
}
void read_paged(Reader& in, PartitionState& state) {
  read_array(in, 2, [&] {
    read_list<int>(in, [&] {
      read_array(in, 6, [&] {
        PagedKey key;
        key.realm.gameday = read_string(in);
        key.realm.run = read_u32(in);
        key.kind = read_enum(in, kLastMessageKind);
        key.contact = read_contact(in);
        Paged& paged = state.paged[key];
        for (const Instant& at : read_list<Instant>(in, [&] { return read_instant(in); }))
          paged.recent.push_back(at);
        paged.bundle.text = read_string(in);
      });
      return 0;
    });
    read_list<int>(in, [&] {
      read_bundle(in, state);
      return 0;
    });
  });
}

}  // namespace tocsin::engine
