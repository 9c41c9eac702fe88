// What a plain server let pass, each from the outside: every one is refused or hung up on within
// its deadline, and an ordinary request beside it is answered as if nothing were the matter.
#include <zlib.h>

#include "tests/catch.hpp"
#include "tests/front_door/door.hpp"

namespace tocsin::tests {
namespace {

using front_door::Reason;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Far over each deadline of small_limits(), far under "for ever".
constexpr Duration kDeadline = seconds(6);

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// The whole promise: this status, then the end of the connection, and pings answered meanwhile.
void refuses(const std::function<void(Client&)>& attack, int status) {
  Door door;
  Answer answer;
  bool ended = false;
  Duration took{};
  const bool pings = door.answers_pings_during([&] {
    const auto began = door.now();
    Client client(door.port(), kDeadline);
    attack(client);
    answer = client.read_answer().value_or(Answer{});
    ended = client.sees_end();
    took = door.now() - began;
  });
  CHECK(answer.status == status);
  CHECK(ended);
  CHECK(took < kDeadline);
  CHECK(pings);
  if (status != 0) {
    CHECK(answer.headers["content-type"] == "application/problem+json");
    CHECK(answer.headers["connection"] == "close");
    CHECK(answer.body.find(R"("detail":")") != std::string::npos);
  }
}

void refuses(const std::string& bytes, int status) {
  refuses([&](Client& client) { client.send(bytes); }, status);
}

}  // namespace

TEST_CASE("a length over the limit is refused before the body is sent", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2097152\r\n\r\n", 413);
}

TEST_CASE("a chunked body of 64 MiB is refused at the limit", "[attacks]") {
  refuses(
      [](Client& client) {
        client.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
        for (int i = 0; i < 1024; ++i)
          if (!client.send(chunk)) break;
      },
      413);
}

TEST_CASE("a body without a length or chunks is not read until the connection ends", "[attacks]") {
  Door door;
  Client client(door.port(), kDeadline);
  client.send("POST /length HTTP/1.1\r\nHost: t\r\n\r\n" + std::string(5000, 'x') + "\r\n\r\n");
  CHECK(client.read_answer().value().body == "0");  // an empty body, and what follows is no request
  CHECK(client.read_answer().value().status == 400);
  CHECK(client.sees_end());
  CHECK(door.answers_a_ping());
}

TEST_CASE("a compressed bomb is refused at the limit", "[attacks]") {
  const auto bomb = gzip(std::string(64U << 20, '\0'));
  REQUIRE(bomb.size() < 200'000);
  Door door;
  Answer answer;
  CHECK(door.answers_pings_during([&] {
    answer = ask(door.port(), post("/length", bomb, "Content-Encoding: gzip\r\n"), kDeadline);
  }));
  CHECK(answer.status == 413);
}

TEST_CASE("200000 headers are refused", "[attacks]") {
  refuses(
      [](Client& client) {
        client.send("GET /ping HTTP/1.1\r\nHost: t\r\n");
        std::string some;
        for (int i = 0; i < 1000; ++i) some += "A: b\r\n";
        for (int i = 0; i < 200; ++i)
          if (!client.send(some)) break;
      },
      431);
}

TEST_CASE("one header over the number allowed is refused", "[attacks]") {
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += "A: b\r\n";  // and Host
  refuses(get("/ping", headers), 431);
}

TEST_CASE("one endless header line is refused", "[attacks]") {
  refuses(
      [](Client& client) {
        client.send("GET /ping HTTP/1.1\r\nHost: t\r\nX: ");
        const std::string some(1U << 20, 'x');
        for (int i = 0; i < 200; ++i)
          if (!client.send(some)) break;
      },
      431);
}

TEST_CASE("a million lines that end in a bare line feed are refused", "[attacks]") {
  refuses(
      [](Client& client) {
        client.send("GET /ping HTTP/1.1\r\nHost: t\r\n");
        std::string some;
        for (int i = 0; i < 10'000; ++i) some += "junk\n";
        for (int i = 0; i < 100; ++i)
          if (!client.send(some)) break;
      },
      400);
}

TEST_CASE("two lengths are refused", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nabcde",
          400);
}

TEST_CASE("two equal lengths are refused as well", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
          400);
}

TEST_CASE("a length together with chunks is refused", "[attacks]") {
  refuses(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\n",
      400);
}

TEST_CASE("another transfer coding with a length is refused", "[attacks]") {
  refuses(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 3"
      "\r\n\r\nabc",
      400);
}

TEST_CASE("another transfer coding without a length is refused", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501);
}

TEST_CASE("a length with letters is refused", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3abc\r\n\r\nabc", 400);
}

TEST_CASE("a negative length is refused", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400);
}

