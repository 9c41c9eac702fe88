// Where replies wait for the I/O thread, and the HttpReply that brings one there.
//
// Handlers reply from any thread, perhaps long after the front door is gone: the mailbox is shared
// with every reply still out, and a closed one drops what comes. One write to its eventfd wakes the
// I/O thread for any number of letters.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "router/core/http.hpp"
#include "router/ingest/front_door/budget.hpp"
#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

/// One request of one connection. Numbers are never used twice, so a late reply cannot reach the
/// next request.
struct Ticket {
  int descriptor = -1;
  std::uint64_t number = 0;
};

struct Letter {
  Ticket ticket;
  HttpResponse response;
  std::optional<Reason>
      rejected;  // why, when it is the front door's own answer and not a handler's
};

class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(Letter letter);
  /// Wakes the reader without a letter.
  void wake();
  /// All letters since the last time; `letters` is emptied first and its memory used again.
  void collect(std::vector<Letter>& letters);
  void close();
  /// Readable when there is something to collect.
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
  std::mutex mutex_;
  std::vector<Letter> letters_;  // guarded by mutex_
  bool closed_ = false;          // guarded by mutex_
};

/// What a handler owes: dropped without a call it answers 500, so that no client hangs; a second
/// call ends the process.
class PendingReply {
 public:
  PendingReply(std::shared_ptr<Mailbox> mailbox, Ticket ticket, std::shared_ptr<Budget> budget)
      : mailbox_(std::move(mailbox)), ticket_(ticket), inflated_(std::move(budget)) {}
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;
  ~PendingReply();

  void answer(HttpResponse response);
  void refuse(const Refusal& refusal);
  /// The memory of an inflated body counts until the request is answered.
  void hold(std::size_t bytes) { inflated_.set(bytes); }

 private:
  void post(HttpResponse response, std::optional<Reason> rejected);

  std::shared_ptr<Mailbox> mailbox_;
  Ticket ticket_;
  Share inflated_;
  std::atomic<bool> answered_{false};
};

}  // namespace tocsin::front_door
