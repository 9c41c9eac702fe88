// Bodies taken apart: chunks and compressed data, whole or refused.
#include <zlib.h>

#include <algorithm>

#include "router/ingest/front_door/inflate.hpp"
#include "router/ingest/front_door/request_reader.hpp"
#include "tests/catch.hpp"

namespace tocsin::front_door {
namespace {

constexpr std::size_t kMost = 1000;

struct Read {
  int status = 0;  // 200: whole; 0: more is wanted
  std::string body;
  std::string left;
};

Read read_chunks(std::string_view bytes, std::size_t step) {
  ChunkedBody chunks(kMost);
  Read read;
  while (!bytes.empty() && !chunks.done()) {
    auto piece = bytes.substr(0, step);
    const auto size = piece.size();
    if (const auto refused = chunks.take(piece, read.body)) {
      read.status = refused->status;
      return read;
    }
    bytes.remove_prefix(size - piece.size());
  }
  if (chunks.done()) read.status = 200;
  read.left = bytes;
  return read;
}

std::string compress(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
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
std::string gzip(std::string_view text) { return compress(text, 16 + 15); }

int inflated_status(std::string_view data, Coding coding, std::string* to = nullptr) {
  std::string out;
  const auto refused = inflate(data, coding, kMost, out);
  if (to != nullptr) *to = out;
  return refused ? refused->status : 200;
}

}  // namespace

TEST_CASE("chunks give the same body however they arrive", "[body]") {
  const std::string bytes = "4\r\nWiki\r\n00A;x=\"y\"\r\npedia is..\r\n0\r\nA: b\r\n\r\nnext";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const auto read = read_chunks(bytes, step);
    REQUIRE(read.status == 200);
    REQUIRE(read.body == "Wikipedia is..");
    REQUIRE(read.left == "next");
  }
}

TEST_CASE("chunks that are not chunks are refused", "[body]") {
  struct Row {
    std::string bytes;
    int status;
  };
  const auto row = GENERATE(values<Row>({
      {"0\r\n\r\n", 200},
      {"3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n", 200},
      {"3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n", 413},
      {"3e9\r\n", 413},
      {"ffffffff\r\n", 413},
      {"fffffffff\r\n", 400},
      {"\r\n", 400},
      {"-1\r\n", 400},
      {"0x3\r\n", 400},
      {" 3\r\n", 400},
      {"3 \r\n", 400},
      {"g\r\n", 400},
      {"3\nabc", 400},
      {"3\r\nabcd\r\n", 400},
      {"3\r\nabc\n", 400},
      {"3;\x01\r\n", 400},
      {"3;" + std::string(300, 'x'), 400},
      {"0\r\nA: b\n", 400},
      {"0\r\nA: " + std::string(300, 'x'), 400},
      {"3\r\nabc\r\n", 0},
      {"3\r\nab", 0},
  }));
  CAPTURE(row.bytes.substr(0, 40));
  CHECK(read_chunks(row.bytes, row.bytes.size()).status == row.status);
  CHECK(read_chunks(row.bytes, 1).status == row.status);
}

TEST_CASE("too many trailers are refused", "[body]") {
  std::string bytes = "0\r\n";
  for (int i = 0; i < 100; ++i) bytes += "A: b\r\n";
  CHECK(read_chunks(bytes, bytes.size()).status == 400);
}

TEST_CASE("a body of nothing but tiny chunks is refused before it is all framing", "[body]") {
  ChunkedBody chunks(16U << 20);
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += "1\r\nx\r\n";
  std::string_view left = bytes;
  std::string body;
  const auto refused = chunks.take(left, body);
  REQUIRE(refused);
  CHECK(refused->status == 400);
}

TEST_CASE("compressed bodies come out as they went in", "[body]") {
  const std::string text = "one alert, and another, and another";
  std::string out;
  CHECK(inflated_status(gzip(text), Coding::gzip, &out) == 200);
  CHECK(out == text);
  CHECK(inflated_status(compress(text, 15), Coding::deflate, &out) == 200);
  CHECK(out == text);
  CHECK(inflated_status(compress(text, -15), Coding::deflate, &out) == 200);
  CHECK(out == text);
  CHECK(inflated_status(gzip(text) + gzip(text), Coding::gzip, &out) == 200);
  CHECK(out == text + text);
  CHECK(inflated_status(gzip(""), Coding::gzip, &out) == 200);
  CHECK(out.empty());
}

TEST_CASE("a compressed body cut anywhere is refused", "[body]") {
  const auto whole = gzip("the quick brown fox jumps over the lazy dog");
  for (std::size_t size = 1; size < whole.size(); ++size)
    REQUIRE(inflated_status(std::string_view(whole).substr(0, size), Coding::gzip) == 400);
}

TEST_CASE("a compressed body with something after its end is refused", "[body]") {
  CHECK(inflated_status(gzip("x") + "garbage", Coding::gzip) == 400);
  CHECK(inflated_status(gzip("x") + std::string(1, '\0'), Coding::gzip) == 400);
  CHECK(inflated_status(compress("x", 15) + "y", Coding::deflate) == 400);
}

TEST_CASE("a body that is not compressed at all is refused", "[body]") {
  CHECK(inflated_status(R"({"alerts":[]})", Coding::gzip) == 400);
  CHECK(inflated_status(R"({"alerts":[]})", Coding::deflate) == 400);
}

TEST_CASE("an inflated body may be exactly the limit and not a byte more", "[body]") {
  CHECK(inflated_status(gzip(std::string(kMost, 'x')), Coding::gzip) == 200);
  CHECK(inflated_status(gzip(std::string(kMost + 1, 'x')), Coding::gzip) == 413);
  CHECK(inflated_status(gzip(std::string(100 * kMost, 'x')), Coding::gzip) == 413);
}

TEST_CASE("a reader takes requests off a stream however they arrive", "[body]") {
  const std::string one = "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc";
  const std::string stream = one + "\r\n" + one + one;  // one line break too many is forgiven
  const Limits limits;
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    RequestReader reader(limits);
    std::string_view bytes = stream;
    int requests = 0;
    while (!bytes.empty()) {
      auto piece = bytes.substr(0, step);
      const auto size = piece.size();
      REQUIRE_FALSE(reader.take(piece));
      bytes.remove_prefix(size - piece.size());
      if (reader.stage() != RequestReader::Stage::whole) continue;
      REQUIRE(reader.body() == "abc");
      ++requests;
      reader.begin_next();
    }
    REQUIRE(requests == 3);
  }
}

TEST_CASE("a reader refuses more than one empty line before a request", "[body]") {
  const Limits limits;
  RequestReader reader(limits);
  std::string_view bytes = "\r\n\r\nGET / HTTP/1.1\r\n";
  CHECK(reader.take(bytes)->status == 400);
}

TEST_CASE("a reader refuses a bare line feed without waiting for the end of the head", "[body]") {
  const Limits limits;
  RequestReader reader(limits);
  std::string_view bytes = "GET / HTTP/1.1\r\nHost: t\n";
  CHECK(reader.take(bytes)->status == 400);
}

}  // namespace tocsin::front_door
