#include "tests/troubles/provider.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

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

struct KeyEnds {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateEnds {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyEnds>;
using OwnedCertificate = std::unique_ptr<X509, CertificateEnds>;

// Valid from three days ago until `end` days from now, by `authority`; or by itself.
OwnedCertificate certificate_of(const char* name, EVP_PKEY* key, int end, X509* authority,
                                EVP_PKEY* signing,
                                const std::vector<std::pair<int, const char*>>& says) {
  OwnedCertificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), authority == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3 * kSecondsADay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), end * kSecondsADay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate.get(),
                       authority == nullptr ? subject : X509_get_subject_name(authority));
  for (const auto& [what, value] : says) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  TOCSIN_CHECK(X509_sign(certificate.get(), signing, EVP_sha256()) > 0, "OpenSSL signs");
  return certificate;
}

// The authority of this program: the system knows nothing of it.
struct Authority {
  Key key{EVP_EC_gen("P-256")};
  OwnedCertificate certificate;
  std::string pem;

  Authority()
      : certificate(certificate_of("the authority of a test", key.get(), 3, nullptr, key.get(),
                                   {{NID_basic_constraints, "critical,CA:TRUE"}})) {
    BIO* const out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out, &bytes);
    pem.assign(bytes, static_cast<std::size_t>(size));
    BIO_free(out);
  }
};

std::atomic<bool> authority_is_trusted = false;

const Authority& authority() {
  static const Authority made;
  authority_is_trusted = true;
  return made;
}

SSL_CTX* serving(TlsProvider::Certificate which) {
  const Authority& by = authority();
  const Key key(EVP_EC_gen("P-256"));
  const bool in_time = which == TlsProvider::Certificate::in_time;
  const OwnedCertificate certificate =
      certificate_of("127.0.0.1", key.get(), in_time ? 2 : -1, by.certificate.get(), by.key.get(),
                     {{NID_subject_alt_name, "IP:127.0.0.1"}});
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  TOCSIN_CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
                   SSL_CTX_use_PrivateKey(context, key.get()) == 1,
               "OpenSSL serves its own certificate");
  return context;
}

// Up to the end of a request with a Content-Length; whether anything came.
bool read_request(SSL* session) {
  std::string got;
  std::size_t whole = std::string::npos;
  while (got.size() < whole) {
    char bytes[4096];
    const int more = SSL_read(session, bytes, sizeof bytes);
    if (more <= 0) break;
    got.append(bytes, static_cast<std::size_t>(more));
    const std::size_t head = got.find("\r\n\r\n"), length = got.find("Content-Length: ");
    if (head == std::string::npos) continue;
    whole = head + 4;
    if (length < head) whole += std::stoul(got.substr(length + std::strlen("Content-Length: ")));
  }
  return !got.empty();
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

TlsProvider::TlsProvider(Certificate certificate) : context_(serving(certificate)) {
  // Whoever refuses a certificate hangs up, perhaps while it is being answered.
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = listening(64, &port_);
  TOCSIN_CHECK(pipe2(wake_, O_CLOEXEC) == 0, "there are descriptors left");
  thread_ = std::thread([this] { run(); });
}

TlsProvider::~TlsProvider() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  close(listener_);
  SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

void TlsProvider::run() {
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
    if (SSL_accept(session) == 1 && read_request(session)) {
      told_ = true;
      constexpr std::string_view kTaken =
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      SSL_write(session, kTaken.data(), kTaken.size());
      SSL_shutdown(session);
    }
    SSL_free(session);
    close(fd);
  }
}

std::string unknown_host() { return std::string(kMostLabelBytes + 1, 'x') + ".invalid"; }

}  // namespace tocsin::troubles

// In the place of libcurl's: what a channel sends with trusts the system's authorities, and a test
// changes none of these.
extern "C" CURLcode curl_easy_perform(CURL* handle) {
  using tocsin::troubles::authority;
  static auto* const perform =
      reinterpret_cast<decltype(&curl_easy_perform)>(dlsym(RTLD_NEXT, "curl_easy_perform"));
  if (tocsin::troubles::authority_is_trusted) {
    const std::string& pem = authority().pem;
    curl_blob trusted{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &trusted);
  }
  return perform(handle);
}
