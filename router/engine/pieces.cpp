#include "router/engine/pieces.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "router/engine/adopt.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

/// What an Instant and the heads of a list take, about.
constexpr std::size_t kOfAnInstant = 32;
/// Of a piece of what the island's senders said last.
constexpr std::size_t kMostWordBytes = 128u << 10;

template <class T>
std::size_t bytes_of(const T& value) {
  cbor::Writer out;
  write(out, value);
  return out.take().size();
}

std::size_t bytes_of(const LastWord& word) { return word.key.size() + kOfAnInstant; }

Carried empty_piece(const PartitionState& island) {
  return {island.turn, island.position, {}, {}, {}, {}, {}, {}, {}};
}

std::string key_of(const AlertState& alert) { return alert_key(alert); }

// That it was heard again is told by the requests themselves, which come to the journal as well.
bool says_more(const AlertState& island, const AlertState* start) {
  return !start || start->incident != island.incident ||
         start->alert.status != island.alert.status || start->alert.labels != island.alert.labels ||
         start->decided_at != island.decided_at;
}

// By key: all that the island knew of it, then or in between. A piece may have brought an earlier
// one to the journal, if the island began to tell it once before.
std::map<std::string, std::vector<AlertId>> by_key(const PartitionState& start,
                                                   const PartitionState& island) {
  std::map<std::string, std::vector<AlertId>> ids;
  for (const auto& [id, alert] : island.alerts) ids[key_of(alert)].push_back(id);
  for (const auto& [key, id] : start.current)
    if (!island.alerts.contains(id)) ids[key].push_back(id);
  return ids;
}

// One incident, or none, and alerts of it.
class Cutter {
 public:
  Cutter(const PartitionState& start, const PartitionState& island)
      : island_(island), same_key_(by_key(start, island)) {}

  void cut(const Incident* incident, std::vector<const AlertState*> alerts,
           const std::string& before) {
    std::sort(alerts.begin(), alerts.end(), [](const AlertState* a, const AlertState* b) {
      const auto place = [](const AlertState* alert) {
        return std::make_tuple(alert->alert.status != AlertStatus::firing, alert->id);
      };
      return place(a) < place(b);
    });
    Carried head = empty_piece(island_);
    head.before = before;
    std::size_t of_head = 0;
    if (incident) {
      head.incident = *incident;
      // That it had any says that they can end it.
      if (!incident->alerts.empty()) head.incident->alerts.resize(1);
      of_head = bytes_of(*head.incident);
    }
    // One that is large itself does not come with each single alert.
    const std::size_t most = std::max(kMostPieceBytes, of_head + kMostPieceBytes / 4);
    Carried piece = head;
    std::size_t bytes = of_head;
    for (const AlertState* const alert : alerts) {
      const std::size_t more = size_with_words(*alert);
      if (!piece.alerts.empty() && bytes + more > most) {
        pieces_.push_back(std::exchange(piece, head));
        bytes = of_head;
      }
      bytes += more;
      add(piece, *alert);
    }
    pieces_.push_back(std::move(piece));
  }

  // What the island's senders said last.
  void cut_last_words() {
    Carried piece = empty_piece(island_);
    std::size_t bytes = 0;
    const auto flush = [&](std::size_t least) {
      if (bytes < least) return;
      pieces_.push_back(std::exchange(piece, empty_piece(island_)));
      bytes = 0;
    };
    const auto add = [&](std::vector<LastWord>& to, const std::string& key, const Instant& heard) {
      to.push_back({key, heard});
      bytes += bytes_of(to.back());
      flush(kMostWordBytes);
    };
    for (const auto& said : island_.said_over) add(piece.over, said.first, said.second);
    for (const auto& said : island_.said_firing) {
      const auto current = island_.current.find(said.first);
      if (current != island_.current.end() &&
          island_.alerts.at(current->second).alert.status == AlertStatus::firing)
        add(piece.firing, said.first, said.second);
    }
    flush(1);
  }

  std::vector<Carried> take() { return std::move(pieces_); }

 private:
  void add(Carried& piece, const AlertState& alert) {
    piece.alerts.push_back(alert);
    const std::string key = key_of(alert);
    if (const auto said = island_.said_over.find(key); said != island_.said_over.end())
      piece.over.push_back({key, said->second});
    if (alert.alert.status != AlertStatus::firing) return;
    for (const AlertId& id : same_key_[key])
      if (id != alert.id) piece.replaced.push_back(id);
  }

  std::size_t size_with_words(const AlertState& alert) {
    Carried alone = empty_piece(island_);
    add(alone, alert);
    std::size_t bytes = bytes_of(alert);
    for (const LastWord& word : alone.over) bytes += bytes_of(word);
    for (const AlertId& id : alone.replaced) bytes += id.text.size() + 2;
    return bytes;
  }

  const PartitionState& island_;
  std::map<std::string, std::vector<AlertId>> same_key_;
  std::vector<Carried> pieces_;
};

// The first half of a list, or the rest.
template <class T>
std::vector<T> half(const std::vector<T>& all, bool first) {
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() + 1) / 2);
  return first ? std::vector<T>(all.begin(), middle) : std::vector<T>(middle, all.end());
}

std::vector<LastWord> words_of(const std::vector<LastWord>& words,
                               const std::set<std::string>& keys) {
  std::vector<LastWord> its;
  std::copy_if(words.begin(), words.end(), std::back_inserter(its),
               [&](const LastWord& word) { return keys.contains(word.key); });
  return its;
}

}  // namespace

std::vector<Carried> pieces_of_island(const PartitionState& start, const PartitionState& island) {
  std::map<IncidentId, std::vector<const AlertState*>> alerts;
  for (const auto& [id, alert] : island.alerts) {
    const auto known = start.alerts.find(id);
    if (says_more(alert, known == start.alerts.end() ? nullptr : &known->second))
      alerts[alert.incident].push_back(&alert);
  }
  std::map<IncidentId, std::string> changed;  // and what it was before
  for (const auto& [id, incident] : island.incidents) {
    const auto known = start.incidents.find(id);
    const bool is_known = known != start.incidents.end();
    if (!is_known || !(known->second == incident) || alerts.contains(id))
      changed.emplace(id, is_known ? fingerprint(known->second) : "");
  }
  Cutter cutter(start, island);
  for (const auto& [id, before] : changed) cutter.cut(&island.incidents.at(id), alerts[id], before);
  if (const auto alone = alerts.find(IncidentId{}); alone != alerts.end())
    cutter.cut(nullptr, alone->second, "");
  cutter.cut_last_words();
  return cutter.take();
}

// Which alerts those that it replaces were of the same key as is not known here: both halves name
// all of them, and only those of a key mean anything for it.
std::vector<Carried> halves_of(const Carried& piece) {
  const std::size_t words = piece.over.size() + piece.firing.size();
  if (piece.alerts.size() < 2 && (!piece.alerts.empty() || words < 2)) return {};
  std::vector<Carried> halves(2, piece);
  for (const bool first : {true, false}) {
    Carried& its = halves[first ? 0 : 1];
    its.alerts = half(piece.alerts, first);
    if (piece.alerts.empty()) {
      // Of one word of each kind, one each.
      its.over = half(piece.over, first);
      its.firing = half(piece.firing, first != (piece.over.size() % 2 == 1));
      continue;
    }
    std::set<std::string> keys;
    for (const AlertState& alert : its.alerts) keys.insert(key_of(alert));
    its.over = words_of(piece.over, keys);
    its.firing = words_of(piece.firing, keys);
  }
  return halves;
}

}  // namespace tocsin::engine
