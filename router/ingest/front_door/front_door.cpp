#include "router/ingest/front_door/front_door.hpp"

#include <thread>
#include <utility>

#include "router/ingest/front_door/budget.hpp"
#include "router/ingest/front_door/listener.hpp"
#include "router/ingest/front_door/loop.hpp"
#include "router/ingest/front_door/mailbox.hpp"
#include "router/ingest/front_door/routes.hpp"
#include "router/ingest/front_door/workers.hpp"

namespace tocsin::front_door {

// Everything that exists between listen() and stop(); it goes in reverse order, the I/O thread
// first.
struct FrontDoor::Running {
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  Workers workers;
  Loop loop;
  std::jthread thread;

  Running(const FrontDoor& door, Listening listening)
      : workers(*door.routes_, door.limits_, mailbox, door.budget_),
        loop(door.clock_, door.limits_, *door.tally_, door.budget_, *mailbox, workers,
             door.flow_of_, std::move(listening)),
        thread([this] { loop.run(); }) {}
};

FrontDoor::FrontDoor(const Clock& clock, Limits limits, std::vector<HttpRoute> routes,
                     FlowOf flow_of)
    : clock_(clock),
      limits_(limits),
      flow_of_(std::move(flow_of)),
      routes_(std::make_unique<Routes>(std::move(routes))),
      tally_(std::make_unique<Tally>()),
      budget_(std::make_shared<Budget>(limits.buffered_bytes)) {}

FrontDoor::~FrontDoor() { stop(Duration::zero()); }

Result<std::uint16_t> FrontDoor::listen(const std::string& host, std::uint16_t port) {
  TOCSIN_CHECK(!running_, "the front door listens already");
  raise_descriptor_limit();
  TOCSIN_TRY(Listening listening, open_listener(host, port));
  const auto bound = listening.port;
  running_ = std::make_unique<Running>(*this, std::move(listening));
  return bound;
}

void FrontDoor::stop(Duration drain) {
  if (!running_) return;
  running_->loop.drain(drain);
  running_->thread.join();
  running_->mailbox->close();
  running_.reset();
}

Counts FrontDoor::counts() const {
  Counts counts;
  counts.connections_open = tally_->open;
  counts.connections_accepted = tally_->accepted;
  counts.connections_evicted = tally_->evicted;
  counts.requests = tally_->requests;
  counts.bytes_held = budget_->held();
  for (std::size_t i = 0; i < kReasons; ++i) counts.rejected[i] = tally_->rejected[i];
  return counts;
}

}  // namespace tocsin::front_door
