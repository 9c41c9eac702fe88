#include "router/ingest/front_door/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "router/core/result.hpp"
#include "router/ingest/front_door/answer.hpp"

namespace tocsin::front_door {

Mailbox::Mailbox() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  TOCSIN_CHECK(descriptor_ >= 0,
               "no file descriptor is left for the front door; raise LimitNOFILE");
}

Mailbox::~Mailbox() { ::close(descriptor_); }

void Mailbox::post(Letter letter) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    first = letters_.empty();
    letters_.push_back(std::move(letter));
  }
  if (first) wake();
}

void Mailbox::wake() {
  // It fails only when the counter is at its end, and then the reader is awake already.
  [[maybe_unused]] const int result = eventfd_write(descriptor_, 1);
}

void Mailbox::collect(std::vector<Letter>& letters) {
  letters.clear();
  eventfd_t count = 0;
  // Before the letters are taken: one posted in between wakes us once for nothing, but is never
  // left lying.
  [[maybe_unused]] const int result = eventfd_read(descriptor_, &count);
  const std::lock_guard lock(mutex_);
  letters_.swap(letters);
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  letters_.clear();
}

PendingReply::~PendingReply() {
  if (answered_.load()) return;
  refuse({500,
          Reason::handler_failed,
          "this request was not answered because of a fault in the service; its log has more",
          {}});
}

void PendingReply::answer(HttpResponse response) { post(std::move(response), std::nullopt); }

void PendingReply::refuse(const Refusal& refusal) { post(problem(refusal), refusal.reason); }

void PendingReply::post(HttpResponse response, std::optional<Reason> rejected) {
  TOCSIN_CHECK(!answered_.exchange(true), "a handler replied twice to one request");
  inflated_.set(0);
  mailbox_->post({ticket_, std::move(response), rejected});
}

}  // namespace tocsin::front_door
