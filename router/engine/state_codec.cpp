#include "router/engine/state_codec.hpp"

#include <algorithm>
#include <optional>

#include "router/core/codec.hpp"
#include "router/core/packed.hpp"
#include "router/engine/carried.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

// Another number, another form: an older snapshot is not read, and the journal folded instead.
constexpr std::uint64_t kVersion = 2;
constexpr std::size_t kPieceBytes = 128u << 10;
constexpr std::size_t kItems1 = 21;
constexpr std::size_t kItems2 = kItems1 + 1;  // with the turns of steps, if there are any …
constexpr std::size_t kItems3 = kItems2 + 1;  // … with what is known of contacts, likewise …
constexpr std::size_t kItems4 = kItems3 + 1;  // … with how often they were paged of late …
constexpr std::size_t kItems5 = kItems4 + 1;  // … with signs of life …
constexpr std::size_t kItems = kItems5 + 1;   // … and with when the last turn was

// In an order of their own, so that the same state gives the same bytes.
template <class Map>
std::vector<const typename Map::value_type*> sorted(const Map& map) {
  std::vector<const typename Map::value_type*> all;
  all.reserve(map.size());
  for (const auto& each : map) all.push_back(&each);
  std::sort(all.begin(), all.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  return all;
}

// What was written so far may go on, if it is enough for a piece: at the end of an item that stands
// in a list.
using CutPiece = std::function<void(Writer& out)>;
void never(Writer&) {}

template <class Map, class Write>
void write_map(Writer& out, const Map& map, Write write_value, const CutPiece& cut = never) {
  const auto all = sorted(map);
  out.array(all.size());
  for (const auto* const each : all) {
    write_value(*each);
    cut(out);
  }
}

void write(Writer& out, const Pending& pending) {
  out.array(5).unsigned_number(pending.position);
  codec::write(out, pending.id);
  out.array(2);
  std::visit(
      [&](const auto& input) {
        using Input = std::decay_t<decltype(input)>;
        if constexpr (std::is_same_v<Input, Command>)
          out.unsigned_number(1).text(encode(input));
        else if constexpr (std::is_same_v<Input, Pending::Broken>)
          out.unsigned_number(2).text(input.why);
        else if constexpr (std::is_same_v<Input, std::shared_ptr<const Carried>>)
          out.unsigned_number(3).text(encode(*input));
        else
          out.unsigned_number(0).text(encode(*input));
      },
      pending.input);
  out.array(pending.changed.size());
  for (const std::uint32_t index : pending.changed) out.unsigned_number(index);
  out.text(pending.broken);
}

void read_input(Reader& in, Pending& pending) {
  const std::uint64_t kind = in.unsigned_number();
  const std::string_view bytes = in.text();
  if (kind == 0) {
    auto body = decode_alerts(bytes);
    if (!body) return in.fail();
    pending.input = std::make_shared<const AlertsBody>(std::move(*body));
  } else if (kind == 1) {
    auto command = decode_command(bytes);
    if (!command) return in.fail();
    pending.input = std::move(*command);
  } else if (kind == 3) {
    auto piece = decode_carried(bytes);
    if (!piece) return in.fail();
    pending.input = std::make_shared<const Carried>(std::move(*piece));
  } else {
    pending.input = Pending::Broken{std::string(bytes)};
  }
}

Pending read_pending(Reader& in) {
  Pending pending;
  read_array(in, 5, [&] {
    pending.position = in.unsigned_number();
    pending.id = read_record_id(in);
    read_array(in, 2, [&] { read_input(in, pending); });
    pending.changed = read_list<std::uint32_t>(in, [&] { return read_u32(in); });
    pending.broken = read_string(in);
  });
  return pending;
}

// As they were written: one after the other, each once, and with an input.
void take_pending(Reader& in, PendingInputs& all, Pending pending) {
  if (!in.ok() || all.find(pending.id) || (!all.empty() && pending.position <= all.last_position()))
    return in.fail();
  all.push_back(std::move(pending));
}

template <class What>
void write_over(Writer& out, const std::deque<Over<What>>& all) {
  out.array(all.size());
  for (const auto& over : all) out.array(2).text(over.what.text).unsigned_number(over.at);
}
template <class What>
std::deque<Over<What>> read_over(Reader& in) {
  std::deque<Over<What>> all;
  read_list<int>(in, [&] {
    Over<What> over;
    read_array(in, 2, [&] {
      over.what.text = read_string(in);
      over.at = in.unsigned_number();
    });
    all.push_back(std::move(over));
    return 0;
  });
  return all;
}

void write_heard(Writer& out, const PartitionRest& state) {
  write_map(out, state.heard, [&](const auto& each) {
    out.array(4).text(each.first);
    codec::write(out, each.second.since);
    codec::write(out, each.second.last);
    codec::write(out, each.second.word);
  });
}
void read_heard(Reader& in, PartitionState& state) {
  read_list<int>(in, [&] {
    read_array(in, 4, [&] {
      Heard& heard = state.heard[read_string(in)];
      heard.since = read_instant(in);
      heard.last = read_instant(in);
      heard.word = read_duration(in);
    });
    return 0;
  });
}

void write_names(Writer& out, const PartitionRest& state, const CutPiece& cut) {
  const auto name = [&](const auto& each) { out.array(2).text(each.first).text(each.second.text); };
  write_map(out, state.current, name, cut);
  write_map(out, state.groups, name, cut);
}
// What stands in several places is one text, as it was.
template <class Id, class T>
Id one_id(const Table<Id, T>& table, Id id) {
  const auto found = table.find(id);
  return found == table.end() ? id : found->first;
}
template <class Map, class Id, class T>
void read_names(Reader& in, Map& map, const Table<Id, T>& named) {
  read_list<int>(in, [&] {
    read_array(in, 2, [&] {
      std::string name = read_string(in);
      map[std::move(name)] = one_id(named, Id{read_string(in)});
    });
    return 0;
  });
}

// Alerts that were decided alike share their decision, as they did before.
class Shared {
 public:
  explicit Shared(AlikeDecisions& decisions) : decisions_(decisions) {}

  void share(AlertState& alert) {
    if (!alert.decision) return;
    alert.decision = decisions_.share(std::move(alert.decision));
    auto& hash = hashes_[*alert.configuration];
    if (!hash) hash = alert.configuration;
    alert.configuration = hash;
  }

 private:
  AlikeDecisions& decisions_;
  std::map<std::string, std::shared_ptr<const std::string>> hashes_;
};

void read_alerts(Reader& in, PartitionState& state) {
  Shared shared(state.decisions);
  read_list<int>(in, [&] {
    AlertState alert = read_alert_state(in);
    shared.share(alert);
    state.sharing.share(alert);
    const AlertId id = alert.id;
    state.alerts.insert_or_assign(id, std::move(alert));
    return 0;
  });
}

void count_pending(PartitionState& state) {
  for (const Pending* const pending : state.pending.in_order())
    for (const std::string& key : keys_of(*pending)) ++state.pending_keys[key];
}

std::size_t items_of(const PartitionRest& state) {
  return state.at != Instant{}     ? kItems
         : !state.beats.empty()    ? kItems5
         : !state.paged.empty()    ? kItems4
         : !state.contacts.empty() ? kItems3
         : !state.turns.empty()    ? kItems2
                                   : kItems1;
}

// Its alerts follow …
void write_beginning(Writer& out, const PartitionRest& state, const CutPiece& cut) {
  out.array(items_of(state)).unsigned_number(kVersion).unsigned_number(state.partition);
  out.unsigned_number(state.turn).unsigned_number(state.position).unsigned_number(state.records);
  out.unsigned_number(state.holder).unsigned_number(state.turn_position);
  out.unsigned_number(state.result_position);
  out.text(state.configuration ? *state.configuration : std::string());
  write_list(out, state.seen.ranges(), [&](const SeenIds::Range& range) {
    out.array(3)
        .unsigned_number(range.boot)
        .unsigned_number(range.first)
        .unsigned_number(range.last);
  });
  out.array(state.pending.size());
  for (const Pending* const pending : state.pending.in_order()) {
    write(out, *pending);
    cut(out);
  }
}

// … then who was heard, its incidents, and the rest of it.
void write_ending(Writer& out, const PartitionRest& state, const CutPiece& cut) {
  write_names(out, state, cut);
  // Those of drills after production's: reading tells them apart by their realm.
  std::deque<Over<IncidentId>> closed = state.closed;
  closed.insert(closed.end(), state.closed_drills.begin(), state.closed_drills.end());
  write_over(out, closed);
  write_over(out, state.ended);
  out.array(state.hook_runs.size());
  for (const HookRun& run : state.hook_runs) write(out, run);
  write_facts(out, state.facts, state.notices);
  out.array(state.set_aside.size());
  for (const effect::SetAside& aside : state.set_aside) {
    out.array(2);
    codec::write(out, aside.record);
    out.text(aside.why);
  }
  const std::size_t items = items_of(state);
  if (items > kItems1) write_turns(out, state);
  if (items > kItems2) write_health(out, state.contacts);
  if (items > kItems3) write_paged(out, state);
  if (items > kItems4) write_beats(out, state);
  if (items > kItems5) codec::write(out, state.at);
}

}  // namespace

