#include "tests/connectors/receiver.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <list>

#include "router/core/result.hpp"

namespace tocsin::testing {
namespace {

constexpr int kTrickleMilliseconds = 20;

int bound_socket(int* port) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  TOCSIN_CHECK(bind(socket_fd, generic, length) == 0, "loopback has a free port");
  TOCSIN_CHECK(getsockname(socket_fd, generic, &length) == 0, "a bound socket has a name");
  *port = ntohs(address.sin_port);
  return socket_fd;
}

std::string head_of(const Reply& reply, std::size_t length) {
  return "HTTP/1.1 " + std::to_string(reply.status) + " Said\r\n" + reply.headers +
         "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

}  // namespace

std::string ReceivedRequest::header(const std::string& name) const {
  const std::size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 4;
  return head.substr(from, head.find("\r\n", from) - from);
}

struct Receiver::Connection {
  int fd;
  std::string in, out;
  Reply::Kind kind = Reply::Kind::answer;
};

Receiver::Receiver(Reply reply) : reply_(std::move(reply)) {
  listener_ = bound_socket(&port_);
  TOCSIN_CHECK(listen(listener_, 64) == 0, "a bound socket listens");
  TOCSIN_CHECK(pipe2(wake_, O_CLOEXEC) == 0, "there are descriptors left");
  thread_ = std::thread([this] { run(); });
}

Receiver::~Receiver() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  close(listener_);
}

void Receiver::answer_with(Reply reply) {
  const std::lock_guard lock(mutex_);
  reply_ = std::move(reply);
}

void Receiver::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
}

std::string Receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<ReceivedRequest> Receiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t Receiver::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

void Receiver::run() {
  std::list<Connection> connections;
  while (true) {
    std::vector<pollfd> polled{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& c : connections)
      polled.push_back({c.fd, static_cast<short>(c.out.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    poll(polled.data(), polled.size(), kTrickleMilliseconds);
    if (polled[0].revents != 0) break;
    auto at = polled.begin() + 2;
    for (auto c = connections.begin(); c != connections.end(); ++at) {
      const bool open = (at->revents == 0 || read_some(*c)) && write_some(*c);
      if (open) {
        ++c;
        continue;
      }
      close(c->fd);
      c = connections.erase(c);
    }
    if (polled[1].revents == 0) continue;
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    connections.push_back({fd, {}, {}});
    const std::lock_guard lock(mutex_);
    ++accepted_;
  }
  for (const Connection& c : connections) close(c.fd);
}

/// Whether the connection stays open.
bool Receiver::read_some(Connection& c) {
  char buffer[64 << 10];
  const ssize_t got = recv(c.fd, buffer, sizeof buffer, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return false;
  if (got > 0) c.in.append(buffer, static_cast<std::size_t>(got));
  const std::size_t head_end = c.in.find("\r\n\r\n");
  if (head_end == std::string::npos) return true;
  ReceivedRequest request;
  request.line = c.in.substr(0, c.in.find("\r\n"));
  request.head = c.in.substr(0, head_end + 2);
  const std::string length = request.header("Content-Length");
  const std::size_t bytes = length.empty() ? 0 : std::stoul(length);
  if (c.in.size() < head_end + 4 + bytes) return true;
  request.body = c.in.substr(head_end + 4, bytes);
  const std::string whole = c.in.substr(0, head_end + 4 + bytes);
  c.in.erase(0, whole.size());

  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  c.kind = reply_.kind;
  switch (reply_.kind) {
    case Reply::Kind::answer:
      c.out = head_of(reply_, reply_.body.size()) + reply_.body;
      break;
    case Reply::Kind::echo:
      c.out = head_of(reply_, whole.size()) + whole;
      break;
    case Reply::Kind::trickle_body:
    case Reply::Kind::flood_body:
      c.out = head_of(reply_, 1u << 30);
      break;
    case Reply::Kind::trickle_head:
    case Reply::Kind::flood_headers:
      c.out = "HTTP/1.1 200 Said\r\n";
      break;
    case Reply::Kind::hang:
    case Reply::Kind::wait:
      break;
    case Reply::Kind::reset: {
      const linger at_once{1, 0};
      setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    }
  }
  return true;
}

bool Receiver::write_some(Connection& c) {
  if (c.kind == Reply::Kind::trickle_body || c.kind == Reply::Kind::trickle_head) c.out += "x";
  if (c.kind == Reply::Kind::wait) {
    const std::lock_guard lock(mutex_);
    if (!released_) return true;
    c.kind = Reply::Kind::answer;
    c.out = head_of(reply_, reply_.body.size()) + reply_.body;
  }
  if (c.kind == Reply::Kind::flood_body && c.out.empty()) c.out.assign(64 << 10, 'x');
  if (c.kind == Reply::Kind::flood_headers && c.out.empty())
    for (int i = 0; i < 100; ++i) c.out += "X-Flood: " + std::string(100, 'x') + "\r\n";
  if (c.out.empty()) return true;
  const ssize_t sent = ::send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  c.out.erase(0, static_cast<std::size_t>(sent));
  return true;
}

int closed_port() {
  int port = 0;
  close(bound_socket(&port));
  return port;
}

}  // namespace tocsin::testing
