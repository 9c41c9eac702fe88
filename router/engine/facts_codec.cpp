// The facts and notices of partition 0 in a snapshot.
#include "router/core/codec.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

template <class Map, class Write>
void write_each(Writer& out, const Map& map, Write write_value) {
  out.array(map.size());
  for (const auto& each : map) write_value(each);
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

}  // namespace

void write_facts(Writer& out, const Facts& facts, const Notices& notices) {
  const std::size_t lists = lists_of(facts, notices);
  out.array(lists);
  write_each(out, facts.silences,
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
  write_each(out, facts.made_overrides,
             [&](const auto& each) { write_fact(out, each.second.anchor, each.second.said); });
  if (lists < 5) return;
  out.array(facts.proofs.size() + facts.contact_tests.size());
  for (const auto& each : facts.proofs) write_fact(out, each.second.anchor, each.second.said);
  for (const control::ContactTest& test : facts.contact_tests) write_fact(out, 0, test);
  if (lists < 6) return;
  write_each(out, notices, [&](const auto& each) { write(out, each.second); });
}

namespace {

// A silence that was ended before it began has no time left, and is none to be made anew.
bool restore_fact(Facts& facts, Control control, Position anchor) {
  auto* const silence = std::get_if<control::Silence>(&control);
  const WallTime ends = silence ? silence->ends_at : WallTime{};
  const std::string id = silence ? silence->id.text.str() : std::string();
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

}  // namespace

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

}  // namespace tocsin::engine
