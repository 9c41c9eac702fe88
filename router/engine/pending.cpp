#include "router/engine/pending.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace tocsin::engine {
namespace {

using Queue = PendingInputs::Queue;
using Piece = std::shared_ptr<const Carried>;

// What a sender says of its alerts comes after them.
std::string queue_of(const Pending& pending) {
  if (const auto* const body = std::get_if<std::shared_ptr<const AlertsBody>>(&pending.input))
    return (*body)->integration;
  const auto* const command = std::get_if<Command>(&pending.input);
  return command && !command->alert.empty() ? command->integration : std::string();
}

bool comes_before(const Pending* a, const Pending* b) { return a->position < b->position; }

std::size_t size_of(const Pending& pending) {
  return std::max<std::size_t>(pending.changed.size(), 1);
}

// Goes through a queue from its beginning.
struct Line {
  const std::string* whose;
  const std::deque<Pending>* queue;
  std::size_t taken = 0, alerts = 0;  // so far

  const Pending* next() const { return taken < queue->size() ? &(*queue)[taken] : nullptr; }
};

std::vector<Line> lines_of(const PendingInputs& pending) {
  std::vector<Line> lines;
  for (const auto& [whose, queue] : pending.queues()) lines.push_back({&whose, &queue.inputs});
  return lines;
}

class Choice {
 public:
  explicit Choice(std::size_t most_alerts) : most_alerts_(most_alerts) {}

  bool has_room_for(const Pending& pending) const {
    return alerts_ == 0 || alerts_ + size_of(pending) <= most_alerts_;
  }
  void take(Line& line) {
    const Pending& next = *line.next();
    chosen_.inputs.push_back(&next);
    alerts_ += size_of(next);
    line.alerts += size_of(next);
    ++line.taken;
  }
  ChosenInputs done(const std::vector<Line>& lines) {
    std::sort(chosen_.inputs.begin(), chosen_.inputs.end(), comes_before);
    Position left = std::numeric_limits<Position>::max();
    for (const Line& line : lines)
      if (const Pending* const next = line.next()) left = std::min(left, next->position);
    for (const Pending* const input : chosen_.inputs)
      if (input->position < left) chosen_.up_to = input->position;
    for (const Line& line : lines)
      if (line.taken > 0 && (*line.queue)[line.taken - 1].position > left)
        chosen_.beyond.push_back({*line.whose, (*line.queue)[line.taken - 1].position});
    return std::move(chosen_);
  }

 private:
  const std::size_t most_alerts_;
  std::size_t alerts_ = 0;
  ChosenInputs chosen_;
};

}  // namespace

PendingInputs::PendingInputs(const PendingInputs& other)
    : queues_(other.queues_), alerts_(other.alerts_), pieces_(other.pieces_) {
  by_id_.reserve(other.by_id_.size());
  for (const auto& [whose, queue] : queues_)
    for (const Pending& pending : queue.inputs) by_id_.emplace(pending.id, &pending);
}

PendingInputs& PendingInputs::operator=(PendingInputs other) noexcept {
  queues_.swap(other.queues_);
  by_id_.swap(other.by_id_);
  std::swap(alerts_, other.alerts_);
  std::swap(pieces_, other.pieces_);
  return *this;
}

void PendingInputs::push_back(Pending pending) {
  Queue& queue = queues_[queue_of(pending)];
  alerts_ += pending.changed.size();
  queue.alerts += pending.changed.size();
  pieces_ += std::holds_alternative<Piece>(pending.input);
  queue.inputs.push_back(std::move(pending));
  by_id_[queue.inputs.back().id] = &queue.inputs.back();
}

const Pending& PendingInputs::front() const {
  const Pending* first = nullptr;
  for (const auto& [whose, queue] : queues_)
    if (!first || comes_before(&queue.inputs.front(), first)) first = &queue.inputs.front();
  return *first;
}

Position PendingInputs::last_position() const {
  Position last = 0;
  for (const auto& [whose, queue] : queues_) last = std::max(last, queue.inputs.back().position);
  return last;
}

std::size_t PendingInputs::alerts_of(const std::string& integration) const {
  const auto found = queues_.find(integration);
  return found == queues_.end() ? 0 : found->second.alerts;
}

const Pending* PendingInputs::find(const RecordId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<const Pending*> PendingInputs::in_order() const {
  std::vector<const Pending*> all;
  all.reserve(size());
  for (const auto& [whose, queue] : queues_)
    for (const Pending& pending : queue.inputs) all.push_back(&pending);
  if (queues_.size() > 1) std::sort(all.begin(), all.end(), comes_before);
  return all;
}

void PendingInputs::take_from(Queue& queue, Position up_to, std::vector<Pending>& taken) {
  while (!queue.inputs.empty() && queue.inputs.front().position <= up_to) {
    Pending& first = queue.inputs.front();
    by_id_.erase(first.id);
    alerts_ -= first.changed.size();
    queue.alerts -= first.changed.size();
    pieces_ -= std::holds_alternative<Piece>(first.input);
    taken.push_back(std::move(first));
    queue.inputs.pop_front();
  }
}

void PendingInputs::drop_empty() {
  std::erase_if(queues_, [](const auto& each) { return each.second.inputs.empty(); });
}

std::vector<Pending> PendingInputs::take(Position up_to, std::span<const DecidedUpTo> beyond) {
  std::vector<Pending> taken;
  for (auto& [whose, queue] : queues_) {
    Position end = up_to;
    for (const DecidedUpTo& each : beyond)
      if (each.integration == whose) end = std::max(end, each.position);
    take_from(queue, end, taken);
  }
  drop_empty();
  return taken;
}

void PendingInputs::keep_pieces() {
  PendingInputs kept;
  for (const Pending* const pending : in_order())
    if (std::holds_alternative<Piece>(pending->input)) kept.push_back(*pending);
  *this = std::move(kept);
}

ChosenInputs first_inputs(const PendingInputs& pending, std::size_t most_alerts,
                          std::size_t most_inputs) {
  std::vector<Line> lines = lines_of(pending);
  Choice choice(most_alerts);
  for (std::size_t inputs = 0; inputs < most_inputs; ++inputs) {
    Line* first = nullptr;
    for (Line& line : lines)
      if (line.next() && (!first || comes_before(line.next(), first->next()))) first = &line;
    if (!first || !choice.has_room_for(*first->next())) break;
    choice.take(*first);
  }
  return choice.done(lines);
}

ChosenInputs fair_inputs(const PendingInputs& pending, std::size_t most_alerts,
                         std::uint64_t turn) {
  const std::size_t queues = pending.queues().size();
  if (queues < 2) return first_inputs(pending, most_alerts);
  std::vector<Line> lines = lines_of(pending);
  const bool small_first = turn % 2 != 0;
  std::sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
    const std::size_t size_a = small_first ? size_of(*a.next()) : 0,
                      size_b = small_first ? size_of(*b.next()) : 0;
    return size_a != size_b ? size_a < size_b : comes_before(a.next(), b.next());
  });
  Choice choice(most_alerts);
  for (Line& line : lines)
    if (choice.has_room_for(*line.next())) choice.take(line);
  for (const std::size_t share : {most_alerts / queues, most_alerts})
    for (Line& line : lines)
      while (line.next() && line.alerts + size_of(*line.next()) <= share &&
             choice.has_room_for(*line.next()))
        choice.take(line);
  return choice.done(lines);
}

}  // namespace tocsin::engine
