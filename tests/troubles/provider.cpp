#include "tests/troubles/provider.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "router/core/result.hpp"

namespace tocsin::troubles {
namespace {

constexpr std::size_t kMostLabelBytes = 63;
constexpr long kSecondsADay = 86'400;
/// The kernel keeps one more than the queue is long; the others wait for it.
constexpr int kFillers = 3;
constexpr timeval kPatience{2, 0};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int listening(int queue, int* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  TOCSIN_CHECK(bind(fd, generic, length) == 0, "loopback has a free port");
  TOCSIN_CHECK(getsockname(fd, generic, &length) == 0, "a bound socket has a name");
  TOCSIN_CHECK(listen(fd, queue) == 0, "a bound socket listens");
  *port = ntohs(address.sin_port);
  return fd;
}

SSL_CTX* with_expired_certificate() {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  TOCSIN_CHECK(key != nullptr && certificate != nullptr, "OpenSSL makes a key");
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3 * kSecondsADay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), -kSecondsADay);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* const names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  TOCSIN_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0, "OpenSSL signs");
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  TOCSIN_CHECK(SSL_CTX_use_certificate(context, certificate) == 1 &&
                   SSL_CTX_use_PrivateKey(context, key) == 1,
               "OpenSSL serves its own certificate");
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace

FullQueue::FullQueue() {
  descriptors_.push_back(listening(0, &port_));
  const sockaddr_in address = loopback(port_);
  for (int i = 0; i < kFillers; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    static_cast<void>(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    descriptors_.push_back(fd);
  }
}

FullQueue::~FullQueue() {
  for (const int fd : descriptors_) close(fd);
}

ExpiredTls::ExpiredTls() : context_(with_expired_certificate()) {
  // Whoever refuses a certificate hangs up, perhaps while it is being answered.
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = listening(64, &port_);
  TOCSIN_CHECK(pipe2(wake_, O_CLOEXEC) == 0, "there are descriptors left");
  thread_ = std::thread([this] { run(); });
}

ExpiredTls::~ExpiredTls() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  close(listener_);
  SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

void ExpiredTls::run() {
  for (;;) {
    pollfd polled[2] = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    poll(polled, 2, -1);
    if (polled[0].revents != 0) return;
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    SSL* const session = SSL_new(static_cast<SSL_CTX*>(context_));
    SSL_set_fd(session, fd);
    char byte = 0;
    if (SSL_accept(session) == 1 && SSL_read(session, &byte, 1) > 0) told_ = true;
    SSL_free(session);
    close(fd);
  }
}

std::string unknown_host() { return std::string(kMostLabelBytes + 1, 'x') + ".invalid"; }

}  // namespace tocsin::troubles
