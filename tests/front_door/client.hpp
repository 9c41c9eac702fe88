// A blocking HTTP client for tests: raw bytes out, parsed answers in, and no wait without an end.
// It can misbehave on purpose, which real clients cannot.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "router/core/time.hpp"

namespace tocsin::tests {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class Client {
 public:
  /// To 127.0.0.1. Every wait ends after `patience`.
  explicit Client(std::uint16_t port, Duration patience = std::chrono::seconds(10));
  ~Client();
  Client(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return socket_ >= 0; }
  /// False once the other side takes no more.
  bool send(std::string_view bytes);
  /// Says that nothing more will be sent, and still reads.
  void finish_sending();
  /// The next answer, or nothing when the connection ends or patience does. The answer to HEAD has
  /// no body.
  std::optional<Answer> read_answer(bool to_head = false);
  /// Reads on to the end; false when it does not come.
  bool sees_end();

 private:
  bool receive_more();

  int socket_ = -1;
  std::string received_;
};

std::string get(std::string_view path, std::string_view more_headers = "");
std::string post(std::string_view path, std::string_view body, std::string_view more_headers = "");

/// One request on a connection of its own; status 0 when there was no answer.
Answer ask(std::uint16_t port, std::string_view request,
           Duration patience = std::chrono::seconds(10));

}  // namespace tocsin::tests
