// A bounded queue with a fair share for each of those who wait in it: nobody waits for another's
// backlog. Pure; whoever shares it between threads locks.
//
// A flow is one of them: an integration, or all people together. Each has its own queue. The next
// to go is of the flow that has had the least, counted in the cost of what went before; one that
// comes back after a while begins with those who are served now and has saved nothing up. At most
// `running` of one flow are out at a time, so that a flow of slow ones does not take every worker.
// When the queue is full, the last of the longest flow makes room for a shorter one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace tocsin::front_door {

template <class Item>
class FairQueue {
 public:
  struct Shares {
    std::size_t waiting = 0;  // of all flows together
    std::size_t running = 1;  // of one flow
  };
  explicit FairQueue(Shares most) : most_(most) {}

  /// Nothing: it is in. Else the one that is not, which may be another than `item`.
  std::optional<Item> push(const std::string& flow, std::size_t cost, Item item) {
    Flow& its = flows_[flow];
    std::optional<Item> out;
    if (waiting_ >= most_.waiting) {
      Flow& longest = longest_flow();
      if (longest.waiting.size() <= its.waiting.size() + 1) {
        forget_if_idle(flow);
        return item;
      }
      out = std::move(longest.waiting.back().item);
      longest.waiting.pop_back();
      --waiting_;
    }
    if (its.idle()) its.had = std::max(its.had, level_);
    its.waiting.push_back({cost, std::move(item)});
    ++waiting_;
    return out;
  }

  struct Next {
    std::string flow;
    Item item;
  };
  /// Nothing: none waits, or those that do are of flows that have enough out.
  std::optional<Next> pop() {
    auto next = flows_.end();
    for (auto flow = flows_.begin(); flow != flows_.end();) {
      if (flow->second.idle() && flow->second.had <= level_) {
        flow = flows_.erase(flow);
        continue;
      }
      if (may_go(flow->second) && (next == flows_.end() || flow->second.had < next->second.had))
        next = flow;
      ++flow;
    }
    if (next == flows_.end()) return std::nullopt;
    Flow& its = next->second;
    level_ = std::max(level_, its.had);
    its.had += its.waiting.front().cost;
    ++its.running;
    --waiting_;
    Next out{next->first, std::move(its.waiting.front().item)};
    its.waiting.pop_front();
    return out;
  }

  /// What pop() gave is done, and was dearer than was thought by so much.
  void done(const std::string& flow, std::size_t more_cost) {
    Flow& its = flows_.at(flow);
    its.had += more_cost;
    --its.running;
  }

  /// How many pop() would give in a row.
  std::size_t ready() const {
    std::size_t all = 0;
    for (const auto& [name, flow] : flows_)
      if (flow.running < most_.running)
        all += std::min(flow.waiting.size(), most_.running - flow.running);
    return all;
  }
  bool has_ready() const {
    return std::any_of(flows_.begin(), flows_.end(),
                       [this](const auto& each) { return may_go(each.second); });
  }
  std::size_t waiting() const { return waiting_; }
  /// Of which anything is known.
  std::size_t flows() const { return flows_.size(); }
  void clear_waiting() {
    for (auto& each : flows_) each.second.waiting.clear();
    waiting_ = 0;
  }

 private:
  struct Waiting {
    std::size_t cost;
    Item item;
  };
  struct Flow {
    std::deque<Waiting> waiting{};
    std::size_t running = 0;
    std::uint64_t had = 0;
    bool idle() const { return waiting.empty() && running == 0; }
  };

  bool may_go(const Flow& flow) const {
    return !flow.waiting.empty() && flow.running < most_.running;
  }
  Flow& longest_flow() {
    return std::max_element(flows_.begin(), flows_.end(),
                            [](const auto& one, const auto& other) {
                              return one.second.waiting.size() < other.second.waiting.size();
                            })
        ->second;
  }
  void forget_if_idle(const std::string& name) {
    const auto flow = flows_.find(name);
    if (flow->second.idle() && flow->second.had <= level_) flows_.erase(flow);
  }

  const Shares most_;
  std::map<std::string, Flow> flows_;
  std::size_t waiting_ = 0;
  std::uint64_t level_ = 0;  // what the one that went last had had
};

}  // namespace tocsin::front_door
