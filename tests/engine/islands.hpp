// A partition, and a node that was cut off from it and has news.
#pragma once

#include "router/engine/carried.hpp"
#include "router/engine/pieces.hpp"
#include "tests/engine/bench.hpp"

namespace tocsin::engine::tests {

inline Record piece_record(Bench& main, const Carried& piece) {
  Record record = main.record(RecordKind::carried, encode(piece));
  record.flags = kFromIsland;
  return record;
}

// Both go on from the same state, one of them cut off: with ids of its own.
inline Bench island_of(const Bench& main) {
  Bench island = main;
  island.sequence += 1'000;
  island.state.on_island = true;
  return island;
}

inline std::vector<Carried> pieces_of(const Bench& main, const Bench& island) {
  return pieces_of_island(main.state, island.state);
}

// The island's pieces come to the journal, and its next turn takes them in.
inline void take_in(Bench& main, const std::vector<Carried>& pieces) {
  for (const Carried& piece : pieces) main.fold(piece_record(main, piece));
  main.settle();
}

inline Folded forward(Bench& main, Record record) {
  record.flags = kDecidedElsewhere;
  return main.fold(record);
}

inline const Incident& only(const Bench& bench) {
  REQUIRE(bench.state.incidents.size() == 1);
  return bench.state.incidents.begin()->second;
}

inline std::size_t pages(const Incident& incident) {
  std::size_t count = 0;
  for (const MessageState& message : incident.messages)
    count += message.kind == MessageKind::page && message.attempt > 0;
  return count;
}

}  // namespace tocsin::engine::tests
