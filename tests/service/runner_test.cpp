#include "router/delivery/runner.hpp"

#include <atomic>
#include <future>
#include <latch>

#include "tests/catch.hpp"

using namespace tocsin::delivery;

TEST_CASE("a lane whose every thread is stuck does not hold up another lane") {
  std::promise<void> let_go;
  const std::shared_future<void> gate = let_go.get_future().share();
  std::promise<void> other_ran;
  {
    LaneRunner runner;
    for (std::size_t i = 0; i < 2 * kLaneThreads; ++i)
      CHECK(runner.run("stuck", [gate] { gate.wait(); }));
    CHECK(runner.run("other", [&] { other_ran.set_value(); }));
    CHECK(other_ran.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    let_go.set_value();
  }
}

TEST_CASE("a lane works on several jobs at a time") {
  std::latch together(static_cast<std::ptrdiff_t>(kLaneThreads));
  std::atomic<std::size_t> done{0};
  {
    LaneRunner runner;
    // Each waits for all: with fewer threads than that, none would come back.
    for (std::size_t i = 0; i < kLaneThreads; ++i)
      runner.run("lane", [&] {
        together.arrive_and_wait();
        ++done;
      });
    together.wait();
  }
  CHECK(done == kLaneThreads);
}

TEST_CASE("stopping waits for the job under way and drops those that have not begun") {
  std::promise<void> began, let_go;
  std::atomic<int> ran{0};
  {
    LaneRunner runner;
    std::latch all_busy(static_cast<std::ptrdiff_t>(kLaneThreads));
    const auto gate = let_go.get_future().share();
    for (std::size_t i = 0; i < kLaneThreads; ++i)
      runner.run("lane", [&, gate] {
        all_busy.count_down();
        gate.wait();
        ++ran;
      });
    all_busy.wait();
    std::jthread later([&] { let_go.set_value(); });
  }
  CHECK(ran == static_cast<int>(kLaneThreads));
}