TEST_CASE("a length too large for a number is refused", "[attacks]") {
  refuses("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413);
}

TEST_CASE("a header cannot claim to be the sender's address", "[attacks]") {
  Door door;
  CHECK(ask(door.port(), get("/from", "REMOTE_ADDR: 10.0.0.1\r\n")).body == "127.0.0.1");
}

TEST_CASE("what a handler throws never reaches the client", "[attacks]") {
  Door door;
  const auto answer = ask(door.port(), get("/throw"));
  CHECK(answer.status == 500);
  CHECK(answer.body.find("hunter2") == std::string::npos);
  for (const auto& [name, value] : answer.headers)
    CHECK(value.find("hunter2") == std::string::npos);
  CHECK(door.rejected(Reason::handler_failed) == 1);
  CHECK(door.answers_a_ping());
}

TEST_CASE("a POST without a body and a length is answered at once", "[attacks]") {
  Door door;
  const auto began = door.now();
  CHECK(ask(door.port(), "POST /length HTTP/1.1\r\nHost: t\r\n\r\n").body == "0");
  CHECK(door.now() - began < seconds(1));
}

TEST_CASE("senders that trickle their head or body are refused when their time is over",
          "[attacks]") {
  const bool in_body = GENERATE(false, true);
  Door door;
  std::vector<Client> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(door.port(), kDeadline);
    clients.back().send(in_body ? "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9000\r\n\r\nx"
                                : "GET /pi");
  }
  // A byte now and then must not extend anything: the time is total.
  bool refused = false;
  const auto began = door.now();
  CHECK(door.answers_pings_during([&] {
    for (auto last = began; !refused && door.now() - began < kDeadline;) {
      if (door.now() - last < milliseconds(20)) continue;
      last = door.now();
      for (auto& client : clients) client.send("x");
      refused = door.rejected(Reason::too_slow) == clients.size();
    }
  }));
  CHECK(refused);
  for (auto& client : clients) {
    CHECK(client.read_answer().value_or(Answer{}).status == 408);
    CHECK(client.sees_end());
  }
}

TEST_CASE("idle keep-alive connections delay nobody", "[attacks]") {
  Door door;
  std::vector<Client> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back(door.port());
    clients.back().send(get("/ping"));
    REQUIRE(clients.back().read_answer().value().body == "pong");
  }
  CHECK(door.answers_a_ping());
  for (auto& client : clients) {  // and each is still good
    client.send(get("/ping"));
    CHECK(client.read_answer().value().body == "pong");
  }
}

TEST_CASE("1000 idle and 200 trickling connections delay nobody", "[attacks]") {
  auto limits = small_limits();
  limits.head_deadline = limits.body_deadline = seconds(30);  // they are there for the whole test
  Door door(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 1000; ++i) clients.emplace_back(door.port());
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back(door.port());
    clients.back().send("GET /ping HT");
  }
  REQUIRE(door.comes_to([](const auto& counts) { return counts.connections_open == 1200; }));
  for (int i = 0; i < 20; ++i) {
    for (std::size_t c = 1000; c < clients.size(); ++c) clients[c].send("T");
    CHECK(door.answers_a_ping());
  }
}

TEST_CASE("a client that never reads its answer is hung up on", "[attacks]") {
  Door door;
  Client client(door.port(), kDeadline);
  client.send(get("/large"));
  bool hung_up = false;
  CHECK(door.answers_pings_during([&] {
    hung_up = door.comes_to([](const auto& c) { return c.rejected_for(Reason::slow_reader) == 1; });
  }));
  CHECK(hung_up);
  CHECK(door.comes_to([](const auto& c) { return c.connections_open == 0 && c.bytes_held == 0; }));
}

}  // namespace tocsin::tests
