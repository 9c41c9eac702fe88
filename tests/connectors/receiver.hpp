// A small HTTP server on a free loopback port, for everything that a provider may do to us: answer,
// hang, trickle, reset, flood.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tocsin::testing {

struct ReceivedRequest {
  std::string line;  // "POST /page HTTP/1.1"
  std::string head;  // all header lines
  std::string body;

  /// The value of a header (its name as sent), or nothing.
  std::string header(const std::string& name) const;
};

struct Reply {
  enum class Kind {
    answer,         // status, headers, body
    hang,           // takes the request and says nothing
    trickle_head,   // one byte of the head at a time, for ever
    trickle_body,   // the head at once, then one byte at a time, for ever
    reset,          // takes the request and resets the connection
    flood_body,     // a body without end
    flood_headers,  // a head without end
    echo,           // status, and the whole request as the body
    wait,           // takes the request, and answers after release() as `answer` does
  } kind = Kind::answer;
  int status = 200;
  std::string headers;  // further lines, each ending in \r\n
  std::string body;
};

class Receiver {
 public:
  /// Every request is answered like this, until answer_with() says otherwise.
  explicit Receiver(Reply reply = {});
  /// Ends its thread and closes all connections.
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  void answer_with(Reply reply);
  /// Answers what waits for it, and from now on whatever would.
  void release();
  int port() const { return port_; }
  std::string url(const std::string& path = "/") const;
  std::vector<ReceivedRequest> requests() const;
  std::size_t connections() const;

 private:
  struct Connection;
  void run();
  bool read_some(Connection& connection);
  bool write_some(Connection& connection);

  int listener_ = -1;
  int port_ = 0;
  int wake_[2] = {-1, -1};
  mutable std::mutex mutex_;  // guards the four below
  Reply reply_;
  bool released_ = false;
  std::vector<ReceivedRequest> requests_;
  std::size_t accepted_ = 0;
  std::thread thread_;
};

/// A port on which nobody listens.
int closed_port();

}  // namespace tocsin::testing
