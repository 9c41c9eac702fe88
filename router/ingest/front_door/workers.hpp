// The threads that turn a whole request into a handler's call: inflate, route, call. A bounded
// queue feeds them, in which each flow has its share (fair_queue.hpp).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "router/ingest/front_door/budget.hpp"
#include "router/ingest/front_door/fair_queue.hpp"
#include "router/ingest/front_door/head.hpp"
#include "router/ingest/front_door/mailbox.hpp"
#include "router/ingest/front_door/routes.hpp"

namespace tocsin::front_door {

struct Job {
  Ticket ticket;
  std::string flow;
  Head head;
  std::string body;  // as sent, without chunks
  std::string remote_address;
  Instant received;
};

class Workers {
 public:
  /// All references must outlive this. Handlers run on these threads and must not block them.
  Workers(const Routes& routes, const Limits& limits, std::shared_ptr<Mailbox> mailbox,
          std::shared_ptr<Budget> budget);
  /// Waits for the handlers that are running; what is queued is dropped.
  ~Workers();

  /// Takes `jobs` while there is room; those that are in it afterwards are to be refused, also some
  /// that were taken before and made room.
  void add(std::vector<Job>& jobs);

 private:
  void run();
  /// Returns how many bytes more it was than it looked.
  std::size_t handle(Job job);

  const Routes& routes_;
  const Limits& limits_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Budget> budget_;
  std::mutex mutex_;
  std::condition_variable some_;
  FairQueue<Job> queue_;               // guarded by mutex_
  std::size_t sleeping_ = 0;           // guarded by mutex_
  bool closed_ = false;                // guarded by mutex_
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace tocsin::front_door
