#include "router/core/control.hpp"

#include "router/core/codec.hpp"

namespace tocsin {
namespace {

using namespace codec;

constexpr std::size_t kIdBytes = 10;  // 80 bits: 16 characters, as incidents have

struct WriteControl {
  Writer& out;
  std::uint64_t number;

  void head(std::size_t items) { out.array(items + 1).unsigned_number(number); }

  void operator()(const control::Silence& c) {
    head(6);
    out.text(c.id.text);
    write(out, c.matchers);
    write(out, c.starts_at);
    write(out, c.ends_at);
    out.text(c.by).text(c.why);
  }
  void operator()(const control::SilenceEnded& c) {
    head(3);
    out.text(c.id.text).text(c.by);
    write(out, c.at);
  }
  void operator()(const control::Configuration& c) {
    head(2);
    out.text(c.hash).text(c.body);
  }
  void operator()(const control::Beat& c) {
    head(c.facts > 0 ? 5 : 4);
    out.text(c.node).unsigned_number(c.boot);
    write_enum(out, c.presence);
    out.text(c.url);
    if (c.facts > 0) out.unsigned_number(c.facts);
  }
  void operator()(const gameday::Ending& e) {
    out.array(4);
    write_enum(out, e.kind);
    out.text(e.by).text(e.why);
    write(out, e.at);
  }
  void operator()(const gameday::Run& r) {
    out.array(9).unsigned_number(r.number).text(r.by).text(r.why);
    write(out, r.said);
    write(out, r.starts_at);
    write(out, r.length);
    out.text(r.team);
    write(out, r.people);
    if (r.ending)
      (*this)(*r.ending);
    else
      out.null();
  }
  void operator()(const control::GamedayOn& c) {
    head(3);
    out.text(c.set);
    (*this)(c.run);
    write(out, c.longest);
  }
  void operator()(const control::GamedayEnded& c) {
    head(3);
    out.text(c.set);
    (*this)(c.ending);
    out.unsigned_number(c.run);
  }
  void operator()(const control::RotaOverride& c) {
    head(c.made > 0 ? 11 : 7);
    out.text(c.id.text).text(c.rota).text(c.person);
    write(out, c.from);
    write(out, c.until);
    out.text(c.by).text(c.why);
    if (c.made == 0) return;
    out.unsigned_number(c.made);
    write(out, c.made_at);
    if (c.ended_at)
      write(out, *c.ended_at);
    else
      out.null();
    out.text(c.ended_by);
  }
  void operator()(const control::RotaOverrideEnded& c) {
    head(3);
    out.text(c.id.text).text(c.by);
    write(out, c.at);
  }
  void operator()(const control::ContactTest& c) {
    head(4);
    out.text(c.id.text).text(c.person).text(c.by);
    write(out, c.at);
  }
  void operator()(const control::ContactProved& c) {
    head(5);
    out.text(c.person).text(c.channel).text(c.address_hash);
    write(out, c.at);
    out.text(c.how);
  }
};

gameday::Ending read_ending(Reader& in) {
  gameday::Ending ending;
  read_array(in, 4, [&] {
    ending.kind = read_enum(in, gameday::kLastEnd);
    ending.by = read_string(in);
    ending.why = read_string(in);
    ending.at = read_wall(in);
  });
  return ending;
}

gameday::Run read_run(Reader& in) {
  gameday::Run run;
  read_array(in, 9, [&] {
    run.number = read_u32(in);
    run.by = read_string(in);
    run.why = read_string(in);
    run.said = read_instant(in);
    run.starts_at = read_wall(in);
    run.length = read_duration(in);
    run.team = read_string(in);
    run.people = read_strings(in);
    if (!in.null_next()) run.ending = read_ending(in);
  });
  return run;
}

control::RotaOverride read_override(Reader& in, std::size_t items) {
  control::RotaOverride said;
  said.id.text = read_string(in);
  said.rota = read_string(in);
  said.person = read_string(in);
  said.from = read_wall(in);
  said.until = read_wall(in);
  said.by = read_string(in);
  said.why = read_string(in);
  if (items > 10) {
    said.made = in.unsigned_number();
    said.made_at = read_wall(in);
    if (!in.null_next()) said.ended_at = read_wall(in);
    said.ended_by = read_string(in);
  }
  return said;
}

// Braced initialisers are evaluated from left to right, which is the order on the wire.
std::size_t read_control(Reader& in, std::uint64_t number, std::size_t items, Control& into) {
  switch (number) {
    case 0:
      into = control::Silence{{read_string(in)}, read_strings(in), read_wall(in),
                              read_wall(in),     read_string(in),  read_string(in)};
      return 6;
    case 1:
      into = control::SilenceEnded{{read_string(in)}, read_string(in), read_wall(in)};
      return 3;
    case 2:
      into = control::Configuration{read_string(in), read_string(in)};
      return 2;
    case 3:
      into = control::Beat{read_string(in), in.unsigned_number(),
                           read_enum(in, control::kLastPresence), read_string(in),
                           items > 4 ? in.unsigned_number() : 0};
      return items > 4 ? 5 : 4;
    case 4:
      into = control::GamedayOn{read_string(in), read_run(in), read_duration(in)};
      return 3;
    case 5:
      into = control::GamedayEnded{read_string(in), read_ending(in), read_u32(in)};
      return 3;
    case 6:
      into = read_override(in, items);
      return items > 10 ? 11 : 7;
    case 7:
      into = control::RotaOverrideEnded{{read_string(in)}, read_string(in), read_wall(in)};
      return 3;
    case 8:
      into =
          control::ContactTest{{read_string(in)}, read_string(in), read_string(in), read_wall(in)};
      return 4;
    case 9:
      into = control::ContactProved{read_string(in), read_string(in), read_string(in),
                                    read_wall(in), read_string(in)};
      return 5;
    default:
      in.fail();
      return 0;
  }
}

}  // namespace

SilenceId make_silence_id(const RecordId& record) {
  return {base32(sha256("silence" + to_string(record)).data(), kIdBytes)};
}

OverrideId make_override_id(const RecordId& record) {
  return {base32(sha256("override" + to_string(record)).data(), kIdBytes)};
}

std::string hash_of_address(std::string_view address) {
  return base32(sha256("address\n" + std::string(address)).data(), kIdBytes);
}

std::string encode(const Control& control) {
  Writer out;
  std::visit(WriteControl{out, control.index()}, control);
  return out.take();
}

Result<Control> decode_control(std::string_view bytes) {
  Reader in(bytes);
  Control control;
  const std::size_t items = in.array();
  const std::size_t after_number = items > 0 ? items - 1 : 0;
  const std::size_t read = read_control(in, in.unsigned_number(), after_number, control) + 1;
  if (read > items)
    in.fail();
  else
    in.skip(items - read);
  if (!in.ok() || !in.at_end()) return corrupt("not the body of a control record");
  return control;
}

}  // namespace tocsin
