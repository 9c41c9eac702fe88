// How whose turn it is in a step, and signs of life, are written in snapshots.
#include "router/core/codec.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {

using namespace codec;

void write_turns(Writer& out, const PartitionRest& state) {
  out.array(state.turns.size());
  for (const auto& [step, target] : state.turns) out.array(2).text(step).unsigned_number(target);
}
void read_turns(Reader& in, PartitionState& state) {
  read_list<int>(in, [&] {
    read_array(in, 2, [&] {
      std::string step = read_string(in);
      state.turns[std::move(step)] = read_u32(in);
    });
    return 0;
  });
}

void write_beats(Writer& out, const PartitionRest& state) {
  out.array(state.beats.size());
  for (const auto& [heartbeat, heard] : state.beats) {
    out.array(3).text(heartbeat.first).text(heartbeat.second);
    codec::write(out, heard);
  }
}
void read_beats(Reader& in, PartitionState& state) {
  read_list<int>(in, [&] {
    read_array(in, 3, [&] {
      std::string integration = read_string(in), name = read_string(in);
      state.beats[{std::move(integration), std::move(name)}] = read_instant(in);
    });
    return 0;
  });
}

}  // namespace tocsin::engine
