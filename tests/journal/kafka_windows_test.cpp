// The follower's memory: what is in it, what no longer is, and what is known to come.
#include "connectors/journals/kafka_windows.hpp"

#include "tests/catch.hpp"

namespace tocsin::journal::testing {
namespace {

using Place = KafkaWindows::Place;

KafkaMessage message(Offset offset, std::size_t size = 10) {
  return {offset, std::string(size, 'x')};
}

std::vector<Offset> offsets(const KafkaWindows::Slice& slice) {
  std::vector<Offset> found;
  for (const auto& each : slice.messages) found.push_back(each->offset);
  return found;
}

}  // namespace

TEST_CASE("a window gives what was put after a position and says where to go on") {
  KafkaWindows windows(2, 1000);
  windows.begin_at(0, 5, 5, false);
  for (Offset offset : {5, 6, 9}) windows.put(0, message(offset));
  auto slice = windows.read(0, position_before(5), 2);
  CHECK(slice.place == Place::here);
  CHECK(offsets(slice) == std::vector<Offset>{5, 6});
  CHECK(slice.next == 9);
  slice = windows.read(0, position_before(9), 10);
  CHECK(offsets(slice) == std::vector<Offset>{9});
  CHECK(slice.next == 10);
  slice = windows.read(0, position_before(10), 10);
  CHECK(slice.place == Place::here);
  CHECK(slice.messages.empty());
}

TEST_CASE("what is before the window is older and where it begins is said") {
  KafkaWindows windows(1, 1000);
  windows.begin_at(0, 5, 8, false);
  const auto slice = windows.read(0, position_before(4), 10);
  CHECK(slice.place == Place::older);
  CHECK(slice.next == 5);
  CHECK(windows.read(0, 0, 10).place == Place::older);
}

TEST_CASE("a reader that has seen nothing begins where a whole window does") {
  KafkaWindows windows(1, 1000);
  windows.begin_at(0, 5, 5, true);
  windows.put(0, message(5));
  CHECK(offsets(windows.read(0, 0, 10)) == std::vector<Offset>{5});
  // One that stands before the first has missed what retention removed.
  CHECK(windows.read(0, position_before(3), 10).place == Place::older);
}

TEST_CASE("what is known to be there and was not fetched is pending") {
  KafkaWindows windows(1, 1000);
  windows.begin_at(0, 0, 3, true);
  CHECK(windows.read(0, 0, 10).place == Place::pending);
  windows.put(0, message(0));
  windows.reached(0, 3);
  CHECK(windows.read(0, position_before(3), 10).place == Place::here);
  windows.extend(0, 4);
  CHECK(windows.read(0, position_before(3), 10).place == Place::pending);
  CHECK(windows.end(0) == 4);
}

TEST_CASE("a position past the end that is known is beyond") {
  KafkaWindows windows(1, 1000);
  windows.begin_at(0, 0, 3, true);
  CHECK(windows.read(0, position_before(3), 10).place == Place::here);
  CHECK(windows.read(0, position_before(3) + 1, 10).place == Place::beyond);
}

TEST_CASE("the oldest of all partitions goes first and the newest stays whatever its size") {
  KafkaWindows windows(2, 100);
  windows.begin_at(0, 0, 0, true);
  windows.begin_at(1, 0, 0, true);
  windows.put(0, message(0, 40));
  windows.put(1, message(0, 40));
  windows.put(0, message(1, 40));
  CHECK(windows.read(0, 0, 10).place == Place::older);
  CHECK(windows.read(0, 0, 10).next == 1);
  CHECK(offsets(windows.read(0, position_before(1), 10)) == std::vector<Offset>{1});
  CHECK(offsets(windows.read(1, 0, 10)) == std::vector<Offset>{0});
  windows.put(1, message(1, 5000));
  CHECK(windows.read(0, position_before(1), 10).place == Place::older);
  CHECK(offsets(windows.read(1, position_before(1), 10)) == std::vector<Offset>{1});
}

TEST_CASE("a message that comes twice is there once") {
  KafkaWindows windows(1, 1000);
  windows.begin_at(0, 0, 0, true);
  windows.put(0, message(0));
  windows.put(0, message(0));
  CHECK(windows.read(0, 0, 10).messages.size() == 1);
}

}  // namespace tocsin::journal::testing
