// tocsin's HTTP server: everything that comes in by HTTP comes in here, and every other room only
// gives it routes.
//
// It promises: no client can hold a thread, grow without a cap or delay another past a turn of the
// loop; a request reaches its handler whole, or is refused with a status and a text that says why;
// requests of one connection are answered in order, each exactly once, and a handler that drops its
// reply is answered for with 500; no flow (flow.hpp) waits for another's backlog.
//
// Three kinds of threads: one does all I/O (loop.hpp), `workers` inflate, route and call handlers,
// and replies come from whichever thread the handler likes. cpp-httplib takes targets apart and
// matches routes (routes.cpp) and sees nothing else: see the README of this room for why.
//
// It is not for TLS, HTTP/2, websockets or large downloads: a proxy does the first two, and answers
// are whole in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/core/http.hpp"
#include "router/core/result.hpp"
#include "router/ingest/front_door/flow.hpp"
#include "router/ingest/front_door/limits.hpp"
#include "router/ingest/front_door/tally.hpp"

namespace tocsin::front_door {

class FrontDoor {
 public:
  /// The routes of GET answer HEAD as well. Handlers must not block; they may keep the reply as
  /// long as answer_deadline. Without `flow_of` all requests are of one flow.
  FrontDoor(const Clock& clock, Limits limits, std::vector<HttpRoute> routes, FlowOf flow_of = {});
  /// stop() without a drain.
  ~FrontDoor();
  FrontDoor(const FrontDoor&) = delete;
  FrontDoor& operator=(const FrontDoor&) = delete;

  /// Starts the threads and gives the port; 0 asks for a free one. Once only. A port that anybody
  /// listens on is an error.
  Result<std::uint16_t> listen(const std::string& host, std::uint16_t port);

  /// Accepts no more, waits until begun requests are answered, at most for `drain`, then hangs up
  /// and ends the threads. Replies that come later are dropped. A second call does nothing.
  void stop(Duration drain);

  /// Any thread.
  Counts counts() const;

 private:
  struct Running;
  const Clock& clock_;
  const Limits limits_;
  const FlowOf flow_of_;
  std::unique_ptr<const class Routes> routes_;
  std::unique_ptr<Tally> tally_;
  std::shared_ptr<class Budget> budget_;
  std::unique_ptr<Running> running_;
};

}  // namespace tocsin::front_door
