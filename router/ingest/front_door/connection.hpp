// One client's connection: what it is doing, until when it may, and the bytes on their way in and
// out. The I/O thread only.
//
//            first byte               whole                  reply
//   idle ───────────────▶ receiving ─────────▶ handling ─────────────▶ writing ──▶ idle, or closed
//    │ idle: closed          │ deadlines: 408     │ answer_deadline: 503   │ write_deadline: closed
//    │                       └── refused: 4xx ────┴──────────────────────▶ writing ──▶ lingering
//    ──▶ closed
//
// The socket is non-blocking and registered edge-triggered, once for reading and writing: between
// edges `readable_` remembers that there may be more, so a request costs no call of epoll_ctl and
// an unread one does not wake us again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "router/ingest/front_door/answer.hpp"
#include "router/ingest/front_door/budget.hpp"
#include "router/ingest/front_door/flow.hpp"
#include "router/ingest/front_door/listener.hpp"
#include "router/ingest/front_door/request_reader.hpp"
#include "router/ingest/front_door/tally.hpp"
#include "router/ingest/front_door/workers.hpp"

namespace tocsin::front_door {

/// What connections share; each field belongs to the I/O thread.
struct Surroundings {
  const Limits& limits;
  Tally& tally;
  std::shared_ptr<Budget> budget;
  const FlowOf& flow_of;
  FlowMemory large;  // of requests over kAlwaysBuffered, as they arrive and until they are answered
  AddressCounts incomplete;
  Instant now;
  std::string date;       // of now, for answers
  std::string scratch;    // where every read goes first
  bool draining = false;  // stop() was called: answers say "close"
};

class Connection {
 public:
  enum class Step {
    wait,     // for the socket, the handler or the time
    again,    // there is more to read, but it is others' turn
    request,  // take_job() has a request
    close,
  };

  Connection(Surroundings& around, Accepted accepted);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads and writes as far as it goes without waiting.
  Step go();
  /// epoll reported it; `ended` when the other side has sent its last.
  void socket_ready(bool ended) {
    readable_ = true;
    ended_ = ended_ || ended;
  }

  Job take_job(std::uint64_t number);
  bool waits_for(const Ticket& ticket) const {
    return state_ == State::handling && ticket_ == ticket.number;
  }
  void answer(const HttpResponse& response);
  /// Answers and hangs up.
  void refuse(const Refusal& refusal);

  /// Acts on a deadline that has passed; `wait` when none has.
  Step check_time();
  bool idle() const { return state_ == State::idle; }
  Duration since() const { return since_; }
  int descriptor() const { return accepted_.descriptor.get(); }

 private:
  enum class State { idle, receiving, handling, writing, lingering };

  Step act();
  Step receive();
  Step digest(std::string_view& bytes);
  bool begin_request();
  void send_continue();
  Step write();
  Step answered();
  Step sender_left();
  Step linger();
  void enter(State state);
  void leave_neighbourhood();
  void count_memory();
  bool too_much() const;
  void tell_flow();
  bool has_been(Duration limit) const { return around_.now.elapsed - since_ >= limit; }

  Surroundings& around_;
  Accepted accepted_;
  RequestReader reader_;
  Share memory_;
  State state_ = State::idle;
  Duration since_{};  // when the state began; for receiving, when the request's first byte came
  std::uint64_t ticket_ = 0;
  std::string flow_;
  bool flow_known_ = false;  // of the request that is received or handled
  std::size_t large_ = 0;    // bytes in around_.large
  std::string unread_;       // came with the last request and belongs to the next
  std::string out_;
  std::size_t sent_ = 0;
  bool readable_ = true;
  bool ended_ = false;
  bool counted_ = false;  // in around_.incomplete
  bool refused_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
};

}  // namespace tocsin::front_door
