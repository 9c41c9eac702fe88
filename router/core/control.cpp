#include "router/core/control.hpp"

#include "router/core/codec.hpp"

namespace tocsin {
namespace {

using namespace codec;

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
    head(4);
    out.text(c.node).unsigned_number(c.boot);
    write_enum(out, c.presence);
    out.text(c.url);
  }
};

// Braced initialisers are evaluated from left to right, which is the order on the wire.
std::size_t read_control(Reader& in, std::uint64_t number, Control& into) {
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
                           read_enum(in, control::kLastPresence), read_string(in)};
      return 4;
    default:
      in.fail();
      return 0;
  }
}

}  // namespace

SilenceId make_silence_id(const RecordId& record) {
  constexpr std::size_t kBytes = 10;  // 80 bits: 16 characters, as incidents have
  return {base32(sha256("silence" + to_string(record)).data(), kBytes)};
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
  const std::size_t read = read_control(in, in.unsigned_number(), control) + 1;
  if (read > items)
    in.fail();
  else
    in.skip(items - read);
  if (!in.ok() || !in.at_end()) return corrupt("not the body of a control record");
  return control;
}

}  // namespace tocsin
