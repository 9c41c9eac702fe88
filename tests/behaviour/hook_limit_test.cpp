// The limit of a hook whose starts stand in several partitions: the sending gate is where all of
// them are known.
#include "router/engine/owner/node_state.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using namespace std::chrono_literals;

namespace {

// A partition whose only incident has just started the hook, which may run once an hour.
PartitionState started(Partition partition, Duration at) {
  const std::string number = std::to_string(partition);
  Incident incident;
  incident.id = {"I" + number};
  incident.partition = partition;
  incident.decision.edit().remedy = Remedy{};
  incident.decision.edit().remedy->hook = "restart";
  incident.decision.edit().remedy->runs = 1;
  incident.decision.edit().remedy->per = 1h;
  MessageState call;
  call.id = {"M" + number};
  call.kind = MessageKind::hook;
  call.status = MessageStatus::sending;
  call.attempt = 1;
  incident.messages.push_back(call);
  incident.remedy = RemedyState{};
  incident.remedy->status = RemedyStatus::running;
  incident.remedy->message = call.id;
  PartitionState state;
  state.partition = partition;
  const Instant start{WallTime(1000h) + at, 1, 10h + at};
  state.hook_runs.push_back({"restart", "group" + number, incident.id, call.id, start});
  state.incidents.insert_or_assign(incident.id, incident);
  return state;
}

Result<NodeState::Claim> claim(const NodeState& node, Partition partition) {
  const std::string number = std::to_string(partition);
  return node.claim({partition, {"I" + number}, {"M" + number}, 1, "hook:restart"},
                    Instant{WallTime(1100h), 1, 20h});
}

}  // namespace

TEST_CASE("of two partitions that started a hook at once only the earlier calls it") {
  NodeState node(2);
  node.restore(started(0, 10s), 1);
  node.restore(started(1, 0s), 1);
  CHECK(claim(node, 1));
  const auto later = claim(node, 0);
  REQUIRE_FALSE(later);
  CHECK(later.error().message.find("its limit of 1 in 1h is reached") != std::string::npos);
}

TEST_CASE("a start of another partition that its limit no longer counts holds no call back") {
  NodeState node(2);
  node.restore(started(0, 61min), 1);
  node.restore(started(1, 0s), 1);
  CHECK(claim(node, 0));
  CHECK(claim(node, 1));
}
