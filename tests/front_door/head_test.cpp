// What a head may be, as a table: the strict reading that keeps two readers from disagreeing.
#include "router/ingest/front_door/head.hpp"

#include "router/ingest/front_door/text.hpp"
#include "tests/catch.hpp"

namespace tocsin::front_door {
namespace {

int status_of(const std::string& text) {
  Head head;
  const auto refused = check_head(text, {}, head);
  return refused ? refused->status : 200;
}

Head good(const std::string& text) {
  Head head;
  const auto refused = check_head(text, {}, head);
  INFO((refused ? refused->detail : ""));
  REQUIRE_FALSE(refused);
  return head;
}

const std::string kPost = "POST / HTTP/1.1\r\nHost: t\r\n";

}  // namespace

TEST_CASE("a request line is taken only in its one form", "[head]") {
  struct Row {
    std::string line;
    int status;
  };
  const auto row = GENERATE(values<Row>({
      {"GET / HTTP/1.1", 200},
      {"M-SEARCH /a?b=c%20d HTTP/1.1", 200},
      {"GET / HTTP/1.2", 505},
      {"GET / HTTP/2.0", 505},
      {"GET / http/1.1", 400},
      {"GET /", 400},
      {"GET", 400},
      {"", 400},
      {" GET / HTTP/1.1", 400},
      {"GET  / HTTP/1.1", 400},
      {"GET / HTTP/1.1 ", 400},
      {"GET /a b HTTP/1.1", 400},
      {"G(T / HTTP/1.1", 400},
      {"GET http://host/ HTTP/1.1", 400},
      {"GET * HTTP/1.1", 400},
      {"GET /#part HTTP/1.1", 400},
      {"GET /\x01 HTTP/1.1", 400},
      {"GET /\xc3\xa4 HTTP/1.1", 400},
      {"GET /\t HTTP/1.1", 400},
      {"GET / HTTP/1.1\r", 505},
      {"GET /" + std::string(kTargetBytes, 'x') + " HTTP/1.1", 414},
  }));
  CAPTURE(row.line);
  CHECK(status_of(row.line + "\r\nHost: t\r\n") == row.status);
}

TEST_CASE("a header is taken only in its one form", "[head]") {
  struct Row {
    std::string line;
    int status;
  };
  const auto row = GENERATE(values<Row>({
      {"X-Any: value", 200},
      {"X-Empty:", 200},
      {"X-Tab:\tvalue\t", 200},
      {"X-Latin: \xe4", 200},
      {" folded", 400},
      {"\tfolded", 400},
      {"No colon", 400},
      {": no name", 400},
      {"Space : before", 400},
      {"Na(me: x", 400},
      {"N\xc3\xa4me: x", 400},
      {std::string("X-Nul: a\0b", 10), 400},
      {"X-Cr: a\rb", 400},
      {"X-Delete: \x7f", 400},
      {"Host: second", 400},
      {"Expect: 100-Continue", 200},
      {"Expect: miracles", 417},
      {"Content-Encoding: GZIP", 200},
      {"Content-Encoding: zstd", 415},
      {"Content-Encoding: gzip, gzip", 415},
      {"Content-Encoding: gzip\r\nContent-Encoding: gzip", 415},
      {"Content-Length: 12", 200},
      {"Content-Length: +12", 400},
      {"Content-Length: 0x12", 400},
      {"Content-Length: 1 2", 400},
      {"Content-Length: 12, 12", 400},
      {"Content-Length:", 400},
      {"content-length: 1\r\nCONTENT-LENGTH: 1", 400},
      {"Transfer-Encoding: Chunked", 200},
      {"Transfer-Encoding: chunked, chunked", 501},
      {"Transfer-Encoding: identity", 501},
      {"Transfer-Encoding: \"chunked\"", 501},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501},
      {"Transfer-Encoding: chunked\r\nContent-Length: 1", 400},
  }));
  CAPTURE(row.line);
  CHECK(status_of(kPost + row.line + "\r\n") == row.status);
}

TEST_CASE("HTTP/1.1 needs a host and HTTP/1.0 does not", "[head]") {
  CHECK(status_of("GET / HTTP/1.1\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.0\r\n") == 200);
}

TEST_CASE("HTTP/1.0 has no chunks", "[head]") {
  CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n") == 400);
}

TEST_CASE("names come in lower case and values without blanks around them", "[head]") {
  const auto head = good("GET /a?b HTTP/1.1\r\nHOST: t\r\nX-Some-Name: \t a b \t\r\n");
  CHECK(head.method == "GET");
  CHECK(head.target == "/a?b");
  REQUIRE(head.headers.size() == 2);
  CHECK(head.headers[1] == std::pair<std::string, std::string>("x-some-name", "a b"));
}

TEST_CASE("a connection is kept as the version and the header say", "[head]") {
  const auto kept = [](const std::string& version, const std::string& header) {
    return good("GET / HTTP/" + version + "\r\nHost: t\r\n" + header).keep_alive;
  };
  CHECK(kept("1.1", ""));
  CHECK(kept("1.1", "Connection: upgrade, keep-alive\r\n"));
  CHECK_FALSE(kept("1.1", "Connection: foo, Close\r\n"));
  CHECK_FALSE(kept("1.0", ""));
  CHECK(kept("1.0", "Connection: Keep-Alive\r\n"));
  CHECK_FALSE(kept("1.0", "Connection: keep-alive\r\nConnection: close\r\n"));
}

TEST_CASE("framing and coding are what the headers say", "[head]") {
  CHECK(good(kPost).framing == Framing::none);
  const auto length = good(kPost + "Content-Length: 0012\r\nExpect: 100-continue\r\n");
  CHECK(length.framing == Framing::length);
  CHECK(length.length == 12);
  CHECK(length.expects_continue);
  CHECK(good(kPost + "Transfer-Encoding: chunked\r\n").framing == Framing::chunked);
  CHECK(good(kPost + "Content-Encoding: x-gzip\r\n").coding == Coding::gzip);
  CHECK(good(kPost + "Content-Encoding: deflate\r\n").coding == Coding::deflate);
  CHECK(good(kPost + "Content-Encoding: identity\r\n").coding == Coding::identity);
  CHECK_FALSE(good(kPost + "Expect: 100-continue\r\n").expects_continue);  // there is no body
}

}  // namespace tocsin::front_door
