#include "router/ingest/front_door/loop.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tocsin::front_door {
namespace {

constexpr std::size_t kScratch = 64U << 10;
constexpr int kEvents = 256;   // a turn
constexpr int kAccepts = 256;  // a turn
constexpr int kTickMs = 100;   // deadlines are kept to within this
constexpr std::size_t kRoomParts =
    100;  // a hundredth of the idle connections goes at once, so that finding them is cheap

}  // namespace

Loop::Loop(const Clock& clock, const Limits& limits, Tally& tally, std::shared_ptr<Budget> budget,
           Mailbox& mailbox, Workers& workers, const FlowOf& flow_of, Listening listening)
    : clock_(clock),
      mailbox_(mailbox),
      workers_(workers),
      around_{limits,      tally, std::move(budget),          flow_of, {}, {},
              clock.now(), {},    std::string(kScratch, '\0')},
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      listener_(std::move(listening.descriptor)) {
  TOCSIN_CHECK(epoll_, "no file descriptor is left for the front door; raise LimitNOFILE");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = mailbox_.descriptor();
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailbox_.descriptor(), &event);
  event.data.fd = listener_.get();
  epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event);
}

void Loop::drain(Duration most) {
  drain_most_ = most.count();
  drain_asked_ = true;
  mailbox_.wake();
}

void Loop::run() {
  while (true) {
    turn();
    if (drain_asked_ && !around_.draining) begin_drain();
    if (around_.draining && (open_ == 0 || around_.now.elapsed >= drain_until_)) break;
  }
  connections_.clear();
  around_.tally.open = 0;
}

void Loop::turn() {
  std::array<epoll_event, kEvents> events;
  const bool busy = !again_.empty() || !jobs_.empty();
  const int count = epoll_wait(epoll_.get(), events.data(), kEvents, busy ? 0 : kTickMs);
  TOCSIN_CHECK(count >= 0 || errno == EINTR, "epoll_wait fails only on our own mistakes");

  around_.now = clock_.now();
  const auto second = std::chrono::floor<std::chrono::seconds>(around_.now.wall);
  if (around_.date.empty() || second != date_of_) around_.date = http_date(date_of_ = second);

  std::vector<int> again;
  again.swap(again_);
  for (const int descriptor : again)
    if (auto* connection = find(descriptor)) act(*connection, connection->go());

  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == mailbox_.descriptor()) {
      deliver_replies();
    } else if (event.data.fd == listener_.get()) {
      accept_some();
    } else if (auto* connection = find(event.data.fd)) {
      // Closed and taken again within this turn it may be another connection's; that one then reads
      // in vain, no more.
      connection->socket_ready((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
      act(*connection, connection->go());
    }
  }
  hand_over_jobs();
  if (around_.now.elapsed - last_check_ >= std::chrono::milliseconds(kTickMs)) check_times();
}

Connection* Loop::find(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  return index < connections_.size() ? connections_[index].get() : nullptr;
}

void Loop::act(Connection& connection, Connection::Step step) {
  switch (step) {
    case Connection::Step::wait:
      return;
    case Connection::Step::again:
      again_.push_back(connection.descriptor());
      return;
    case Connection::Step::request:
      around_.tally.requests.fetch_add(1, std::memory_order_relaxed);
      jobs_.push_back(connection.take_job(++last_ticket_));
      return;
    case Connection::Step::close:
      connections_[static_cast<std::size_t>(connection.descriptor())].reset();
      around_.tally.open = --open_;
      return;
  }
}

void Loop::accept_some() {
  for (int i = 0; i < kAccepts; ++i) {
    Accepted accepted;
    const auto outcome = accept_one(listener_.get(), accepted);
    if (outcome == AcceptOutcome::nobody) return;
    if (outcome == AcceptOutcome::accepted) {
      admit(std::move(accepted));
    } else if (make_room() == 0) {
      // Every descriptor is busy. The listener would wake us without end; the backlog holds whoever
      // comes until the next tick.
      around_.tally.reject(Reason::connections_full);
      listen_for(0);
      return;
    }
  }
}

void Loop::admit(Accepted accepted) {
  if (open_ >= around_.limits.connections && make_room() == 0) {
    around_.tally.reject(Reason::connections_full);
    const auto text = serialise(problem({503,
                                         Reason::connections_full,
                                         "too many connections are open; come again in a moment",
                                         {}}),
                                {false, false, around_.date});
    send(accepted.descriptor.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return;
  }
  const int descriptor = accepted.descriptor.get();
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= connections_.size()) connections_.resize(index + 1);
  connections_[index] = std::make_unique<Connection>(around_, std::move(accepted));
  around_.tally.accepted.fetch_add(1, std::memory_order_relaxed);
  around_.tally.open = ++open_;

  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = descriptor;
  const bool watched = epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
  if (!watched) act(*connections_[index], Connection::Step::close);
}

// Those idle for longest go: somebody who only holds connections open must not shut out those who
// speak.
std::size_t Loop::make_room() {
  std::vector<Connection*> idle;
  for (const auto& connection : connections_)
    if (connection && connection->idle()) idle.push_back(connection.get());
  if (idle.empty()) return 0;
  const auto count = std::max<std::size_t>(1, idle.size() / kRoomParts);
  std::nth_element(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(count - 1), idle.end(),
                   [](const auto* a, const auto* b) { return a->since() < b->since(); });
  idle.resize(count);
  for (auto* connection : idle) act(*connection, Connection::Step::close);
  around_.tally.evicted.fetch_add(count, std::memory_order_relaxed);
  return count;
}

void Loop::deliver_replies() {
  mailbox_.collect(letters_);
  for (const auto& letter : letters_) {
    auto* connection = find(letter.ticket.descriptor);
    if (connection == nullptr || !connection->waits_for(letter.ticket)) continue;
    if (letter.rejected) around_.tally.reject(*letter.rejected);
    connection->answer(letter.response);
    act(*connection, connection->go());
  }
  letters_.clear();
}

void Loop::hand_over_jobs() {
  if (jobs_.empty()) return;
  workers_.add(jobs_);
  std::vector<Job> refused;
  refused.swap(jobs_);  // a connection answered below may have its next request ready
  for (const auto& job : refused) {
    auto* connection = find(job.ticket.descriptor);
    if (connection == nullptr || !connection->waits_for(job.ticket))
      continue;  // it waited too long
    around_.tally.reject(Reason::overloaded);
    connection->answer(problem(
        {503, Reason::overloaded, "too many requests are waiting; come again in a moment", {}}));
    act(*connection, connection->go());
  }
}

void Loop::check_times() {
  last_check_ = around_.now.elapsed;
  for (std::size_t i = 0; i < connections_.size(); ++i)
    if (auto* connection = connections_[i].get()) act(*connection, connection->check_time());
  listen_for(EPOLLIN);
}

void Loop::listen_for(std::uint32_t events) {
  const bool wanted = events != 0;
  if (!listener_ || wanted == accepting_) return;
  accepting_ = wanted;
  epoll_event event{};
  event.events = events;
  event.data.fd = listener_.get();
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, listener_.get(), &event);
}

void Loop::begin_drain() {
  around_.draining = true;
  drain_until_ = around_.now.elapsed + Duration(drain_most_);
  listener_ = Descriptor();
  check_times();
}

}  // namespace tocsin::front_door
