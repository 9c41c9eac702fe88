#include "router/engine/carried.hpp"

#include <algorithm>

#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

// Still of use: it is open, or fires, or somebody waits for a word about it.
bool is_alive(const Incident& incident) {
  return incident.state != IncidentState::resolved || incident.firing > 0 ||
         owes_digest(incident) ||
         std::any_of(incident.messages.begin(), incident.messages.end(),
                     [&](const MessageState& message) { return is_owed(incident, message); });
}

bool reaches_back(const PartitionState& state, const Incident& incident, Position through) {
  return incident.anchor <= through ||
         std::any_of(incident.alerts.begin(), incident.alerts.end(), [&](const AlertId& id) {
           const auto alert = state.alerts.find(id);
           return alert != state.alerts.end() && alert->second.anchor <= through;
         });
}

template <class T>
std::size_t bytes_of(const T& value) {
  cbor::Writer out;
  write(out, value);
  return out.take().size();
}

// What was written again speaks of the moment when it was; what came between that and its record is
// needed beside it.
Position anchor_of(const PartitionState& state, Position as_of) {
  return std::min(as_of + 1, state.position);
}

bool is_alone(const AlertState& alert) {
  return alert.incident.empty() && alert.alert.status == AlertStatus::firing;
}

// One that fires is the latest of its key.
void make_current(PartitionState& state, const AlertState& alert) {
  const std::string key = alert_key(alert);
  if (alert.alert.status != AlertStatus::firing) {
    state.current.emplace(key, alert.id);
    return;
  }
  AlertId& current = state.current[key];
  if (state.truncated && !current.empty() && current != alert.id) state.alerts.erase(current);
  current = alert.id;
}

// Both are the same alert; what was heard last of it holds.
void take_later_word(AlertState& alert, const Alert& said, const Instant& heard) {
  if (heard.wall <= alert.heard.wall || said.status != AlertStatus::firing ||
      alert.alert.status != AlertStatus::firing || said.labels != alert.alert.labels)
    return;
  alert.heard = heard;
  alert.alert.ends_at = said.ends_at;
  ++alert.count;
}

// Where the beginning is gone, it may have been heard before it was known.
void take_early_words(const PartitionState& state, AlertState& alert, Position as_of) {
  if (state.early.empty()) return;
  const std::string key = alert_key(alert);
  if (const auto word = state.early.find(key);
      word != state.early.end() && word->second.position > as_of)
    take_later_word(alert, word->second.alert, word->second.heard);
  const auto referred = state.early.find(alert.id.text);
  if (referred == state.early.end() || referred->second.position <= as_of) return;
  Alert said = alert.alert;
  said.ends_at = referred->second.alert.ends_at;
  take_later_word(alert, said, referred->second.heard);
}

void install_alert(PartitionState& state, AlertState alert, Position as_of) {
  const Position anchor = anchor_of(state, as_of);
  AlertState* const known = state.alerts.edit(alert.id);
  if (known && !state.truncated) {
    known->anchor = anchor;
    return;
  }
  if (known)
    take_later_word(alert, known->alert, known->heard);
  else
    take_early_words(state, alert, as_of);
  alert.anchor = anchor;
  make_current(state, alert);
  state.alerts.insert_or_assign(alert.id, std::move(alert));
}

void install_run(PartitionState& state, HookRun run, Position as_of) {
  run.anchor = anchor_of(state, as_of);
  auto& runs = state.hook_runs;
  const auto known = std::find_if(
      runs.begin(), runs.end(), [&](const HookRun& other) { return other.message == run.message; });
  if (known != runs.end()) {
    known->anchor = run.anchor;
    return;
  }
  const auto later = std::find_if(
      runs.begin(), runs.end(), [&](const HookRun& other) { return other.at.wall > run.at.wall; });
  runs.insert(later, std::move(run));
}

}  // namespace

