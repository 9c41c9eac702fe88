// Every limit of the front door, with the value it has unless somebody says otherwise (tests make
// them small).
#pragma once

#include <chrono>
#include <cstddef>

#include "router/core/time.hpp"

namespace tocsin::front_door {

struct Limits {
  std::size_t body_bytes = 16U << 20;       // as sent, and again once inflated: 413
  std::size_t head_bytes = 16U << 10;       // request line and headers: 431
  std::size_t headers = 100;                // 431
  std::size_t connections = 10'000;         // then the longest idle ones make room
  std::size_t incomplete_per_address = 64;  // connections in the middle of a request: 503
  bool spare_loopback = true;               // a proxy on this machine speaks for many senders
  std::size_t waiting_requests = 1'000;     // whole requests no worker has begun: 503
  std::size_t workers = 3;                  // they parse and call handlers, which must not block
  std::size_t workers_per_flow = 2;         // so that a worker is left for the others
  std::size_t buffered_bytes = 256U << 20;  // of all connections together: 503 for large requests

  Duration idle = std::chrono::seconds(60);             // between requests: closed
  Duration head_deadline = std::chrono::seconds(5);     // from the request's first byte: 408
  Duration body_deadline = std::chrono::seconds(10);    // as well from its first byte: 408
  Duration answer_deadline = std::chrono::seconds(60);  // for the handler's reply: 503
  Duration write_deadline = std::chrono::seconds(10);   // for the whole answer to be taken: closed
};

/// A request this small is not refused when buffered_bytes is used up: a few large ones must not
/// shut out the many.
inline constexpr std::size_t kAlwaysBuffered = 64U << 10;

/// The large requests of one flow may hold this part of buffered_bytes: one half.
inline constexpr std::size_t kFlowParts = 2;

/// What a request costs beside its bytes, when it is counted who has had how much.
inline constexpr std::size_t kRequestCost = 4U << 10;

/// The library that routes refuses request lines over 8192 bytes; ours is refused first, with a
/// text that says so.
inline constexpr std::size_t kTargetBytes = 8'000;

/// Of the path, decoded. Routes are matched by std::regex, which goes one call deeper for every
/// character, about 800 bytes each: 8,000 of them ended the process on a stack of 4 MiB.
inline constexpr std::size_t kPathBytes = 2'048;
/// What a worker's stack has at least, whatever ulimit says: five times what such a path takes.
inline constexpr std::size_t kWorkerStack = 8U << 20;

/// How long a refused sender may go on sending, so that it reads its answer before the connection
/// is reset under it.
inline constexpr Duration kLinger = std::chrono::seconds(1);

}  // namespace tocsin::front_door
