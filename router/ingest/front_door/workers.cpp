#include "router/ingest/front_door/workers.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>

#include "router/ingest/front_door/inflate.hpp"

namespace tocsin::front_door {
namespace {

// The handler gets the body as its sender meant it, so what described its way here must not
// describe it any longer.
void forget_transport(std::vector<std::pair<std::string, std::string>>& headers) {
  std::erase_if(headers, [](const auto& header) {
    return header.first == "content-encoding" || header.first == "content-length" ||
           header.first == "transfer-encoding";
  });
}

// std::jthread takes no stack size, so the process's default is raised, never lowered. It depends
// on ulimit and is 2 MiB where that is unlimited.
void ensure_deep_stacks() {
  pthread_attr_t attributes;
  std::size_t size = 0;
  TOCSIN_CHECK(pthread_getattr_default_np(&attributes) == 0, "glibc always has these");
  pthread_attr_getstacksize(&attributes, &size);
  if (size < kWorkerStack && pthread_attr_setstacksize(&attributes, kWorkerStack) == 0)
    pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

Refusal nobody_answers(const Routes& routes, const Routed& routed, const Head& head) {
  if (routed.status == 400)
    return {400, Reason::bad_head, "the path has a control character in it", {}};
  const auto methods = routes.methods_for(head.target);
  if (methods.empty())
    return {404, Reason::no_route, "there is nothing at this path; check the URL", {}};
  return {405, Reason::no_route, "this path is only for " + methods, {{"Allow", methods}}};
}

}  // namespace

Workers::Workers(const Routes& routes, const Limits& limits, std::shared_ptr<Mailbox> mailbox,
                 std::shared_ptr<Budget> budget)
    : routes_(routes),
      limits_(limits),
      mailbox_(std::move(mailbox)),
      budget_(std::move(budget)),
      queue_({limits.waiting_requests, std::max<std::size_t>(1, limits.workers_per_flow)}) {
  ensure_deep_stacks();
  for (std::size_t i = 0; i < std::max<std::size_t>(1, limits.workers); ++i)
    threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear_waiting();
  }
  some_.notify_all();
}

void Workers::add(std::vector<Job>& jobs) {
  std::vector<Job> refused;
  std::size_t wake = 0;
  {
    const std::lock_guard lock(mutex_);
    for (Job& job : jobs) {
      const std::string flow = job.flow;
      const std::size_t cost = kRequestCost + job.body.size();
      if (auto out = queue_.push(flow, cost, std::move(job))) refused.push_back(std::move(*out));
    }
    wake = std::min(queue_.ready(), sleeping_);
  }
  jobs.swap(refused);
  for (; wake > 0; --wake) some_.notify_one();
}

void Workers::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++sleeping_;
    some_.wait(lock, [this] { return closed_ || queue_.has_ready(); });
    --sleeping_;
    if (closed_) return;
    auto next = queue_.pop();
    lock.unlock();
    const std::size_t more = handle(std::move(next->item));
    lock.lock();
    queue_.done(next->flow, more);
  }
}

std::size_t Workers::handle(Job job) {
  std::size_t more = 0;
  const auto pending = std::make_shared<PendingReply>(mailbox_, job.ticket, budget_);
  Routed routed = routes_.find(job.head.method, job.head.target);
  if (routed.handler == nullptr) {
    pending->refuse(nobody_answers(routes_, routed, job.head));
    return more;
  }

  if (job.head.coding != Coding::identity && !job.body.empty()) {
    std::string inflated;
    if (const auto refused = inflate(job.body, job.head.coding, limits_.body_bytes, inflated)) {
      pending->refuse(*refused);
      return inflated.size();
    }
    more = inflated.size();
    pending->hold(inflated.size());
    if (budget_->used_up() && inflated.size() > kAlwaysBuffered) {
      pending->refuse({503,
                       Reason::overloaded,
                       "too many large requests are waiting; come again in a moment",
                       {}});
      return more;
    }
    job.body = std::move(inflated);
  }

  forget_transport(job.head.headers);
  HttpRequest request;
  request.method = std::move(job.head.method);
  request.path = std::move(routed.path);
  request.matches = std::move(routed.matches);
  request.query = std::move(routed.query);
  request.headers = std::move(job.head.headers);
  request.body = std::move(job.body);
  request.remote_address = std::move(job.remote_address);
  request.received = job.received;
  try {
    (*routed.handler)(std::move(request),
                      [pending](HttpResponse response) { pending->answer(std::move(response)); });
  } catch (const std::exception&) {
    // Its text may hold a secret and goes nowhere near the client; the reply answers 500 as it is
    // dropped.
  }
  return more;
}

}  // namespace tocsin::front_door
