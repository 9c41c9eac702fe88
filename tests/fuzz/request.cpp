// The front door's reading of a connection: heads, bodies by length and by chunks, compressed ones,
// targets, and the answers that go back.
//
//   byte 0  how the stream is cut into pieces; the rest is the stream
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "router/ingest/front_door/answer.hpp"
#include "router/ingest/front_door/inflate.hpp"
#include "router/ingest/front_door/request_reader.hpp"
#include "router/ingest/front_door/routes.hpp"
#include "router/ingest/front_door/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace front_door;

constexpr std::size_t kMostInflated = 256u << 10;

Limits small_limits() {
  Limits limits;
  limits.body_bytes = 2'000;
  limits.head_bytes = 1'000;
  limits.headers = 12;
  return limits;
}
const Limits kLimits = small_limits();

/// Everything that was read of a stream, as text to compare.
std::string read_all(std::string_view stream, std::size_t piece) {
  RequestReader reader(kLimits);
  std::string all;
  while (!stream.empty()) {
    std::string_view now = stream.substr(0, piece);
    stream.remove_prefix(now.size());
    while (!now.empty()) {
      const std::size_t before = now.size();
      const auto refused = reader.take(now);
      PROMISE(reader.held() <= kLimits.head_bytes + kLimits.body_bytes, "holds more than it may");
      if (refused) {
        PROMISE(refused->status >= 400 && refused->status < 600, std::to_string(refused->status));
        check_error_text(refused->detail);
        return all + "refused " + std::to_string(refused->status) + " " + refused->detail;
      }
      if (reader.stage() != RequestReader::Stage::whole) {
        PROMISE(now.empty(), "a part of it is left");
        continue;
      }
      PROMISE(reader.body().size() <= kLimits.body_bytes, "a body over the limit");
      const Head& head = reader.head();
      PROMISE(head.target.starts_with('/') && is_token(head.method), head.method);
      PROMISE(head.headers.size() <= kLimits.headers, "too many headers");
      all += head.method + " " + head.target + "\n";
      for (const auto& [name, value] : head.headers) {
        PROMISE(name == lower_case(name) && is_token(name) && !front_door::has_control(value), name);
        all += name + ": " + value + "\n";
      }
      all += (head.keep_alive ? "+" : "-") + reader.body() + "\n";
      reader.begin_next();
      PROMISE(now.size() < before, "stays where it is");
    }
  }
  return all + std::to_string(static_cast<int>(reader.stage()));
}

std::vector<std::string> request_seeds() {
  const std::string post = "POST /in/p/api/v2/alerts?a=b HTTP/1.1\r\nHost: t\r\n";
  std::vector<std::string> all;
  for (const char* stream :
       {"GET / HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET /a%20b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n[]"})
    all.push_back("\3" + std::string(stream));
  all.push_back("\1" + post + "Content-Length: 4\r\n\r\n[{}]" + post +
                "Content-Length: 2\r\n\r\n[]");
  all.push_back("\2" + post +
                "Transfer-Encoding: chunked\r\n\r\n4;x=y\r\n[{}]\r\n0\r\nT: v\r\n\r\n");
  all.push_back("\7" + post + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[");
  all.push_back("\7" + post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  return all;
}

std::string compressed(std::string_view text, int window) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(text.size() + 256, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::vector<std::string> body_seeds() {
  constexpr int kGzip = 15 + 16, kZlib = 15, kRaw = -15;
  const std::string text = "[{\"labels\":{\"alertname\":\"A\"}}]", bomb(300'000, ' ');
  return {std::string(1, '\0') + compressed(text, kGzip) + compressed(text, kGzip),
          "\1" + compressed(text, kZlib), "\1" + compressed(text, kRaw),
          std::string(1, '\0') + compressed(bomb, kGzip)};
}

std::vector<HttpRoute> some_routes() {
  std::vector<HttpRoute> routes;
  for (const char* pattern : {"/", "/p/([^/]+)", "/in/([^/]+)(/.*)?", "/api/v1/incidents/([^/]+)",
                              "/v2/alerts/(.+)/close", "/api/v2/alerts"})
    for (const char* method : {"GET", "POST"}) routes.push_back({method, pattern, {}});
  return routes;
}

std::vector<std::string> answer_seeds() {
  return {"GET /p/abc.def?x=%ff&y=1+2\nx-name=value&content-length=3&a=b\ra\n{}",
          "POST /in/p/v2/alerts/a%2Fb/close\nset-cookie=x\n", "HEAD /api/v1/incidents/7zq4\n\n"};
}

}  // namespace

// What comes of a stream does not depend on how it is cut.
TOCSIN_FUZZ_TARGET(request, request_seeds) {
  Input in(input);
  const std::size_t piece = in.byte() % 32 + 1;
  const std::string_view stream = in.rest();
  const std::string whole = read_all(stream, std::max<std::size_t>(stream.size(), 1));
  const std::string pieces = read_all(stream, piece);
  PROMISE(whole == pieces, whole + " or " + pieces);
}

// Byte 0: which coding; the rest is a compressed body.
TOCSIN_FUZZ_TARGET(body, body_seeds) {
  Input in(input);
  const Coding coding = in.byte() % 2 == 0 ? Coding::gzip : Coding::deflate;
  std::string out;
  const auto refused = inflate(in.rest(), coding, kMostInflated, out);
  PROMISE(out.size() <= kMostInflated + (refused ? 1 : 0), std::to_string(out.size()));
  if (refused) check_error_text(refused->detail);
}

// A line with a method and a target, a line of headers, then an answer's body.
TOCSIN_FUZZ_TARGET(answer, answer_seeds) {
  static const Routes kRoutes(some_routes());
  Input in(input);
  const std::string_view line = in.line();
  const std::size_t blank = std::min(line.find(' '), line.size());
  const std::string method(line.substr(0, blank));
  const std::string target(line.substr(std::min(blank + 1, line.size())));
  Head head;
  const bool good = !check_head("GET " + target + " HTTP/1.1\r\nHost: t\r\n", Limits{}, head) &&
                    head.target == target;
  if (good && is_token(method)) {
    const Routed routed = kRoutes.find(method, target);
    PROMISE(routed.handler || routed.status == 400 || routed.status == 404,
            std::to_string(routed.status));
    static_cast<void>(kRoutes.methods_for(target));
  }

  HttpResponse response{200, "", "text/plain", pairs_of(in.line())};
  response.body = in.rest();
  const std::string bytes = serialise(response, {true, method == "HEAD", "now"});
  const std::size_t end = bytes.find("\r\n\r\n");
  PROMISE(end != std::string::npos, bytes);
  if (method == "HEAD")
    PROMISE(bytes.size() == end + 4, bytes);
  else
    PROMISE(bytes.substr(end + 4) == response.body, bytes);
  Input lines(std::string_view(bytes).substr(0, end));
  std::size_t lengths = 0, count = 0;
  while (!lines.empty()) {
    std::string_view each = lines.line();
    if (each.ends_with('\r')) each.remove_suffix(1);
    PROMISE(!front_door::has_control(each), std::string(each));
    if (lower_case(each.substr(0, 15)) == "content-length:") ++lengths;
    ++count;
  }
  PROMISE(lengths == 1, bytes);
  PROMISE(count <= response.headers.size() + 6, bytes);
}

}  // namespace tocsin::fuzz
