#include "router/engine/state_codec.hpp"

#include <algorithm>

#include "router/core/codec.hpp"
#include "router/engine/carried.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

// Another number, another form: an older snapshot is not read, and the journal folded instead.
constexpr std::uint64_t kVersion = 2;
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

template <class Map, class Write>
void write_map(Writer& out, const Map& map, Write write_value) {
  const auto all = sorted(map);
  out.array(all.size());
  for (const auto* const each : all) write_value(*each);
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

void write_fact(Writer& out, Position anchor, const Control& fact) {
  out.array(2).unsigned_number(anchor).text(tocsin::encode(fact));
}

void write(Writer& out, const Notice& notice) {
  out.array(8).text(notice.id.text).text(notice.about).text(notice.title).text(notice.text);
  out.text(notice.team);
  codec::write(out, notice.said);
  codec::write(out, notice.useful);
  write_list(out, notice.messages, [&](const MessageState& message) { write(out, message); });
}
Notice read_notice(Reader& in) {
  Notice notice;
  read_array(in, 8, [&] {
    notice.id.text = read_string(in);
    notice.about = read_string(in);
    notice.title = read_string(in);
    notice.text = read_string(in);
    notice.team = read_string(in);
    notice.said = read_instant(in);
    notice.useful = read_duration(in);
    notice.messages = read_list<MessageState>(in, [&] { return read_message(in); });
  });
  return notice;
}

// How many lists of facts and notices follow each other; the last that are empty are left out.
std::size_t lists_of(const Facts& facts, const Notices& notices) {
  if (!notices.empty()) return 6;
  if (!facts.proofs.empty() || !facts.contact_tests.empty()) return 5;
  if (!facts.made_overrides.empty()) return 4;
  return facts.gamedays.empty() ? 2 : 3;
}

void write(Writer& out, const Facts& facts, const Notices& notices) {
  const std::size_t lists = lists_of(facts, notices);
  out.array(lists);
  write_map(out, facts.silences,
            [&](const auto& each) { write_fact(out, each.second.anchor, each.second.said); });
  out.array(facts.configurations.size());
  for (const KeptConfiguration& kept : facts.configurations)
    write_fact(out, kept.anchor, control::Configuration{kept.hash, *kept.body});
  if (lists < 3) return;
  std::size_t runs = 0;
  for (const auto& each : facts.gamedays) runs += each.second.size();
  out.array(runs);
  for (const auto& [set, kept] : facts.gamedays)
    for (const KeptRun& run : kept)
      write_fact(out, run.anchor, control::GamedayOn{set, run.run, gameday::kLongestOfAll});
  if (lists < 4) return;
  write_map(out, facts.made_overrides,
            [&](const auto& each) { write_fact(out, each.second.anchor, each.second.said); });
  if (lists < 5) return;
  out.array(facts.proofs.size() + facts.contact_tests.size());
  for (const auto& each : facts.proofs) write_fact(out, each.second.anchor, each.second.said);
  for (const control::ContactTest& test : facts.contact_tests) write_fact(out, 0, test);
  if (lists < 6) return;
  write_map(out, notices, [&](const auto& each) { write(out, each.second); });
}

// A silence that was ended before it began has no time left, and is none to be made anew.
bool restore_fact(Facts& facts, Control control, Position anchor) {
  auto* const silence = std::get_if<control::Silence>(&control);
  const WallTime ends = silence ? silence->ends_at : WallTime{};
  const std::string id = silence ? silence->id.text : std::string();
  if (silence) silence->ends_at = std::max(ends, silence->starts_at + Duration(1));
  // As retention writes them: as they are.
  const bool as_is = std::holds_alternative<control::GamedayOn>(control) ||
                     std::holds_alternative<control::RotaOverride>(control);
  if (!fold_control(facts, control, {WallTime{}, anchor, as_is})) return false;
  if (!silence) return true;
  KeptSilence& kept = facts.silences.find(id)->second;
  kept.said.ends_at = ends;
  kept.silence.ends_at = ends;
  return true;
}

void read_facts(Reader& in, Facts& facts, Notices& notices) {
  const auto fact = [&] {
    read_array(in, 2, [&] {
      const Position anchor = in.unsigned_number();
      auto control = decode_control(in.text());
      if (!control || !restore_fact(facts, std::move(*control), anchor)) in.fail();
    });
    return 0;
  };
  constexpr std::size_t kOfFacts = 5;
  read_growing_array(in, 2, kOfFacts + 1, [&](std::size_t lists) {
    for (std::size_t i = 0; i < std::min(lists, kOfFacts); ++i) read_list<int>(in, fact);
    if (lists <= kOfFacts) return;
    for (Notice& notice : read_list<Notice>(in, [&] { return read_notice(in); }))
      notices.emplace(notice.id, std::move(notice));
  });
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

void write_heard(Writer& out, const PartitionState& state) {
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

void write_names(Writer& out, const PartitionState& state) {
  const auto name = [&](const auto& each) { out.array(2).text(each.first).text(each.second.text); };
  write_map(out, state.current, name);
  write_map(out, state.groups, name);
}
template <class Map>
void read_names(Reader& in, Map& map) {
  read_list<int>(in, [&] {
    read_array(in, 2, [&] {
      std::string name = read_string(in);
      map[std::move(name)] = {read_string(in)};
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
    state.alerts.emplace(alert.id, std::move(alert));
    return 0;
  });
}

void count_pending(PartitionState& state) {
  for (const Pending& pending : state.pending)
    for (const std::string& key : keys_of(pending)) ++state.pending_keys[key];
}

}  // namespace

std::string encode_state(const PartitionState& state) {
  Writer out;
  const std::size_t items = state.at != Instant{}     ? kItems
                            : !state.beats.empty()    ? kItems5
                            : !state.paged.empty()    ? kItems4
                            : !state.contacts.empty() ? kItems3
                            : !state.turns.empty()    ? kItems2
                                                      : kItems1;
  out.array(items).unsigned_number(kVersion).unsigned_number(state.partition);
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
  for (const Pending& pending : state.pending) write(out, pending);
  write_map(out, state.alerts, [&](const auto& each) { write(out, each.second); });
  write_heard(out, state);
  write_map(out, state.incidents, [&](const auto& each) { write(out, each.second); });
  write_names(out, state);
  // Those of drills after production's: reading tells them apart by their realm.
  std::deque<Over<IncidentId>> closed = state.closed;
  closed.insert(closed.end(), state.closed_drills.begin(), state.closed_drills.end());
  write_over(out, closed);
  write_over(out, state.ended);
  out.array(state.hook_runs.size());
  for (const HookRun& run : state.hook_runs) write(out, run);
  write(out, state.facts, state.notices);
  out.array(state.set_aside.size());
  for (const effect::SetAside& aside : state.set_aside) {
    out.array(2);
    codec::write(out, aside.record);
    out.text(aside.why);
  }
  if (items > kItems1) write_turns(out, state);
  if (items > kItems2) write_health(out, state.contacts);
  if (items > kItems3) write_paged(out, state);
  if (items > kItems4) write_beats(out, state);
  if (items > kItems5) codec::write(out, state.at);
  return out.take();
}

Result<PartitionState> decode_state(std::string_view bytes) {
  Reader in(bytes);
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
      state.pending.push_back(std::move(pending));
    read_alerts(in, state);
    read_heard(in, state);
    for (Incident& incident : read_list<Incident>(in, [&] { return read_incident(in); }))
      state.incidents.emplace(incident.id, std::move(incident));
    read_names(in, state.current);
    read_names(in, state.groups);
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
  if (!in.ok() || !in.at_end()) return corrupt("not a snapshot of this version");
  count_pending(state);
  return state;
}

}  // namespace tocsin::engine
