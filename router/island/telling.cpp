#include "router/island/telling.hpp"

#include <algorithm>
#include <limits>

namespace tocsin::island {
namespace {

using journal::Appended;

// The first position of the island's log that says something of what is in the piece.
Position first_of(const engine::Carried& piece) {
  if (piece.alerts.empty()) return piece.incident ? 0 : 1;
  Position first = std::numeric_limits<Position>::max();
  for (const engine::AlertState& alert : piece.alerts) first = std::min(first, alert.anchor);
  return std::max<Position>(first, 1);
}

}  // namespace

Telling::Telling(spool::SpooledJournal& journal, Mint& mint, const Clock& clock,
                 std::function<void(const std::string&)> tell)
    : journal_(journal),
      mint_(mint),
      clock_(clock),
      tell_(std::move(tell)),
      through_(journal.partitions(), 0),
      left_from_(journal.partitions(), 0),
      least_left_(std::numeric_limits<std::size_t>::max()) {}

Telling::Piece Telling::made_of(Partition partition, const engine::Carried& piece) {
  Record record =
      mint_.record(partition, RecordKind::carried, clock_.now().wall, engine::encode(piece));
  record.flags = kFromIsland;
  return {partition, piece.incident ? piece.incident->id : IncidentId(), std::move(record), 0, {}};
}

void Telling::add(Partition partition, const engine::Carried& piece) {
  pieces_.push_back(made_of(partition, piece));
}

// The pieces of one incident come in their order, also when one of them has to be cut first: those
// that fire are the first.
void Telling::step() {
  hear();
  const Duration now = clock_.now().elapsed;
  std::set<IncidentId> busy;
  for (const auto& [number, piece] : under_way_) busy.insert(piece.incident);
  std::deque<Piece> rest;
  for (Piece& piece : pieces_) {
    const bool full = under_way_.size() >= kMostPiecesUnderWay ||
                      bytes_under_way_ + piece.record.body.size() > kMostPieceBytesUnderWay;
    const bool waits =
        piece.not_before > now || (!piece.incident.empty() && busy.contains(piece.incident));
    busy.insert(piece.incident);
    if (waits || (full && !under_way_.empty()))
      rest.push_back(std::move(piece));
    else
      append(std::move(piece));
  }
  pieces_ = std::move(rest);
}

void Telling::append(Piece piece) {
  const std::uint64_t number = ++numbered_;
  const Partition partition = piece.partition;
  std::vector<Record> records{piece.record};
  bytes_under_way_ += piece.record.body.size();
  under_way_.emplace(number, std::move(piece));
  journal_.append(partition, std::move(records),
                  [answers = answers_, number](const Appended& appended) {
                    const std::lock_guard lock(answers->mutex);
                    answers->come.emplace_back(number, appended);
                  });
}

void Telling::hear() {
  std::vector<std::pair<std::uint64_t, Appended>> come;
  {
    const std::lock_guard lock(answers_->mutex);
    come.swap(answers_->come);
  }
  for (const auto& [number, appended] : come) {
    Piece piece = std::move(under_way_.extract(number).mapped());
    bytes_under_way_ -= piece.record.body.size();
    if (appended.durable()) {
      through_[piece.partition] = std::max(through_[piece.partition], appended.last);
    } else if (appended.outcome == Appended::Outcome::refused && journal_.main_trouble().empty()) {
      refused(std::move(piece), appended.why);
    } else if (why_not_.empty()) {
      why_not_ = appended.why.empty() ? "no answer" : appended.why;
    }
  }
}

void Telling::refused(Piece piece, const std::string& why) {
  const auto carried = engine::decode_carried(piece.record.body);
  TOCSIN_CHECK(carried.has_value(), "what was just written can be read");
  const std::vector<engine::Carried> halves = engine::halves_of(*carried);
  for (auto half = halves.rbegin(); half != halves.rend(); ++half)
    pieces_.push_front(made_of(piece.partition, *half));
  if (!halves.empty()) return;
  if (++piece.refusals >= kMostRefusals || piece.record.body.size() >= least_left_)
    return leave(piece, *carried, why);
  piece.not_before = clock_.now().elapsed + kRefusedAgain;
  pieces_.push_front(std::move(piece));
}

void Telling::leave(const Piece& piece, const engine::Carried& carried, const std::string& why) {
  least_left_ = std::min(least_left_, piece.record.body.size());
  if (const Position first = first_of(carried); first > 0) {
    Position& left = left_from_[piece.partition];
    left = left == 0 ? first : std::min(left, first);
  }
  if (!tell_ || !named_.insert(piece.incident).second) return;
  const std::string what =
      carried.incident ? "incident " + piece.incident.text + " (" + carried.incident->title + ")"
                       : std::string("alerts of no incident");
  tell_("what this node decided of " + what + " is left behind: the journal refuses its " +
        std::to_string(piece.record.body.size()) + " bytes while it takes others (" + why +
        "); its alerts are decided anew and somebody may be paged again, and an acknowledgement "
        "of it must be made again; raise the topic's max.message.bytes");
}

}  // namespace tocsin::island
