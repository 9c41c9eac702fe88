#include "connectors/wire/http_client.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/catch.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::wire;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;

namespace {

constexpr Duration kAmple = std::chrono::seconds(20);
constexpr Duration kShort = std::chrono::milliseconds(300);
constexpr auto kBound = std::chrono::seconds(3);  // ten times too wide, for a busy machine

OutgoingRequest post(std::string url) {
  OutgoingRequest request;
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = "{}";
  return request;
}

Attempt attempt(int status, std::string body = {}, std::optional<Duration> after = {}) {
  return to_attempt(Answer{status, std::move(body), after});
}

}  // namespace

TEST_CASE("a request arrives as it was meant and its answer comes back", "[wire]") {
  Receiver receiver({Reply::Kind::answer, 202, "Retry-After: 7\r\n", "taken"});
  OutgoingRequest request = post(receiver.url("/page?key=1"));
  request.headers.emplace_back("X-Text", "one\r\nX-Smuggled: two");
  const auto answer = send(request, kAmple);
  REQUIRE(answer);
  CHECK(answer->status == 202);
  CHECK(answer->body == "taken");
  CHECK(answer->retry_after == std::chrono::seconds(7));
  const auto seen = receiver.requests().at(0);
  CHECK(seen.line == "POST /page?key=1 HTTP/1.1");
  CHECK(seen.header("User-Agent") == "tocsin");
  CHECK(seen.header("Content-Type") == "application/json");
  CHECK(seen.header("Expect").empty());
  CHECK(seen.header("X-Text") == "one X-Smuggled: two");
  CHECK(seen.header("X-Smuggled").empty());
  CHECK(seen.body == "{}");
}

TEST_CASE("one thread keeps its connection from one request to the next", "[wire]") {
  Receiver receiver;
  for (int i = 0; i < 3; ++i) REQUIRE(send(post(receiver.url()), kAmple));
  CHECK(receiver.requests().size() == 3);
  CHECK(receiver.connections() == 1);
}

TEST_CASE("several threads send at once", "[wire]") {
  Receiver receiver;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) static_cast<void>(send(post(receiver.url()), kAmple));
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(receiver.requests().size() == 40);
}

TEST_CASE("the budget ends a request whatever the other side does", "[wire]") {
  for (const auto kind : {Reply::Kind::hang, Reply::Kind::trickle_head}) {
    INFO(static_cast<int>(kind));
    Receiver receiver({kind, 200, "", ""});
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = send(post(receiver.url("/x?token=hush")), kShort);
    CHECK(std::chrono::steady_clock::now() - begin < kBound);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::unknown);
    CHECK(answer.error().message.find("hush") == std::string::npos);
  }
}

TEST_CASE("an answer whose body stalls counts by its head", "[wire]") {
  Receiver receiver({Reply::Kind::trickle_body, 200, "", ""});
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = send(post(receiver.url()), 3 * kShort);
  CHECK(std::chrono::steady_clock::now() - begin < 3 * kBound);
  REQUIRE(answer);
  CHECK(answer->status == 200);
}

TEST_CASE("an answer without end is cut and a head without end refused", "[wire]") {
  Receiver receiver({Reply::Kind::flood_body, 200, "", ""});
  const auto answer = send(post(receiver.url()), kAmple);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body.size() == kMostAnswerBytes);
  receiver.answer_with({Reply::Kind::flood_headers, 200, "", ""});
  const auto flooded = send(post(receiver.url()), kAmple);
  REQUIRE_FALSE(flooded);
  CHECK(flooded.error().kind == ErrorKind::unknown);
}

TEST_CASE("what surely did not arrive is unavailable and what may have is unknown", "[wire]") {
  const std::string refused =
      "http://user:hush@127.0.0.1:" + std::to_string(tocsin::testing::closed_port()) +
      "/hush?hush=hush";
  const auto unreachable = send(post(refused), kAmple);
  REQUIRE_FALSE(unreachable);
  CHECK(unreachable.error().kind == ErrorKind::unavailable);
  CHECK(unreachable.error().message.find("hush") == std::string::npos);
  CHECK(unreachable.error().message.find("127.0.0.1") != std::string::npos);

  Receiver receiver({Reply::Kind::reset, 0, "", ""});
  const auto reset = send(post(receiver.url()), kAmple);
  REQUIRE_FALSE(reset);
  CHECK(reset.error().kind == ErrorKind::unknown);

  const auto tls = send(post("https://127.0.0.1:" + std::to_string(receiver.port()) + "/"), kShort);
  REQUIRE_FALSE(tls);
  CHECK(receiver.requests().size() == 1);
}

TEST_CASE("redirects and proxies from the environment are not followed", "[wire]") {
  Receiver elsewhere;
  Receiver receiver({Reply::Kind::answer, 302, "Location: " + elsewhere.url() + "\r\n", ""});
  setenv("http_proxy", elsewhere.url().c_str(), 1);
  const auto answer = send(post(receiver.url()), kAmple);
  unsetenv("http_proxy");
  REQUIRE(answer);
  CHECK(answer->status == 302);
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("other schemes than http and https are refused", "[wire]") {
  for (const char* url :
       {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "", "http://"}) {
    INFO(url);
    CHECK_FALSE(check_url(url));
    const auto answer = send(post(url), kShort);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::invalid);
  }
  for (const char* url : {"http://a b/", "http://a/\r\nX: y", "http://a:99999/", "http://[::1/"})
    CHECK_FALSE(check_url(url));
  for (const char* url : {"http://127.0.0.1:9000/page", "https://example.com",
                          "https://u:p@example.com/a?b=c", "http://[::1]:80/"})
    CHECK(check_url(url));
}

TEST_CASE("an answer becomes accepted or later or never", "[wire]") {
  for (const int status : {200, 201, 202, 204, 299})
    CHECK(attempt(status).outcome == AttemptOutcome::accepted);
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599})
    CHECK(attempt(status).outcome == AttemptOutcome::retry_later);
  for (const int status : {301, 302, 308, 400, 401, 403, 404, 405, 410, 422})
    CHECK(attempt(status).outcome == AttemptOutcome::rejected);
  CHECK(attempt(429, "", std::chrono::seconds(30)).retry_after == std::chrono::seconds(30));
  CHECK(attempt(404, "no such \x1b[31m room\n\xff").detail == "HTTP 404: no such [31m room \ufffd");
  CHECK(attempt(500, std::string(5'000, 'x')).detail.size() < 300);
  CHECK(to_attempt(invalid("x")).outcome == AttemptOutcome::rejected);
  CHECK(to_attempt(unavailable("x")).outcome == AttemptOutcome::retry_later);
  CHECK(to_attempt(unknown_outcome("x")).outcome == AttemptOutcome::retry_later);
}

TEST_CASE("a provider cannot put off a page for days", "[wire]") {
  Receiver receiver({Reply::Kind::answer, 503, "Retry-After: 999999\r\n", ""});
  const auto answer = send(post(receiver.url()), kAmple);
  REQUIRE(answer);
  CHECK(answer->retry_after == kMostRetryAfter);
}