void install(PartitionState& state, Carried carried) {
  for (AlertState& alert : carried.alerts) install_alert(state, std::move(alert), carried.as_of);
  for (HookRun& run : carried.runs) install_run(state, std::move(run), carried.as_of);
  if (!carried.incident) return;
  Incident& incident = *carried.incident;
  Incident* const known = state.incidents.edit(incident.id);
  if (known && !state.truncated) {
    known->anchor = anchor_of(state, carried.as_of);
    return;
  }
  incident.anchor = anchor_of(state, carried.as_of);
  // The bundle that it was in is not written again: it goes by its time.
  for (MessageState& message : incident.messages)
    if (message.status == MessageStatus::bundled) message.status = MessageStatus::waiting;
  if (incident.state != IncidentState::resolved)
    state.groups.insert_or_assign(incident.group, incident.id);
  else if (!known)
    state.closed_of(incident.realm).push_back({incident.id, state.records});
  state.sharing.share(incident);
  state.incidents.insert_or_assign(incident.id, std::move(incident));
}

std::vector<Cut> cut_pieces(const PartitionState& state, const Incident* incident,
                            std::span<const AlertState* const> alerts) {
  std::vector<Cut> cuts;
  auto next = alerts.begin();
  do {
    Cut cut{{state.turn, state.position, {}, {}, {}, {}, {}, {}, {}},
            incident ? bytes_of(*incident) : 0};
    if (incident) cut.piece.incident = *incident;
    const std::size_t most = cut.bytes + kMostCarriedBytes;
    for (; next != alerts.end() && cut.bytes < most; ++next) {
      cut.bytes += bytes_of(**next);
      cut.piece.alerts.push_back(**next);
    }
    cuts.push_back(std::move(cut));
  } while (next != alerts.end());
  return cuts;
}

namespace {

// Pieces up to the limits of one step.
class Pieces {
 public:
  Pieces(const PartitionState& state, std::size_t most) : state_(state), most_(most) {}

  bool full() const { return pieces_.size() >= most_ || bytes_ >= kMostCarriedBytesAtOnce; }
  std::vector<Carried> take() { return std::move(pieces_); }

  void add(const Incident* incident, const std::vector<const AlertState*>& alerts) {
    for (Cut& cut : cut_pieces(state_, incident, alerts)) {
      if (full()) return;
      bytes_ += cut.bytes;
      pieces_.push_back(std::move(cut.piece));
    }
  }

 private:
  const PartitionState& state_;
  const std::size_t most_;
  std::size_t bytes_ = 0;
  std::vector<Carried> pieces_;
};

}  // namespace

std::vector<Carried> to_carry(const PartitionState& state, Position through, std::size_t most) {
  std::vector<const Incident*> incidents;
  for (const auto& [id, incident] : state.incidents)
    if (is_alive(incident) && reaches_back(state, incident, through))
      incidents.push_back(&incident);
  std::vector<const AlertState*> alone;
  for (const auto& [id, alert] : state.alerts)
    if (alert.anchor <= through && is_alone(alert)) alone.push_back(&alert);
  const auto by_id = [](const auto* a, const auto* b) { return a->id < b->id; };
  std::sort(incidents.begin(), incidents.end(), by_id);
  std::sort(alone.begin(), alone.end(), by_id);

  Pieces pieces(state, most);
  for (const Incident* incident : incidents) {
    if (pieces.full()) return pieces.take();
    // Those that an earlier piece carried are known where this one is read.
    std::vector<const AlertState*> alerts;
    for (const AlertId& id : incident->alerts)
      if (const auto alert = state.alerts.find(id);
          alert != state.alerts.end() && alert->second.anchor <= through)
        alerts.push_back(&alert->second);
    pieces.add(incident, alerts);
  }
  if (!alone.empty() && !pieces.full()) pieces.add(nullptr, alone);
  return pieces.take();
}

std::vector<Carried> runs_to_carry(const PartitionState& state, Position through,
                                   const Instant& now) {
  Carried piece{state.turn, state.position, {}, {}, {}, {}, {}, {}, {}};
  for (const HookRun& run : state.hook_runs) {
    if (piece.runs.size() == kMostRunsPerPiece) break;
    if (run.anchor <= through && elapsed_between(run.at, now, kMostLimitPer) < kMostLimitPer)
      piece.runs.push_back(run);
  }
  std::vector<Carried> pieces;
  if (!piece.runs.empty()) pieces.push_back(std::move(piece));
  return pieces;
}

std::set<std::string> configurations_in_use(std::span<const PartitionState> states) {
  std::set<std::string> hashes;
  for (const PartitionState& state : states) {
    if (state.configuration) hashes.insert(*state.configuration);
    for (const auto& [id, alert] : state.alerts)
      if (alert.configuration) hashes.insert(*alert.configuration);
  }
  return hashes;
}

}  // namespace tocsin::engine
