// A TCP connection on which nothing takes longer than it is given. The library's own sockets have a
// limit for each read and write, and none for a reply that trickles; and a write to a closed one
// would end the process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "router/core/clock.hpp"
#include "router/core/result.hpp"

namespace tocsin::store {

/// A moment of the clock's elapsed time.
using Deadline = Duration;

class RedisSocket {
 public:
  /// Tries every address of the host. Looking a name up takes as long as the resolver does, so this
  /// is not for a thread that others wait for. Errors: unavailable.
  static Result<RedisSocket> connect(const std::string& host, std::uint16_t port,
                                     const Clock& clock, Duration within);
  RedisSocket(RedisSocket&& other) noexcept;
  RedisSocket& operator=(RedisSocket&& other) noexcept;
  ~RedisSocket();

  /// All of it. Errors: unavailable; how much has gone out is not known then.
  Status send(std::string_view bytes, Deadline deadline);
  /// At least one byte, appended. Errors: unavailable, also when the other side has closed.
  Status receive(std::string& bytes, Deadline deadline);
  /// Something has come, or the end, though nothing was asked.
  bool has_unasked() const;

 private:
  RedisSocket(int descriptor, const Clock& clock) : descriptor_(descriptor), clock_(&clock) {}
  Status wait_for(short events, Deadline deadline) const;

  int descriptor_;
  const Clock* clock_;
};

}  // namespace tocsin::store
