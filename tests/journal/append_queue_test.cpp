// What the writer takes from the queue. How long it waits for company is a benchmark's matter.
#include "connectors/journals/append_queue.hpp"

#include "tests/catch.hpp"

namespace tocsin::journal::tests {
namespace {

constexpr std::chrono::microseconds kPatience = std::chrono::seconds(60);

std::size_t push(AppendQueue& queue, std::size_t count, std::size_t bytes = 10) {
  std::size_t pushed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    AppendRequest request{0, 1, std::string(bytes, 'x'), {}};
    pushed += queue.push(request);
  }
  return pushed;
}

}  // namespace

TEST_CASE("appends are taken though the company of the last commit does not come again") {
  AppendQueue queue(1000);
  push(queue, 5);
  CHECK(queue.take(1000, kPatience).size() == 5);
  push(queue, 1);
  CHECK(queue.take(1000, kPatience).size() == 1);
  push(queue, 1);
  CHECK(queue.take(1000, kPatience).size() == 1);
}

TEST_CASE("a writer that waits for company takes what came when the queue is closed") {
  AppendQueue queue(1000);
  push(queue, 5);
  queue.take(1000, kPatience);
  push(queue, 2);
  queue.close();
  CHECK(queue.take(1000, kPatience).size() == 2);
  CHECK(queue.take(1000, kPatience).empty());
}

TEST_CASE("bytes count until they are released and not only until they are taken") {
  AppendQueue queue(100);
  CHECK(push(queue, 11) == 10);
  CHECK(queue.take(45, kPatience).size() == 5);
  CHECK(push(queue, 1) == 0);
  queue.release(50);
  CHECK(push(queue, 6) == 5);
  CHECK(queue.take(1000, kPatience).size() == 10);
}

}  // namespace tocsin::journal::tests
