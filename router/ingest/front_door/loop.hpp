// The I/O thread: accepts, reads, writes and keeps the time of every connection. Nothing in it
// waits but epoll.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "router/core/clock.hpp"
#include "router/ingest/front_door/connection.hpp"
#include "router/ingest/front_door/listener.hpp"
#include "router/ingest/front_door/mailbox.hpp"
#include "router/ingest/front_door/tally.hpp"
#include "router/ingest/front_door/workers.hpp"

namespace tocsin::front_door {

class Loop {
 public:
  /// All references must outlive this.
  Loop(const Clock& clock, const Limits& limits, Tally& tally, std::shared_ptr<Budget> budget,
       Mailbox& mailbox, Workers& workers, const FlowOf& flow_of, Listening listening);

  /// Until drain() is called and its time is over, or sooner when no request is left.
  void run();
  /// Any thread. Accepts no more, closes idle connections, lets begun requests be answered for so
  /// long.
  void drain(Duration most);

 private:
  void turn();
  void accept_some();
  void admit(Accepted accepted);
  std::size_t make_room();
  void deliver_replies();
  void hand_over_jobs();
  void check_times();
  void begin_drain();
  void act(Connection& connection, Connection::Step step);
  Connection* find(int descriptor);
  void listen_for(std::uint32_t events);

  const Clock& clock_;
  Mailbox& mailbox_;
  Workers& workers_;
  Surroundings around_;
  Descriptor epoll_;
  Descriptor listener_;
  bool accepting_ = true;
  std::vector<std::unique_ptr<Connection>> connections_;  // by descriptor
  std::size_t open_ = 0;
  std::vector<int> again_;  // have more to read
  std::vector<Job> jobs_;   // of this turn, handed over together
  std::vector<Letter> letters_;
  std::uint64_t last_ticket_ = 0;
  Duration last_check_{};
  WallTime date_of_{};

  std::atomic<bool> drain_asked_{false};
  std::atomic<Duration::rep> drain_most_{0};
  Duration drain_until_{};
};

}  // namespace tocsin::front_door
