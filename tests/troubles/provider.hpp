// A provider that fails in a chosen way, on loopback: what a channel is led to instead of the
// provider whose name it bears.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/connectors/receiver.hpp"

namespace tocsin::troubles {

/// A port that lets nobody in: its queue is full, so that whoever connects waits.
class FullQueue {
 public:
  FullQueue();
  ~FullQueue();
  FullQueue(const FullQueue&) = delete;
  FullQueue& operator=(const FullQueue&) = delete;
  int port() const { return port_; }

 private:
  int port_ = 0;
  std::vector<int> descriptors_;
};

/// HTTPS with a certificate of 127.0.0.1, by an authority of its own that whatever this program
/// sends trusts from then on instead of the system's. Nothing else is wrong with the certificate.
class TlsProvider {
 public:
  enum class Certificate { expired, in_time };
  explicit TlsProvider(Certificate certificate);
  /// Ends its thread and closes its port.
  ~TlsProvider();
  TlsProvider(const TlsProvider&) = delete;
  TlsProvider& operator=(const TlsProvider&) = delete;
  int port() const { return port_; }
  /// How many came, and whether any of them said anything behind the handshake; if so it was
  /// answered 200.
  std::size_t connections() const { return connections_; }
  bool was_told() const { return told_; }

 private:
  void run();

  int listener_ = -1;
  int port_ = 0;
  int wake_[2] = {-1, -1};
  void* context_ = nullptr;  // SSL_CTX
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> told_ = false;
  std::thread thread_;
};

/// A host name that no resolver can ask a server for: its first label is a byte too long. So a test
/// that wants an unknown name sends nothing to anybody.
std::string unknown_host();

}  // namespace tocsin::troubles
