// What a well-behaved client gets.
#include <thread>

#include "tests/catch.hpp"
#include "tests/front_door/door.hpp"

namespace tocsin::tests {
namespace {

using front_door::FrontDoor;
using front_door::Reason;
using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

TEST_CASE("a connection is kept for the next request", "[service]") {
  Door door;
  Client client(door.port());
  for (int i = 0; i < 3; ++i) {
    client.send(post("/echo", "body " + std::to_string(i)));
    const auto answer = client.read_answer().value();
    CHECK(answer.status == 200);
    CHECK(answer.body == "body " + std::to_string(i));
    CHECK(answer.headers.at("connection") == "keep-alive");
    CHECK(answer.headers.at("content-type") == "text/plain");
    CHECK(answer.headers.at("date").size() == 29);
  }
  CHECK(door->counts().connections_accepted == 1);
  CHECK(door->counts().requests == 3);
}

TEST_CASE("a client that asks to close is answered and closed", "[service]") {
  Door door;
  Client client(door.port());
  client.send(get("/ping", "Connection: close\r\n"));
  const auto answer = client.read_answer().value();
  CHECK(answer.body == "pong");
  CHECK(answer.headers.at("connection") == "close");
  CHECK(client.sees_end());
}

TEST_CASE("HTTP/1.0 closes unless it asks to be kept", "[service]") {
  Door door;
  Client closing(door.port());
  closing.send("GET /ping HTTP/1.0\r\n\r\n");
  CHECK(closing.read_answer().value().body == "pong");
  CHECK(closing.sees_end());

  Client kept(door.port());
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(kept.read_answer().value().headers.at("connection") == "keep-alive");
  }
}

TEST_CASE("HEAD has the length of GET and no body", "[service]") {
  Door door;
  Client client(door.port());
  client.send("HEAD /ping HTTP/1.1\r\nHost: t\r\n\r\n" + get("/ping"));
  CHECK(client.read_answer(true).value().headers.at("content-length") == "4");
  CHECK(client.read_answer().value().body == "pong");
}

TEST_CASE("an answer without content has no length and does not end the connection", "[service]") {
  Door door;
  Client client(door.port());
  client.send(get("/nothing") + get("/ping"));
  const auto answer = client.read_answer().value();
  CHECK(answer.status == 204);
  CHECK(answer.headers.count("content-length") == 0);
  CHECK(client.read_answer().value().body == "pong");
}

TEST_CASE("pipelined requests are answered in order", "[service]") {
  Door door;
  Client client(door.port());
  std::string all;
  for (int i = 0; i < 500; ++i) all += post("/echo", std::to_string(i));
  client.send(all);
  for (int i = 0; i < 500; ++i) REQUIRE(client.read_answer().value().body == std::to_string(i));
}

TEST_CASE("a request that comes byte by byte is understood", "[service]") {
  Door door;
  Client client(door.port());
  for (const char c : post("/echo", "slowly but surely")) client.send(std::string_view(&c, 1));
  CHECK(client.read_answer().value().body == "slowly but surely");
}

TEST_CASE("a sender that shuts its sending side still gets its answer", "[service]") {
  Door door;
  Client client(door.port());
  client.send(post("/echo", "last words"));
  client.finish_sending();
  CHECK(client.read_answer().value().body == "last words");
  CHECK(client.sees_end());
}

TEST_CASE("a sender that leaves in the middle of a request is told", "[service]") {
  Door door;
  Client client(door.port());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf");
  client.finish_sending();
  CHECK(client.read_answer().value().status == 400);
  CHECK(client.sees_end());
}

TEST_CASE("100-continue is said before the body and only once", "[service]") {
  Door door;
  Client client(door.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_answer().value().status == 100);
  client.send("bo");
  client.send("dy");
  CHECK(client.read_answer().value().body == "body");
}

TEST_CASE("100-continue is not said to a body that is refused", "[service]") {
  Door door;
  CHECK(ask(door.port(),
            "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999\r\n"
            "Expect: 100-continue\r\n\r\n")
            .status == 413);
}

TEST_CASE("a body of exactly the limit is taken", "[service]") {
  Door door;
  CHECK(ask(door.port(), post("/length", std::string(1U << 20, 'x'))).body == "1048576");
}

TEST_CASE("a chunked body arrives whole", "[service]") {
  Door door;
  Client client(door.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;name=value\r\nWiki\r\n5\r\npedia\r\n0\r\nTrailer: x\r\n\r\n" +
      get("/ping"));
  CHECK(client.read_answer().value().body == "Wikipedia");
  CHECK(client.read_answer().value().body == "pong");
}

TEST_CASE("a form body of any size is passed as it is", "[service]") {
  Door door;
  const std::string body(20'000, 'x');
  CHECK(
      ask(door.port(), post("/length", body, "Content-Type: application/x-www-form-urlencoded\r\n"))
          .body == "20000");
  CHECK(ask(door.port(), post("/type", body, "Content-Type: multipart/form-data\r\n")).body ==
        "multipart/form-data|");
}

TEST_CASE("path and query are decoded and matched", "[service]") {
  Door door;
  CHECK(ask(door.port(), get("/in/prod%20eu/api/v2?key=a%26b&key=c+d")).body ==
        "GET /in/prod eu/api/v2 match=prod eu match=/api/v2 key=a&b key=c d");
  CHECK(ask(door.port(), get("/in/prod")).body == "GET /in/prod match=prod match=");
  CHECK(ask(door.port(), get("/in/prod%00")).status == 400);
}

TEST_CASE("a path as long as it may be does not exhaust the matcher", "[service]") {
  Door door;
  const std::string path = "/in/a/" + std::string(2'042, 'x');
  CHECK(ask(door.port(), get(path)).status == 200);
  CHECK(ask(door.port(), get(path + "x")).status == 414);
  CHECK(ask(door.port(), get(path + "?q=" + std::string(5'000, 'x'))).status == 200);
  CHECK(ask(door.port(), get(path + "?q=" + std::string(6'000, 'x'))).status == 414);
  CHECK(ask(door.port(), get("/in/a/" + std::string(6'000, '%'))).status == 414);  // no escapes
  std::string escaped = "/in/a/";
  for (int i = 0; i < 2'042; ++i) escaped += "%41";
  CHECK(ask(door.port(), get(escaped)).status == 200);
  CHECK(ask(door.port(), get(escaped + "%41")).status == 414);
}

TEST_CASE("an unknown path is 404 and a known one with another method is 405", "[service]") {
  Door door;
  Client client(door.port());
  client.send(get("/nowhere") + post("/ping", "") + "BREW /ping HTTP/1.1\r\nHost: t\r\n\r\n" +
              get("/ping"));
  CHECK(client.read_answer().value().status == 404);
  const auto answer = client.read_answer().value();
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "GET, HEAD");
  CHECK(client.read_answer().value().status == 405);
  CHECK(client.read_answer().value().body == "pong");  // none of these ends the connection
  CHECK(door.rejected(Reason::no_route) == 3);
}

TEST_CASE("a line break in a handler's header never passes", "[service]") {
  Door door;
  const auto answer = ask(door.port(), get("/bad-header"));
  CHECK(answer.headers.at("x-good") == "yes");
  CHECK(answer.headers.count("x-bad") == 0);
  CHECK(answer.headers.count("x-injected") == 0);
}

TEST_CASE("replies may come later and from another thread", "[service]") {
  Door door;
  std::vector<Client> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(door.port());
    clients.back().send(post("/keep", ""));
  }
  REQUIRE(door.kept().wait_for(50));
  CHECK(door.answers_a_ping());
  std::jthread([&] { door.kept().reply_all({202, "done", "text/plain", {}}); });
  for (auto& client : clients) CHECK(client.read_answer().value().status == 202);
}

TEST_CASE("a reply that is dropped is answered for with 500", "[service]") {
  Door door;
  CHECK(ask(door.port(), get("/forget")).status == 500);
  Client client(door.port());
  client.send(post("/keep", ""));
  REQUIRE(door.kept().wait_for(1));
  door.kept().drop_all();
  CHECK(client.read_answer().value().status == 500);
  CHECK(door.rejected(Reason::handler_failed) == 2);
}

TEST_CASE("a handler that does not reply in time is answered for and its late reply is dropped",
          "[service]") {
  auto limits = small_limits();
  limits.answer_deadline = milliseconds(200);
  Door door(limits);
  Client client(door.port());
  client.send(post("/keep", ""));
  CHECK(client.read_answer().value().status == 503);
  door.kept().reply_all({200, "late", "text/plain", {}});
  CHECK(client.sees_end());
  CHECK(door.rejected(Reason::answer_late) == 1);
  CHECK(door.answers_a_ping());
}

TEST_CASE("a large answer arrives whole at a reader in its own time", "[service]") {
  auto limits = small_limits();
  limits.write_deadline = seconds(30);
  Door door(limits);
  CHECK(ask(door.port(), get("/large")).body.size() == 32U << 20);
}

TEST_CASE("a second server on the same port is an error that says so", "[service]") {
  Door door;
  const SystemClock clock;
  FrontDoor second(clock, {}, {});
  const auto result = second.listen("127.0.0.1", door.port());
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("another process listens there") != std::string::npos);
  CHECK(result.error().message.find(std::to_string(door.port())) != std::string::npos);
  CHECK(second.listen("127.0.0.1", 0));  // and another port is no trouble
}

TEST_CASE("an address that is not this machine's is an error that says so", "[service]") {
  const SystemClock clock;
  FrontDoor door(clock, {}, {});
  const auto result = door.listen("192.0.2.1", 0);
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("192.0.2.1") != std::string::npos);
}

}  // namespace tocsin::tests
