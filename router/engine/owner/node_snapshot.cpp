// A partition as the store keeps it, written while the owner goes on folding.
#include <exception>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "router/engine/owner/node_state.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostEncodedAtOnce = 32;

}  // namespace

// The owner's fold waits for a few at a time, and not for the sorting and packing, which take
// longer.
template <class Look>
InOrder NodeState::in_order(Look& look) const {
  look.sort();
  return {look.size(), [this, &look](cbor::Writer& out) {
            const std::shared_lock lock(mutex_);
            std::size_t written = 0;
            for (; written < kMostEncodedAtOnce; ++written)
              if (const auto* const next = look.next())
                write(out, *next);
              else
                break;
            return written;
          }};
}

NodeState::Encoded NodeState::encoded(Partition partition) const {
  const std::lock_guard one(encoding_);
  std::unique_lock lock(mutex_);
  const PartitionState& state = states_[partition];
  std::optional<Table<AlertId, AlertState>::Look> alerts(std::in_place, state.alerts);
  std::optional<Table<IncidentId, Incident>::Look> incidents(std::in_place, state.incidents);
  const PartitionRest rest = state;
  lock.unlock();
  std::string body;
  try {
    body = encode_packed(rest, in_order(*alerts), in_order(*incidents));
  } catch (const std::exception&) {  // none this time
  }
  lock.lock();
  alerts.reset();
  incidents.reset();
  return {rest.position, std::move(body)};
}

}  // namespace tocsin::engine
