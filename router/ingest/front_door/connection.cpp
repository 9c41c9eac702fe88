#include "router/ingest/front_door/connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace tocsin::front_door {
namespace {

// What one connection may read before the others have their turn.
constexpr std::size_t kTurnBytes = 256U << 10;
// Ten thousand idle connections keep no more than this each of their last answer.
constexpr std::size_t kKeptAnswer = 1U << 10;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

enum class Received { some, nothing_yet, end, broken };

Received receive_into(int descriptor, std::string& buffer, std::string_view& bytes) {
  ssize_t size = 0;
  do {
    size = recv(descriptor, buffer.data(), buffer.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size == 0) return Received::end;
  if (size < 0)
    return errno == EAGAIN || errno == EWOULDBLOCK ? Received::nothing_yet : Received::broken;
  bytes = std::string_view(buffer).substr(0, static_cast<std::size_t>(size));
  return Received::some;
}

}  // namespace

Connection::Connection(Surroundings& around, Accepted accepted)
    : around_(around),
      accepted_(std::move(accepted)),
      reader_(around.limits),
      memory_(around.budget),
      since_(around.now.elapsed) {}

Connection::~Connection() {
  leave_neighbourhood();
  around_.large.change(flow_, large_, 0);
}

void Connection::count_memory() {
  memory_.set(reader_.held() + unread_.size() + out_.size());
  const std::size_t large = reader_.held() > kAlwaysBuffered && flow_known_ ? reader_.held() : 0;
  around_.large.change(flow_, std::exchange(large_, large), large);
}

bool Connection::too_much() const {
  return reader_.held() > kAlwaysBuffered &&
         (around_.budget->used_up() ||
          (around_.flow_of &&
           around_.large.held(flow_) > around_.limits.buffered_bytes / kFlowParts));
}

void Connection::tell_flow() {
  if (flow_known_) return;
  flow_ = around_.flow_of ? around_.flow_of(reader_.head().target, reader_.head().headers)
                          : std::string();
  flow_known_ = true;
}

void Connection::enter(State state) {
  state_ = state;
  since_ = around_.now.elapsed;
}

Connection::Step Connection::go() {
  while (true) {
    const State before = state_;
    const Step step = act();
    // A change of state has something to do at once: an answer to write, or the next request to
    // read.
    if (step != Step::wait || state_ == before) return step;
  }
}

Connection::Step Connection::act() {
  switch (state_) {
    case State::idle:
    case State::receiving:
      return receive();
    case State::handling:
      return Step::wait;
    case State::writing:
      return write();
    case State::lingering:
      return linger();
  }
  return Step::close;
}

Connection::Step Connection::receive() {
  if (!unread_.empty()) {
    std::string_view bytes = unread_;
    const Step step = digest(bytes);
    unread_.erase(0, unread_.size() - bytes.size());
    if (step != Step::wait || state_ == State::writing) return step;
  }
  for (std::size_t taken = 0; readable_;) {
    if (taken >= kTurnBytes) return Step::again;
    std::string_view bytes;
    switch (receive_into(descriptor(), around_.scratch, bytes)) {
      case Received::end:
        return sender_left();
      case Received::broken:
        return Step::close;
      case Received::nothing_yet:
        readable_ = false;
        return Step::wait;
      case Received::some:
        break;
    }
    taken += bytes.size();
    // A short read has emptied the socket; more to come is a new edge. An end that came with the
    // data is not.
    if (bytes.size() < around_.scratch.size()) readable_ = ended_;
    const Step step = digest(bytes);
    if (step == Step::request) unread_ = bytes;
    if (step != Step::wait || state_ == State::writing) return step;
  }
  return Step::wait;
}

Connection::Step Connection::digest(std::string_view& bytes) {
  if (!begin_request()) return Step::wait;
  if (const auto refused = reader_.take(bytes)) {
    refuse(*refused);
    return Step::wait;
  }
  if (reader_.stage() >= RequestReader::Stage::body) tell_flow();
  if (reader_.stage() == RequestReader::Stage::whole) return Step::request;
  count_memory();
  if (too_much())
    refuse({503,
            Reason::overloaded,
            "too many large requests are arriving; come again in a moment",
            {}});
  else if (reader_.owes_continue())
    send_continue();
  return Step::wait;
}

bool Connection::begin_request() {
  if (state_ != State::idle) return true;
  const bool spared = accepted_.loopback && around_.limits.spare_loopback;
  if (!spared) {
    counted_ =
        around_.incomplete.enter(accepted_.neighbourhood, around_.limits.incomplete_per_address);
    if (!counted_) {
      refuse({503,
              Reason::address_busy,
              "too many unfinished requests come from your address; finish some first",
              {}});
      return false;
    }
  }
  enter(State::receiving);
  return true;
}

void Connection::leave_neighbourhood() {
  if (counted_) around_.incomplete.leave(accepted_.neighbourhood);
  counted_ = false;
}

void Connection::send_continue() {
  reader_.continued();
  // All answers before were handed over, so there is room for these bytes; should there be none the
  // sender goes on by itself after a moment, or runs into its deadline.
  [[maybe_unused]] const auto size =
      send(descriptor(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
}

// It may only have shut down its sending side, so it is told.
Connection::Step Connection::sender_left() {
  if (state_ == State::idle) return Step::close;
  refuse({400, Reason::bad_body, "the connection ended in the middle of the request", {}});
  return Step::wait;
}

Job Connection::take_job(std::uint64_t number) {
  leave_neighbourhood();
  enter(State::handling);
  ticket_ = number;
  keep_alive_ = reader_.head().keep_alive;
  head_only_ = reader_.head().method == "HEAD";
  count_memory();
  return {Ticket{descriptor(), number},
          flow_,
          std::move(reader_.head()),
          std::move(reader_.body()),
          accepted_.address,
          around_.now};
}

void Connection::answer(const HttpResponse& response) {
  keep_alive_ = keep_alive_ && !around_.draining;
  out_ = serialise(response, {keep_alive_, head_only_, around_.date});
  sent_ = 0;
  enter(State::writing);
  count_memory();
}

void Connection::refuse(const Refusal& refusal) {
  around_.tally.reject(refusal.reason);
  keep_alive_ = false;
  refused_ = true;
  answer(problem(refusal));
}

Connection::Step Connection::write() {
  while (sent_ < out_.size()) {
    const auto size = send(descriptor(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (size >= 0)
      sent_ += static_cast<std::size_t>(size);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      return Step::wait;
    else if (errno != EINTR)
      return Step::close;
  }
  return answered();
}

Connection::Step Connection::answered() {
  out_.clear();
  if (out_.capacity() > kKeptAnswer) out_.shrink_to_fit();
  if (!keep_alive_) {
    // Closing with bytes unread resets the connection, and the reset may overtake the answer on its
    // way to the reader.
    if (!refused_ && unread_.empty()) return Step::close;
    shutdown(descriptor(), SHUT_WR);
    enter(State::lingering);
    return Step::wait;
  }
  reader_.begin_next();
  enter(State::idle);
  count_memory();
  flow_known_ = false;
  return Step::wait;
}

Connection::Step Connection::linger() {
  for (std::size_t taken = 0; taken < kTurnBytes;) {
    std::string_view bytes;
    switch (receive_into(descriptor(), around_.scratch, bytes)) {
      case Received::end:
      case Received::broken:
        return Step::close;
      case Received::nothing_yet:
        return Step::wait;
      case Received::some:
        taken += bytes.size();
    }
  }
  return Step::again;
}

Connection::Step Connection::check_time() {
  const Limits& limits = around_.limits;
  switch (state_) {
    case State::idle:
      return around_.draining || has_been(limits.idle) ? Step::close : Step::wait;
    case State::receiving: {
      const bool in_body = reader_.stage() == RequestReader::Stage::body;
      if (!has_been(in_body ? limits.body_deadline : limits.head_deadline)) return Step::wait;
      refuse({408, Reason::too_slow, "the request did not arrive in time; send it at once", {}});
      return go();
    }
    case State::handling:
      if (!has_been(limits.answer_deadline)) return Step::wait;
      refuse({503,
              Reason::answer_late,
              "the service did not answer in time and may or may not have done what was asked",
              {}});
      return go();
    case State::writing: {
      if (!has_been(limits.write_deadline)) return Step::wait;
      around_.tally.reject(Reason::slow_reader);
      const ::linger at_once{1, 0};  // the kernel must not keep trying for minutes
      setsockopt(descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return Step::close;
    }
    case State::lingering:
      return has_been(kLinger) ? Step::close : Step::wait;
  }
  return Step::close;
}

}  // namespace tocsin::front_door
