// The strict check of a request's head, and what it says. Pure.
//
// The library behind us forgives what a proxy before us may read differently (two lengths, a length
// and chunks, bare line feeds, folded lines), and a request read in two ways is one smuggled past
// somebody. So everything doubtful is refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/ingest/front_door/limits.hpp"
#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

enum class Framing { none, length, chunked };
enum class Coding { identity, gzip, deflate };

struct Head {
  std::string method;
  std::string target;  // begins with '/', still percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values trimmed
  Framing framing = Framing::none;  // none is an empty body: curl -X POST sends no length
  std::size_t length = 0;
  Coding coding = Coding::identity;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Checks the text of a head, from the request line to the last header's CRLF, without the empty
/// line after it. Every line feed in it must have been seen to follow a carriage return. Fills
/// `head`, or says why not.
std::optional<Refusal> check_head(std::string_view text, const Limits& limits, Head& head);

}  // namespace tocsin::front_door
