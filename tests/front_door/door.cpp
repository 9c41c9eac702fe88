#include "tests/front_door/door.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

namespace tocsin::tests {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpResponse text(std::string body) { return {200, std::move(body), "text/plain", {}}; }

std::string describe(const HttpRequest& request) {
  std::string result = request.method + " " + request.path;
  for (const auto& match : request.matches) result += " match=" + match;
  for (const auto& [name, value] : request.query) result += " " + name + "=" + value;
  return result;
}

std::vector<HttpRoute> routes(KeptReplies& kept) {
  return {
      {"GET", "/ping", [](HttpRequest, HttpReply reply) { reply(text("pong")); }},
      {"POST", "/echo",
       [](HttpRequest request, HttpReply reply) { reply(text(std::move(request.body))); }},
      {"POST", "/length",
       [](HttpRequest request, HttpReply reply) {
         reply(text(std::to_string(request.body.size())));
       }},
      {"GET", "/from",
       [](HttpRequest request, HttpReply reply) { reply(text(request.remote_address)); }},
      {"GET", "/in/([^/]+)(/.*)?",
       [](HttpRequest request, HttpReply reply) { reply(text(describe(request))); }},
      {"POST", "/type",
       [](HttpRequest request, HttpReply reply) {
         reply(text(std::string(request.header("content-type")) + "|" +
                    std::string(request.header("content-encoding"))));
       }},
      {"GET", "/large",
       [](HttpRequest, HttpReply reply) { reply(text(std::string(32U << 20, 'x'))); }},
      {"GET", "/throw",
       [](HttpRequest, HttpReply) { throw std::runtime_error("secret password hunter2"); }},
      {"GET", "/forget", [](HttpRequest, HttpReply) {}},
      {"GET", "/bad-header",
       [](HttpRequest, HttpReply reply) {
         reply({200, "x", "text/plain", {{"X-Good", "yes"}, {"X-Bad", "a\r\nX-Injected: b"}}});
       }},
      {"GET", "/nothing",
       [](HttpRequest, HttpReply reply) {
         reply({204, "", "", {}});
       }},
      {"POST", "/keep",
       [&kept](HttpRequest request, HttpReply reply) {
         kept.keep(std::move(request), std::move(reply));
       }},
  };
}

}  // namespace

front_door::Limits small_limits() {
  front_door::Limits limits;
  limits.body_bytes = 1U << 20;
  limits.head_deadline = milliseconds(300);
  limits.body_deadline = milliseconds(600);
  limits.write_deadline = milliseconds(600);
  limits.idle = seconds(30);
  return limits;
}

void KeptReplies::keep(HttpRequest /*request*/, HttpReply reply) {
  const std::lock_guard lock(mutex_);
  replies_.push_back(std::move(reply));
  changed_.notify_all();
}

bool KeptReplies::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, seconds(10), [&] { return replies_.size() >= count; });
}

void KeptReplies::reply_all(const HttpResponse& response) {
  std::vector<HttpReply> replies;
  {
    const std::lock_guard lock(mutex_);
    replies.swap(replies_);
  }
  for (const auto& reply : replies) reply(response);
}

void KeptReplies::drop_all() {
  const std::lock_guard lock(mutex_);
  replies_.clear();
}

Door::Door(front_door::Limits limits) {
  door_.emplace(clock_, limits, routes(kept_));
  port_ = door_->listen("127.0.0.1", 0).value();
}

bool Door::comes_to(const std::function<bool(const front_door::Counts&)>& wanted) const {
  const auto end = now() + seconds(10);
  while (!wanted(door_->counts())) {
    if (now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool Door::answers_a_ping() const {
  const auto began = now();
  const bool answered = ask(port_, get("/ping"), seconds(2)).body == "pong";
  return answered && now() - began < seconds(1);
}

bool Door::answers_pings_during(const std::function<void()>& attack) const {
  std::atomic<bool> over{false};
  std::jthread attacker([&] {
    attack();
    over = true;
  });
  bool answered = answers_a_ping();
  while (answered && !over) answered = answers_a_ping();
  return answered;
}

}  // namespace tocsin::tests
