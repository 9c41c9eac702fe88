#include "router/ingest/front_door/chunked.hpp"

#include <algorithm>
#include <charconv>

#include "router/ingest/front_door/text.hpp"

namespace tocsin::front_door {
namespace {

constexpr std::size_t kLineBytes = 256;  // a size with its extension, or one trailer
constexpr std::size_t kSizeDigits = 8;   // 4 GiB, far over any cap
constexpr std::size_t kTrailers = 16;
// A body of one-byte chunks costs five bytes of framing for each of data and much more of the I/O
// thread: nobody sends that in good faith for long.
constexpr std::size_t kFramingAllowance = 64U << 10;

std::optional<Refusal> bad_body(std::string detail) {
  return Refusal{400, Reason::bad_body, std::move(detail), {}};
}

}  // namespace

std::optional<Refusal> ChunkedBody::take(std::string_view& bytes, std::string& body) {
  while (!bytes.empty() && !done()) {
    if (expecting_ == Expecting::data) {
      const auto size = std::min(left_, bytes.size());
      body.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) expecting_ = Expecting::end_of_data;
      continue;
    }
    const auto newline = bytes.find('\n');
    const auto piece = bytes.substr(0, newline == bytes.npos ? newline : newline + 1);
    if (line_.size() + piece.size() > kLineBytes)
      return bad_body("a line of the chunked body's framing is over " + std::to_string(kLineBytes) +
                      " bytes");
    line_.append(piece);
    bytes.remove_prefix(piece.size());
    framing_ += piece.size();
    if (newline == bytes.npos) return std::nullopt;
    if (framing_ > kFramingAllowance + 2 * body.size())
      return bad_body("the chunks are too small; send larger ones or a Content-Length");
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r')
      return bad_body("a line of the chunked body's framing does not end in CR LF");
    if (auto refused = end_line(std::string_view(line_).substr(0, line_.size() - 2), body.size()))
      return refused;
    line_.clear();
  }
  return std::nullopt;
}

std::optional<Refusal> ChunkedBody::end_line(std::string_view line, std::size_t have) {
  if (has_control(line)) return bad_body("the chunked body's framing has a control character");
  switch (expecting_) {
    case Expecting::size:
      return begin_chunk(line, have);
    case Expecting::end_of_data:
      if (!line.empty()) return bad_body("a chunk is longer than its size says");
      expecting_ = Expecting::size;
      return std::nullopt;
    case Expecting::trailer:
      if (line.empty()) expecting_ = Expecting::nothing;
      if (++trailers_ > kTrailers) return bad_body("too many trailers after the chunked body");
      return std::nullopt;
    case Expecting::data:
    case Expecting::nothing:
      break;
  }
  return std::nullopt;
}

std::optional<Refusal> ChunkedBody::begin_chunk(std::string_view line, std::size_t have) {
  const auto digits = line.substr(0, line.find(';'));
  if (digits.empty() || digits.size() > kSizeDigits)
    return bad_body("a chunk's size is not one to eight hexadecimal digits");
  std::size_t size = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
    return bad_body("a chunk's size is not one to eight hexadecimal digits");
  if (size > most_bytes_ - have)
    return Refusal{413,
                   Reason::body_too_large,
                   "the body is over " + std::to_string(most_bytes_) +
                       " bytes; send fewer alerts in one request",
                   {}};
  left_ = size;
  expecting_ = size == 0 ? Expecting::trailer : Expecting::data;
  return std::nullopt;
}

}  // namespace tocsin::front_door
