// Who goes next, and who makes room.
#include "router/ingest/front_door/fair_queue.hpp"

#include "tests/catch.hpp"

using Queue = tocsin::front_door::FairQueue<std::string>;

namespace {

// Takes so many, each done at once; what they were, one after the other.
std::string served(Queue& queue, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    auto next = queue.pop();
    if (!next) return all + "-";
    all += next->item;
    queue.done(next->flow, 0);
  }
  return all;
}

void push(Queue& queue, const std::string& flow, std::size_t count, std::size_t cost = 10) {
  for (std::size_t i = 0; i < count; ++i) CHECK_FALSE(queue.push(flow, cost, flow));
}

}  // namespace

TEST_CASE("whoever comes to a long queue of another is next", "[fair]") {
  Queue queue({1'000, 1});
  push(queue, "n", 100);
  CHECK(served(queue, 3) == "nnn");
  push(queue, "q", 1);
  // The one that is level with it came first.
  const std::string next = served(queue, 2);
  CHECK(next.find('q') != std::string::npos);
}

TEST_CASE("those who wait take turns by what they cost and not by how many they are", "[fair]") {
  Queue queue({1'000, 1});
  push(queue, "n", 100, 1'000);
  push(queue, "q", 100, 100);
  const std::string all = served(queue, 44);
  CHECK(std::count(all.begin(), all.end(), 'q') == 40);
  CHECK(std::count(all.begin(), all.end(), 'n') == 4);
}

TEST_CASE("what turned out dearer is paid for with the next turns", "[fair]") {
  Queue queue({1'000, 1});
  push(queue, "n", 10);
  push(queue, "q", 10);
  const auto first = queue.pop();
  REQUIRE(first);
  CHECK(first->item == "n");
  queue.done("n", 50);
  CHECK(served(queue, 7) == "qqqqqqn");
}

TEST_CASE("whoever was away has saved nothing up", "[fair]") {
  Queue queue({1'000, 1});
  push(queue, "q", 1);
  CHECK(served(queue, 1) == "q");
  push(queue, "n", 100);
  CHECK(served(queue, 50) == std::string(50, 'n'));
  push(queue, "q", 20);
  const std::string all = served(queue, 20);
  CHECK(std::count(all.begin(), all.end(), 'q') == 10);
}

TEST_CASE("one flow never has all the workers", "[fair]") {
  Queue queue({1'000, 2});
  push(queue, "n", 10);
  CHECK(queue.ready() == 2);
  REQUIRE((queue.pop() && queue.pop()));
  CHECK_FALSE(queue.has_ready());
  CHECK_FALSE(queue.pop());
  push(queue, "q", 1);
  CHECK(queue.ready() == 1);
  CHECK(queue.pop()->item == "q");
  queue.done("n", 0);
  CHECK(queue.pop()->item == "n");
}

TEST_CASE("in a full queue the last of the longest makes room for whoever has less", "[fair]") {
  Queue queue({4, 1});
  for (const char* item : {"1", "2", "3", "4"}) CHECK_FALSE(queue.push("n", 10, item));
  CHECK(queue.push("n", 10, "5") == "5");
  CHECK(queue.push("q", 10, "a") == "4");
  CHECK(queue.push("q", 10, "b") == "3");
  CHECK(queue.push("q", 10, "c") == "c");
  CHECK(queue.push("r", 10, "x") == "2");
  CHECK(queue.push("r", 10, "y") == "y");  // to give it another's place would be no more even
  CHECK(queue.waiting() == 4);
  const std::string all = served(queue, 5);
  CHECK(all.size() == 5);
  for (const char item : {'1', 'a', 'b', 'x', '-'}) CHECK(all.find(item) != std::string::npos);
}

TEST_CASE("a queue without room takes nobody", "[fair]") {
  Queue queue({0, 1});
  CHECK(queue.push("n", 10, "1") == "1");
  CHECK(queue.flows() == 0);
}

TEST_CASE("of flows that are gone nothing is kept", "[fair]") {
  Queue queue({1'000, 1});
  push(queue, "n", 200);
  for (int i = 0; i < 100; ++i) {
    push(queue, "q" + std::to_string(i), 1);
    served(queue, 2);
  }
  CHECK(queue.flows() <= 3);
}
