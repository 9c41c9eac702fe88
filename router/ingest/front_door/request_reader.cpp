#include "router/ingest/front_door/request_reader.hpp"

#include <algorithm>

namespace tocsin::front_door {
namespace {

// A length is only a claim: memory is taken as the bytes come.
constexpr std::size_t kFirstReserve = 64U << 10;
// An idle connection keeps no more than this of its last head's buffer; there may be ten thousand
// of them.
constexpr std::size_t kKeptHead = 1U << 10;

}  // namespace

std::optional<Refusal> RequestReader::take(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  if (stage_ == Stage::nothing) stage_ = Stage::head;
  if (stage_ == Stage::head)
    if (auto refused = take_head(bytes)) return refused;
  if (stage_ == Stage::body) return take_body(bytes);
  return std::nullopt;
}

// Line by line, so that a bare line feed is refused at once and not when the sender's time is over.
std::optional<Refusal> RequestReader::take_head(std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const auto piece = bytes.substr(0, newline == bytes.npos ? newline : newline + 1);
    if (head_text_.size() + piece.size() > limits_.head_bytes)
      return Refusal{
          431,
          Reason::head_too_large,
          "the request line and headers are over " + std::to_string(limits_.head_bytes) + " bytes",
          {}};
    head_text_.append(piece);
    bytes.remove_prefix(piece.size());
    if (newline == bytes.npos) return std::nullopt;

    const auto length = head_text_.size() - line_begin_;
    if (length < 2 || head_text_[head_text_.size() - 2] != '\r')
      return Refusal{400, Reason::bad_head, "a line of the head does not end in CR LF", {}};
    if (length > 2) {
      line_begin_ = head_text_.size();
      continue;
    }
    if (line_begin_ > 0) return end_head();
    // Some clients end a body with a line break that belongs to nobody; RFC 9112 lets one pass.
    if (skipped_empty_line_)
      return Refusal{400, Reason::bad_head, "there are empty lines before the request line", {}};
    skipped_empty_line_ = true;
    head_text_.clear();
  }
  return std::nullopt;
}

std::optional<Refusal> RequestReader::end_head() {
  if (auto refused =
          check_head(std::string_view(head_text_).substr(0, line_begin_), limits_, head_))
    return refused;
  if (head_.framing == Framing::length && head_.length > limits_.body_bytes)
    return Refusal{413,
                   Reason::body_too_large,
                   "the body is over " + std::to_string(limits_.body_bytes) +
                       " bytes; send fewer alerts in one request",
                   {}};
  const bool has_body = head_.framing == Framing::chunked || head_.length > 0;
  stage_ = has_body ? Stage::body : Stage::whole;
  body_.reserve(std::min(head_.length, kFirstReserve));
  return std::nullopt;
}

std::optional<Refusal> RequestReader::take_body(std::string_view& bytes) {
  if (head_.framing == Framing::chunked) {
    auto refused = chunks_.take(bytes, body_);
    if (chunks_.done()) stage_ = Stage::whole;
    return refused;
  }
  const auto size = std::min(head_.length - body_.size(), bytes.size());
  body_.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  if (body_.size() == head_.length) stage_ = Stage::whole;
  return std::nullopt;
}

void RequestReader::begin_next() {
  stage_ = Stage::nothing;
  head_text_.clear();
  if (head_text_.capacity() > kKeptHead) head_text_.shrink_to_fit();
  line_begin_ = 0;
  skipped_empty_line_ = false;
  head_ = {};
  chunks_ = ChunkedBody(limits_.body_bytes);
  body_ = {};
  continued_ = false;
}

}  // namespace tocsin::front_door
