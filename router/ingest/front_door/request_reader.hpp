// Takes one request after the other off a stream of bytes: head, then a body by length or by
// chunks, all under the limits. Pure: it knows no socket and no clock.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "router/ingest/front_door/chunked.hpp"
#include "router/ingest/front_door/head.hpp"
#include "router/ingest/front_door/limits.hpp"
#include "router/ingest/front_door/refusal.hpp"

namespace tocsin::front_door {

class RequestReader {
 public:
  enum class Stage { nothing, head, body, whole };

  explicit RequestReader(const Limits& limits) : limits_(limits), chunks_(limits.body_bytes) {}

  /// Takes what belongs to this request off the front of `bytes`; what is left belongs to the next.
  /// After a refusal the connection cannot go on, since nobody knows where the next request begins.
  std::optional<Refusal> take(std::string_view& bytes);

  Stage stage() const { return stage_; }
  /// The head is good and its sender waits for a word before it sends the body.
  bool owes_continue() const {
    return stage_ == Stage::body && head_.expects_continue && body_.empty() && !continued_;
  }
  void continued() { continued_ = true; }

  std::size_t held() const { return head_text_.size() + body_.size(); }
  Head& head() { return head_; }
  std::string& body() { return body_; }
  void begin_next();

 private:
  std::optional<Refusal> take_head(std::string_view& bytes);
  std::optional<Refusal> end_head();
  std::optional<Refusal> take_body(std::string_view& bytes);

  const Limits& limits_;
  Stage stage_ = Stage::nothing;
  std::string head_text_;
  std::size_t line_begin_ = 0;  // of the line of head_text_ being received
  bool skipped_empty_line_ = false;
  Head head_;
  ChunkedBody chunks_;
  std::string body_;
  bool continued_ = false;
};

}  // namespace tocsin::front_door
