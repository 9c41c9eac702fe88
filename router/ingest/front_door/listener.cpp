#include "router/ingest/front_door/listener.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

namespace tocsin::front_door {
namespace {

// A storm of alerts opens hundreds of connections between two turns of the loop; five, the
// library's own number, lost them.
constexpr int kBacklog = 1024;

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<Addresses> resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result =
      getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found);
  if (result != 0)
    return invalid("cannot listen on " + host + ": " + gai_strerror(result) +
                   "; give an address of this machine, or 0.0.0.0 for all");
  return Addresses(found, &freeaddrinfo);
}

// SO_REUSEADDR lets a restart bind while old connections are in TIME_WAIT; it does not let two
// servers listen. SO_REUSEPORT would, and half of all alerts would go to a process nobody looks at.
int try_listen(const addrinfo& address, Descriptor& descriptor) {
  descriptor = Descriptor(
      socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!descriptor) return errno;
  const int yes = 1;
  const int no = 0;
  setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address.ai_family == AF_INET6)  // [::] is for both families, as people expect
    setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (bind(descriptor.get(), address.ai_addr, address.ai_addrlen) != 0) return errno;
  return ::listen(descriptor.get(), kBacklog) == 0 ? 0 : errno;
}

std::uint16_t port_of(const Descriptor& descriptor) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(descriptor.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

void describe_v4(const in_addr& address, Accepted& accepted) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  accepted.address = accepted.neighbourhood = text.data();
  accepted.loopback = (ntohl(address.s_addr) >> 24) == 127;
}

void describe_v6(const in6_addr& address, Accepted& accepted) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr inner{};
    std::memcpy(&inner, address.s6_addr + 12, sizeof inner);
    return describe_v4(inner, accepted);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  accepted.address = text.data();
  accepted.loopback = IN6_IS_ADDR_LOOPBACK(&address);
  in6_addr network = address;
  std::memset(network.s6_addr + 8, 0, 8);
  inet_ntop(AF_INET6, &network, text.data(), text.size());
  accepted.neighbourhood = text.data();
}

}  // namespace

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

Result<Listening> open_listener(const std::string& host, std::uint16_t port) {
  TOCSIN_TRY(const Addresses addresses, resolve(host, std::to_string(port)));
  int error = EADDRNOTAVAIL;
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    Listening listening;
    error = try_listen(*a, listening.descriptor);
    if (error == 0) {
      listening.port = port_of(listening.descriptor);
      return listening;
    }
  }
  const std::string what = "cannot listen on " + host + " port " + std::to_string(port) + ": ";
  if (error == EADDRINUSE)
    return refused(what +
                   "another process listens there, perhaps a second tocsin; stop it or "
                   "choose another port");
  if (error == EACCES) return refused(what + "ports under 1024 are for root; choose another port");
  return invalid(what + std::strerror(error));
}

AcceptOutcome accept_one(int listener, Accepted& accepted) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  int descriptor = -1;
  do {
    descriptor =
        accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  } while (descriptor < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (descriptor < 0) {
    const bool lacking = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return lacking ? AcceptOutcome::no_descriptors : AcceptOutcome::nobody;
  }
  accepted.descriptor = Descriptor(descriptor);
  const int yes = 1;  // an answer is one small write; waiting to fill a segment only delays it
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (peer.ss_family == AF_INET6)
    describe_v6(reinterpret_cast<sockaddr_in6&>(peer).sin6_addr, accepted);
  else
    describe_v4(reinterpret_cast<sockaddr_in&>(peer).sin_addr, accepted);
  return AcceptOutcome::accepted;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);  // without it we only refuse connections sooner
}

bool AddressCounts::enter(const std::string& neighbourhood, std::size_t most) {
  auto& count = counts_[neighbourhood];
  if (count >= most) return false;
  ++count;
  return true;
}

void AddressCounts::leave(const std::string& neighbourhood) {
  const auto found = counts_.find(neighbourhood);
  TOCSIN_CHECK(found != counts_.end(), "an address left that never entered");
  if (--found->second == 0) counts_.erase(found);
}

}  // namespace tocsin::front_door
