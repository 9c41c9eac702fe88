// The caps on connections, queues and memory, and the end of the service.
#include <sys/resource.h>
#include <unistd.h>

#include <future>

#include "router/ingest/front_door/listener.hpp"
#include "tests/catch.hpp"
#include "tests/front_door/door.hpp"

namespace tocsin::tests {
namespace {

using front_door::Reason;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kBeginning = "GET /ping HT";

// Leaves the process one free descriptor for as long as it lives.
class OneDescriptorLeft {
 public:
  OneDescriptorLeft() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = dup(0);
    close(lowest_free);
    rlimit tight = before_;
    tight.rlim_cur = static_cast<rlim_t>(lowest_free) + 1;
    setrlimit(RLIMIT_NOFILE, &tight);
  }
  ~OneDescriptorLeft() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("an address in the middle of too many requests is refused another", "[limits]") {
  auto limits = small_limits();
  limits.incomplete_per_address = 3;
  limits.spare_loopback = false;
  limits.head_deadline = limits.body_deadline = seconds(30);
  Door door(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(door.port());
    clients.back().send(kBeginning);
  }
  REQUIRE(door.comes_to([](const auto& c) { return c.bytes_held == 3 * kBeginning.size(); }));
  const auto answer = ask(door.port(), get("/ping"));
  CHECK(answer.status == 503);
  CHECK(answer.headers.count("retry-after") == 1);
  CHECK(door.rejected(Reason::address_busy) == 1);

  clients[0].send("TP/1.1\r\nHost: t\r\n\r\n");  // one that finishes makes room for another
  CHECK(clients[0].read_answer().value().body == "pong");
  CHECK(door.answers_a_ping());
}

TEST_CASE("loopback may be in the middle of any number of requests", "[limits]") {
  auto limits = small_limits();
  limits.incomplete_per_address = 1;
  limits.head_deadline = seconds(30);
  Door door(limits);
  Client first(door.port());
  Client second(door.port());
  first.send(kBeginning);
  second.send(kBeginning);
  REQUIRE(door.comes_to([](const auto& c) { return c.bytes_held == 2 * kBeginning.size(); }));
  CHECK(door.answers_a_ping());
}

TEST_CASE("when all connections are taken the one idle for longest makes room", "[limits]") {
  auto limits = small_limits();
  limits.connections = 5;
  Door door(limits);
  std::vector<Client> clients;
  for (std::uint64_t i = 0; i < 5; ++i) {
    clients.emplace_back(door.port(), seconds(5));
    REQUIRE(door.comes_to([&](const auto& c) { return c.connections_accepted == i + 1; }));
  }
  CHECK(door.answers_a_ping());
  CHECK(clients[0].sees_end());
  clients[4].send(get("/ping"));
  CHECK(clients[4].read_answer().value().body == "pong");
}

TEST_CASE("when all connections are busy another is refused and none is cut off", "[limits]") {
  auto limits = small_limits();
  limits.connections = 3;
  Door door(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(door.port());
    clients.back().send(post("/keep", ""));
  }
  REQUIRE(door.kept().wait_for(3));
  Client late(door.port());
  CHECK(late.read_answer().value_or(Answer{}).status == 503);
  door.kept().reply_all({200, "", "", {}});
  for (auto& client : clients) CHECK(client.read_answer().value().status == 200);
}

TEST_CASE("without a free descriptor a connection waits and is answered once there is one",
          "[limits]") {
  Door door;
  std::optional<Client> client;
  {
    const OneDescriptorLeft shortage;
    client.emplace(door.port());  // takes it, so that accepting fails
    client->send(get("/ping"));
    REQUIRE(
        door.comes_to([](const auto& c) { return c.rejected_for(Reason::connections_full) > 0; }));
    CHECK(door->counts().connections_accepted == 0);
  }
  CHECK(client->read_answer().value_or(Answer{}).body == "pong");
}

TEST_CASE("requests past the queue are refused for a moment and keep their connection",
          "[limits]") {
  auto limits = small_limits();
  limits.waiting_requests = 0;
  Door door(limits);
  Client client(door.port());
  client.send(get("/ping") + get("/ping"));
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.read_answer().value();
    CHECK(answer.status == 503);
    CHECK(answer.headers.count("retry-after") == 1);
    CHECK(answer.headers.at("connection") == "keep-alive");
  }
  CHECK(door.rejected(Reason::overloaded) == 2);
}

TEST_CASE("when the memory for requests is used up large ones are refused and small ones are not",
          "[limits]") {
  auto limits = small_limits();
  limits.buffered_bytes = 300'000;
  limits.body_deadline = seconds(30);
  Door door(limits);
  Client holder(door.port());
  holder.send("POST /length HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n" +
              std::string(290'000, 'x'));
  REQUIRE(door.comes_to([](const auto& c) { return c.bytes_held > 290'000; }));
  CHECK(ask(door.port(), post("/length", std::string(200'000, 'x'))).status == 503);
  CHECK(ask(door.port(), post("/length", std::string(10'000, 'x'))).body == "10000");
}

TEST_CASE("memory is given back with the answer", "[limits]") {
  Door door;
  Client client(door.port());
  client.send(post("/length", std::string(500'000, 'x')));
  CHECK(client.read_answer().value().body == "500000");
  CHECK(door.comes_to([](const auto& c) { return c.bytes_held == 0; }));
}

TEST_CASE("an idle connection is closed without a word when its time is over", "[limits]") {
  auto limits = small_limits();
  limits.idle = milliseconds(200);
  Door door(limits);
  Client client(door.port());
  CHECK_FALSE(client.read_answer());
  CHECK(client.sees_end());
}

TEST_CASE("the backlog holds a storm of connections before any is accepted", "[limits]") {
  const auto listening = front_door::open_listener("127.0.0.1", 0).value();
  std::vector<Client> clients;
  for (int i = 0; i < 900; ++i) {
    clients.emplace_back(listening.port, seconds(2));
    REQUIRE(clients.back().connected());
  }
}

TEST_CASE("stop answers what was begun and hangs up on the idle", "[limits]") {
  Door door;
  Client idle(door.port());
  Client busy(door.port());
  busy.send(post("/keep", "") + get("/ping"));
  REQUIRE(door.kept().wait_for(1));
  auto stopped = std::async(std::launch::async, [&] { door->stop(seconds(20)); });
  CHECK(idle.sees_end());  // the drain has begun
  CHECK_FALSE(Client(door.port()).connected());
  door.kept().reply_all({200, "in time", "text/plain", {}});
  const auto answer = busy.read_answer().value();
  CHECK(answer.body == "in time");
  CHECK(answer.headers.at("connection") == "close");
  CHECK(busy.sees_end());
  CHECK(stopped.wait_for(seconds(10)) == std::future_status::ready);
}

TEST_CASE("stop does not wait past its drain and a reply after it is harmless", "[limits]") {
  Door door;
  Client busy(door.port());
  busy.send(post("/keep", ""));
  REQUIRE(door.kept().wait_for(1));
  const auto began = door.now();
  door->stop(milliseconds(200));
  CHECK(door.now() - began < seconds(5));
  CHECK(busy.sees_end());
  door.kept().reply_all({200, "too late", "text/plain", {}});
  door->stop(seconds(1));  // a second time does nothing
}

}  // namespace tocsin::tests
