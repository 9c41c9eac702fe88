// A partition's state as bytes, for the store's snapshots; and the parts of it that `carried`
// records are made of. The same state always gives the same bytes.
//
// A snapshot that cannot be read is not missed: the journal is folded from its beginning instead.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "router/core/cbor.hpp"
#include "router/engine/state.hpp"

namespace tocsin::engine {

std::string encode_state(const PartitionState& state);
/// The same, packed (core/packed.hpp) as it is made: one piece after the other, each ending where
/// an alert, an incident or another item of a list does. Empty: one of the lists ended too early.
struct InOrder {
  std::size_t count = 0;
  /// Writes the next of them, in the order of their ids, and says how many it wrote; 0: none are
  /// left.
  std::function<std::size_t(cbor::Writer&)> write_some;
};
std::string encode_packed(const PartitionRest& rest, const InOrder& alerts,
                          const InOrder& incidents);
/// Of either. Errors: corrupt, also for a snapshot of another version.
Result<PartitionState> decode_state(std::string_view bytes);

/// An incident with its alerts, as history keeps it.
std::string encode_closed(const Incident& incident, const std::vector<AlertState>& alerts);
struct Closed {
  Incident incident;
  std::vector<AlertState> alerts;
};
Result<Closed> decode_closed(std::string_view bytes);

void write(cbor::Writer& out, const Incident& incident);
Incident read_incident(cbor::Reader& in);
void write(cbor::Writer& out, const MessageState& message);
MessageState read_message(cbor::Reader& in);
void write(cbor::Writer& out, const AlertState& alert);
AlertState read_alert_state(cbor::Reader& in);
void write(cbor::Writer& out, const HookRun& run);
HookRun read_run(cbor::Reader& in);
void write_health(cbor::Writer& out, const ContactsHealth& contacts);
void read_health(cbor::Reader& in, ContactsHealth& contacts);
void write_facts(cbor::Writer& out, const Facts& facts, const Notices& notices);
void read_facts(cbor::Reader& in, Facts& facts, Notices& notices);
/// How often contacts were paged of late, and the bundles.
void write_paged(cbor::Writer& out, const PartitionRest& state);
void read_paged(cbor::Reader& in, PartitionState& state);
/// Whose turn it is in the steps that take turns.
void write_turns(cbor::Writer& out, const PartitionRest& state);
void read_turns(cbor::Reader& in, PartitionState& state);
/// The last signs of life.
void write_beats(cbor::Writer& out, const PartitionRest& state);
void read_beats(cbor::Reader& in, PartitionState& state);

}  // namespace tocsin::engine