std::string encode_state(const PartitionState& state) {
  Writer out;
  write_beginning(out, state, never);
  write_map(out, state.alerts, [&](const auto& each) { write(out, each.second); });
  write_heard(out, state);
  write_map(out, state.incidents, [&](const auto& each) { write(out, each.second); });
  write_ending(out, state, never);
  return out.take();
}

std::string encode_packed(const PartitionRest& rest, const InOrder& alerts,
                          const InOrder& incidents) {
  Packer packer;
  Writer out;
  const CutPiece cut = [&](Writer& written) {
    if (written.size() >= kPieceBytes) packer.add(written.take());
  };
  const auto write_all = [&](const InOrder& all) {
    out.array(all.count);
    std::size_t written = 0;
    for (std::size_t some = 1; written < all.count && some > 0; cut(out))
      written += some = all.write_some(out);
    return written == all.count;
  };
  write_beginning(out, rest, cut);
  if (!write_all(alerts)) return {};
  write_heard(out, rest);
  if (!write_all(incidents)) return {};
  write_ending(out, rest, cut);
  packer.add(out.take());
  return packer.take();
}

namespace {

std::optional<PartitionState> read_state(Reader& in) {
  PartitionState state;
  read_growing_array(in, kItems1, kItems, [&](std::size_t items) {
    if (in.unsigned_number() != kVersion) return in.fail();
    state.partition = static_cast<Partition>(in.unsigned_number());
    state.turn = in.unsigned_number();
    state.position = in.unsigned_number();
    state.records = in.unsigned_number();
    state.holder = in.unsigned_number();
    state.turn_position = in.unsigned_number();
    state.result_position = in.unsigned_number();
    if (std::string hash = read_string(in); !hash.empty())
      state.configuration = std::make_shared<const std::string>(std::move(hash));
    state.seen = SeenIds::of(read_list<SeenIds::Range>(in, [&] {
      SeenIds::Range range;
      read_array(in, 3, [&] {
        range.boot = in.unsigned_number();
        range.first = in.unsigned_number();
        range.last = in.unsigned_number();
      });
      return range;
    }));
    for (Pending& pending : read_list<Pending>(in, [&] { return read_pending(in); }))
      take_pending(in, state.pending, std::move(pending));
    read_alerts(in, state);
    read_heard(in, state);
    read_list<int>(in, [&] {
      Incident incident = read_incident(in);
      state.sharing.share(incident);
      const IncidentId id = incident.id;
      for (AlertId& alert : incident.alerts) {
        alert = one_id(state.alerts, alert);
        AlertState* const known = state.alerts.edit(alert);
        if (known && known->incident == id) known->incident = id;
      }
      state.incidents.insert_or_assign(id, std::move(incident));
      return 0;
    });
    read_names(in, state.current, state.alerts);
    read_names(in, state.groups, state.incidents);
    for (const auto& over : read_over<IncidentId>(in)) {
      const auto incident = state.incidents.find(over.what);
      const bool drill =
          incident != state.incidents.end() && !incident->second.realm.is_production();
      (drill ? state.closed_drills : state.closed).push_back(over);
    }
    state.ended = read_over<AlertId>(in);
    for (HookRun& run : read_list<HookRun>(in, [&] { return read_run(in); }))
      state.hook_runs.push_back(std::move(run));
    read_facts(in, state.facts, state.notices);
    read_list<int>(in, [&] {
      effect::SetAside aside;
      read_array(in, 2, [&] {
        aside.record = read_record_id(in);
        aside.why = read_string(in);
      });
      state.set_aside.push_back(std::move(aside));
      return 0;
    });
    if (items > kItems1) read_turns(in, state);
    if (items > kItems2) read_health(in, state.contacts);
    if (items > kItems3) read_paged(in, state);
    if (items > kItems4) read_beats(in, state);
    if (items > kItems5) state.at = read_instant(in);
  });
  if (!in.ok() || !in.at_end()) return std::nullopt;
  count_pending(state);
  return state;
}

}  // namespace

Result<PartitionState> decode_state(std::string_view bytes) {
  std::optional<PartitionState> state;
  if (is_packed(bytes)) {
    Unpacker packed(bytes);
    Reader in([&] { return packed.next(); });
    state = read_state(in);
    if (!packed.is_whole()) state.reset();
  } else {
    Reader in(bytes);
    state = read_state(in);
  }
  if (!state) return corrupt("not a snapshot of this version");
  return std::move(*state);
}

}  // namespace tocsin::engine
