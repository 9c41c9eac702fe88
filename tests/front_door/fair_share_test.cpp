// One who sends without end beside one who sends now and then, by the whole front door.
#include <atomic>
#include <latch>

#include "tests/catch.hpp"
#include "tests/front_door/door.hpp"

namespace tocsin::tests {
namespace {

using front_door::Counts;
using front_door::Reason;
using std::chrono::seconds;

// Whoever is called noisy keeps its worker until the gate opens: a long parse.
struct TwoSenders {
  explicit TwoSenders(front_door::Limits limits)
      : door(clock, limits,
             {{"POST", "/([^/]+)",
               [this](HttpRequest request, HttpReply reply) {
                 if (request.matches.at(0) == "noisy" && !request.body.starts_with("xx")) {
                   ++begun;
                   gate.wait();
                 }
                 reply({200, request.matches.at(0), "text/plain", {}});
               }}},
             [](std::string_view target, const auto&) { return std::string(target); }) {
    port = door.listen("127.0.0.1", 0).value();
  }
  ~TwoSenders() { open(); }

  void open() {
    if (!opened) gate.count_down();
    opened = true;
  }
  bool comes_to(const std::function<bool(const Counts&)>& wanted) const {
    const auto end = clock.now().elapsed + seconds(10);
    while (!wanted(door.counts())) {
      if (clock.now().elapsed > end) return false;
      std::this_thread::yield();
    }
    return true;
  }
  // So many more, each on its own connection, and all of them whole.
  void send_noisy(std::uint64_t count) {
    const std::uint64_t before = door.counts().requests;
    for (std::uint64_t i = 0; i < count; ++i) {
      noisy.emplace_back(port);
      noisy.back().send(post("/noisy", "a"));
    }
    REQUIRE(comes_to([&](const Counts& c) { return c.requests == before + count; }));
  }

  SystemClock clock;
  std::latch gate{1};
  std::atomic<int> begun{0};  // of the noisy one's requests: those that have a worker
  bool opened = false;
  front_door::FrontDoor door;
  std::uint16_t port = 0;
  std::vector<Client> noisy;
};

}  // namespace

TEST_CASE("a sender that keeps its workers busy leaves one for the others", "[fair]") {
  TwoSenders two{small_limits()};
  two.send_noisy(50);
  for (int i = 0; i < 5; ++i) CHECK(ask(two.port, post("/quiet", "b")).body == "quiet");
  two.open();
  for (Client& client : two.noisy) CHECK(client.read_answer().value().body == "noisy");
}

TEST_CASE("a sender that fills the queue makes room for another", "[fair]") {
  auto limits = small_limits();
  limits.workers = limits.workers_per_flow = 1;
  limits.waiting_requests = 4;
  TwoSenders two(limits);
  two.send_noisy(1);
  REQUIRE(two.comes_to([&](const Counts&) { return two.begun == 1; }));
  two.send_noisy(5);  // the worker has the first; one of these is too many
  REQUIRE(two.comes_to([](const Counts& c) { return c.rejected_for(Reason::overloaded) >= 1; }));
  Client quiet(two.port);
  quiet.send(post("/quiet", "b"));
  REQUIRE(two.comes_to([](const Counts& c) { return c.rejected_for(Reason::overloaded) == 2; }));
  two.open();
  CHECK(quiet.read_answer().value().body == "quiet");
  int answered = 0, refused = 0;
  for (Client& client : two.noisy) {
    const Answer answer = client.read_answer().value();
    answered += answer.status == 200;
    refused += answer.status == 503 && answer.headers.count("retry-after") == 1;
  }
  CHECK((answered == 4 && refused == 2));
}

TEST_CASE("a sender that fills the memory leaves half of it to the others", "[fair]") {
  auto limits = small_limits();
  limits.buffered_bytes = 800'000;
  limits.body_deadline = seconds(30);
  TwoSenders two(limits);
  const auto begin = [&](std::size_t bytes) {
    two.noisy.emplace_back(two.port);
    two.noisy.back().send("POST /noisy HTTP/1.1\r\nHost: t\r\nContent-Length: 900000\r\n\r\n" +
                          std::string(bytes, 'x'));
  };
  begin(300'000);
  begin(90'000);
  REQUIRE(two.comes_to([](const Counts& c) { return c.bytes_held > 390'000; }));
  begin(90'000);
  CHECK(two.noisy.back().read_answer().value().status == 503);
  CHECK(ask(two.port, post("/quiet", std::string(200'000, 'x'))).body == "quiet");
  CHECK(ask(two.port, post("/noisy", std::string(10'000, 'x'))).body == "noisy");

  two.noisy.clear();  // what they held is given back
  REQUIRE(two.comes_to([](const Counts& c) { return c.bytes_held == 0; }));
  CHECK(ask(two.port, post("/noisy", std::string(200'000, 'x'))).body == "noisy");
}

}  // namespace tocsin::tests
