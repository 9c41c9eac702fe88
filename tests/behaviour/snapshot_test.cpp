// A snapshot that is made while records are folded, and how it is packed.
#include <atomic>
#include <thread>

#include "router/core/packed.hpp"
#include "router/engine/owner/node_state.hpp"
#include "router/engine/state_codec.hpp"
#include "tests/engine/bench.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace tocsin::engine::tests;

namespace {

std::string unpacked(std::string_view body) {
  std::string all;
  Unpacker unpacker(body);
  for (auto piece = unpacker.next(); !piece.empty(); piece = unpacker.next()) all.append(piece);
  CHECK(unpacker.is_whole());
  return all;
}

// Until the other thread has written down another state, and is at the next.
void wait_for_more(const std::atomic<int>& written) {
  for (const int before = written; written == before;) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a packed state is the state's own bytes and reads as it") {
  Bench bench;
  for (int i = 0; i < 3'000; ++i) {
    bench.fold(bench.alert(std::to_string(i)));
    if (i % 100 == 0) bench.settle();
  }
  NodeState node(1);
  node.restore(bench.state, bench.position);
  const NodeState::Encoded encoded = node.encoded(0);
  CHECK(encoded.position == bench.position);
  const std::string plain = encode_state(bench.state);
  CHECK(unpacked(encoded.body) == plain);
  CHECK(encoded.body.size() < plain.size() / 4);
  const auto read = decode_state(encoded.body);
  REQUIRE(read);
  CHECK(encode_state(*read) == plain);
  for (std::size_t size = 0; size < encoded.body.size(); size += 997)
    CHECK_FALSE(decode_state(std::string_view(encoded.body).substr(0, size)));
  std::string damaged = encoded.body;
  damaged[damaged.size() / 2] ^= 1;
  CHECK_FALSE(decode_state(damaged));
  CHECK_FALSE(decode_state(encoded.body + "x"));
}

TEST_CASE("a snapshot is of one moment however much is folded meanwhile") {
  Bench bench;
  std::vector<Record> records;
  const auto add = [&](Record record) {
    records.push_back(record);
    bench.fold(record);
  };
  for (int i = 0; i < 400; ++i) {
    const std::string key = std::to_string(i % 150);
    add(bench.alert(key, i % 7 == 3 ? AlertStatus::resolved : AlertStatus::firing));
    if (i % 3 != 0 || bench.state.pending.empty()) continue;
    const Record turn = bench.turn_record(bench.decide());
    const Folded folded = bench.fold(turn);
    records.push_back(turn);
    for (const AttemptRef& attempt : folded.started)
      add(bench.record(RecordKind::result,
                       encode(AttemptResult{attempt.incident, attempt.message, attempt.attempt,
                                            bench.now, Attempt::accepted("taken")})));
  }
  std::vector<std::string> at(records.size() + 1);  // what a snapshot is to be, by position
  PartitionState alone;
  at[0] = encode_state(alone);
  for (std::size_t i = 0; i < records.size(); ++i) {
    fold(alone, i + 1, records[i]);
    at[i + 1] = encode_state(alone);
  }
  NodeState node(1);
  std::atomic<bool> over = false;
  std::atomic<int> written = 0;
  std::thread owner([&] {
    for (std::size_t i = 0; i < records.size(); ++i) {
      node.fold(0, i + 1, records[i]);
      if (i % 8 == 0) wait_for_more(written);
    }
    over = true;
  });
  bool same = true;
  for (bool last = false; !last;) {
    last = over;
    const NodeState::Encoded encoded = node.encoded(0);
    ++written;
    same = same && unpacked(encoded.body) == at[encoded.position];
  }
  owner.join();
  CHECK(same);
  CHECK(node.partition(0).position == records.size());
}

TEST_CASE("a state that is exchanged while it is written down is given up and not mixed") {
  Bench bench;
  for (int i = 0; i < 2'000; ++i) bench.fold(bench.alert(std::to_string(i)));
  while (!bench.state.pending.empty()) bench.settle();
  NodeState node(1);
  node.restore(bench.state, bench.position);
  const std::string before = encode_state(bench.state);
  std::atomic<bool> over = false;
  std::atomic<int> written = 0;
  std::thread owner([&] {
    for (int i = 0; i < 20; ++i) {
      std::vector<PartitionState> other(1);
      other = node.exchange(std::move(other));
      node.exchange(std::move(other));
      wait_for_more(written);
    }
    over = true;
  });
  const std::string empty = encode_state(PartitionState{});
  while (!over) {
    const NodeState::Encoded encoded = node.encoded(0);
    ++written;
    if (encoded.body.empty()) continue;
    const std::string plain = unpacked(encoded.body);
    CHECK((plain == before || plain == empty));
  }
  owner.join();
  CHECK(unpacked(node.encoded(0).body) == before);
}
