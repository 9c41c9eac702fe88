#include "connectors/stores/redis_socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace tocsin::store {
namespace {

constexpr std::size_t kReadAtOnce = 256u << 10;

Error failed(const char* what, int problem) {
  return unavailable(std::string(what) + ": " + std::strerror(problem));
}

void set(int descriptor, int level, int option) {
  const int on = 1;
  static_cast<void>(::setsockopt(descriptor, level, option, &on, sizeof on));
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> addresses_of(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0)
    return unavailable(std::string("its name cannot be looked up: ") + ::gai_strerror(problem));
  return Addresses(found, ::freeaddrinfo);
}

}  // namespace

Result<RedisSocket> RedisSocket::connect(const std::string& host, std::uint16_t port,
                                         const Clock& clock, Duration within) {
  TOCSIN_TRY(const Addresses addresses, addresses_of(host, port));
  const Deadline deadline = clock.now().elapsed + within;
  Error last = unavailable("it has no address");
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    RedisSocket socket(
        ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol),
        clock);
    if (socket.descriptor_ < 0) return failed("no socket", errno);
    set(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY);
    set(socket.descriptor_, SOL_SOCKET, SO_KEEPALIVE);
    if (::connect(socket.descriptor_, at->ai_addr, at->ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) {
      last = failed("no connection", errno);
      continue;
    }
    const Status ready = socket.wait_for(POLLOUT, deadline);
    int problem = 0;
    socklen_t size = sizeof problem;
    static_cast<void>(::getsockopt(socket.descriptor_, SOL_SOCKET, SO_ERROR, &problem, &size));
    if (ready && problem == 0) return socket;
    last = ready ? failed("no connection", problem) : unavailable("no connection in time");
  }
  return last;
}

RedisSocket::RedisSocket(RedisSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), clock_(other.clock_) {}

RedisSocket& RedisSocket::operator=(RedisSocket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(clock_, other.clock_);
  return *this;
}

RedisSocket::~RedisSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status RedisSocket::wait_for(short events, Deadline deadline) const {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_->now().elapsed).count();
    pollfd one{descriptor_, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000)));
    if (ready > 0) return ok();
    if (ready < 0 && errno != EINTR) return failed("waiting", errno);
    if (left <= 0) return unavailable("no answer in time");
  }
}

Status RedisSocket::send(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return failed("the connection is lost", errno);
    TOCSIN_TRY([[maybe_unused]] const Unit ready, wait_for(POLLOUT, deadline));
  }
  return ok();
}

Status RedisSocket::receive(std::string& bytes, Deadline deadline) {
  const std::size_t before = bytes.size();
  while (true) {
    // Also with bytes at hand: a reply that trickles must end as well.
    TOCSIN_TRY([[maybe_unused]] const Unit ready, wait_for(POLLIN, deadline));
    bytes.resize(before + kReadAtOnce);
    const ssize_t got = ::recv(descriptor_, bytes.data() + before, kReadAtOnce, 0);
    const int problem = errno;
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) return ok();
    if (got == 0) return unavailable("it has closed the connection");
    if (problem != EINTR && problem != EAGAIN && problem != EWOULDBLOCK)
      return failed("the connection is lost", problem);
  }
}

bool RedisSocket::has_unasked() const {
  pollfd one{descriptor_, POLLIN, 0};
  return ::poll(&one, 1, 0) != 0;
}

}  // namespace tocsin::store
