// Takes a chunked body apart as it arrives, under the cap on what it holds and on what its framing
// may cost. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

class ChunkedBody {
 public:
  explicit ChunkedBody(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// Takes what belongs to the body off the front of `bytes` and appends the data to `body`.
  /// Extensions and trailers are read and dropped: nothing here has a use for them.
  std::optional<Refusal> take(std::string_view& bytes, std::string& body);
  bool done() const { return expecting_ == Expecting::nothing; }

 private:
  enum class Expecting { size, data, end_of_data, trailer, nothing };

  std::optional<Refusal> end_line(std::string_view line, std::size_t have);
  std::optional<Refusal> begin_chunk(std::string_view line, std::size_t have);

  std::size_t most_bytes_;
  Expecting expecting_ = Expecting::size;
  std::size_t left_ = 0;     // of the chunk's data
  std::size_t framing_ = 0;  // bytes that were not data
  std::size_t trailers_ = 0;
  std::string line_;
};

}  // namespace tocsin::front_door
