// How `carried` records are written.
#include "router/core/codec.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/state_codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

void write(Writer& out, const std::vector<LastWord>& words) {
  write_list(out, words, [&](const LastWord& word) {
    out.array(2).text(word.key);
    codec::write(out, word.heard);
  });
}
std::vector<LastWord> read_words(Reader& in) {
  return read_list<LastWord>(in, [&] {
    LastWord word;
    read_array(in, 2, [&] {
      word.key = read_string(in);
      word.heard = read_instant(in);
    });
    return word;
  });
}

}  // namespace

std::string encode(const Carried& carried) {
  Writer out;
  out.array(9).unsigned_number(carried.after_turn).unsigned_number(carried.as_of);
  if (carried.incident)
    write(out, *carried.incident);
  else
    out.null();
  write_list(out, carried.alerts, [&](const AlertState& alert) { write(out, alert); });
  write_list(out, carried.runs, [&](const HookRun& run) { write(out, run); });
  out.text(carried.before);
  write_list(out, carried.replaced, [&](const AlertId& id) { out.text(id.text); });
  write(out, carried.over);
  write(out, carried.firing);
  return out.take();
}

Result<Carried> decode_carried(std::string_view bytes) {
  Reader in(bytes);
  Carried carried;
  read_growing_array(in, 4, 9, [&](std::size_t items) {
    carried.after_turn = in.unsigned_number();
    carried.as_of = in.unsigned_number();
    if (!in.null_next()) carried.incident = read_incident(in);
    carried.alerts = read_list<AlertState>(in, [&] { return read_alert_state(in); });
    if (items > 4) carried.runs = read_list<HookRun>(in, [&] { return read_run(in); });
    if (items > 5) carried.before = read_string(in);
    if (items > 6)
      carried.replaced = read_list<AlertId>(in, [&] { return AlertId{read_string(in)}; });
    if (items > 7) carried.over = read_words(in);
    if (items > 8) carried.firing = read_words(in);
  });
  if (!in.ok() || !in.at_end()) return corrupt("not the body of a carried record");
  return carried;
}

}  // namespace tocsin::engine
