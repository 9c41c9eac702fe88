#include "router/ingest/front_door/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "router/ingest/front_door/text.hpp"

namespace tocsin::front_door {
namespace {

using Refused = std::optional<Refusal>;

Refused bad_head(std::string detail) {
  return Refusal{400, Reason::bad_head, std::move(detail), {}};
}
Refused unsupported(int status, std::string detail) {
  return Refusal{status, Reason::unsupported, std::move(detail), {}};
}

// A header named twice where once is the rule; the values are joined by nobody.
struct Once {
  int seen = 0;
  std::string_view value;
  void note(std::string_view v) {
    ++seen;
    value = v;
  }
};

// The headers that decide how the rest is read.
struct Deciding {
  Once host, content_length, transfer_encoding, content_encoding, expect;
  bool close = false;
  bool keep_alive = false;

  void note(std::string_view name, std::string_view value) {
    if (name == "host") return host.note(value);
    if (name == "content-length") return content_length.note(value);
    if (name == "transfer-encoding") return transfer_encoding.note(value);
    if (name == "content-encoding") return content_encoding.note(value);
    if (name == "expect") return expect.note(value);
    if (name == "connection") {
      close = close || lists_token(value, "close");
      keep_alive = keep_alive || lists_token(value, "keep-alive");
    }
  }
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Of the path once "%20" is one byte again; a '%' that begins no escape stays what it is.
std::size_t decoded_path_size(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  std::size_t size = 0;
  for (std::size_t i = 0; i < path.size(); ++i, ++size)
    if (path[i] == '%' && i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2])) i += 2;
  return size;
}

Refused check_target(std::string_view target) {
  if (target.empty() || target[0] != '/')
    return bad_head("the request's target must begin with '/'");
  if (target.size() > kTargetBytes || decoded_path_size(target) > kPathBytes)
    return Refusal{414,
                   Reason::bad_head,
                   "the request's target is over " + std::to_string(kTargetBytes) +
                       " bytes, or its path over " + std::to_string(kPathBytes),
                   {}};
  const auto plain = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (!std::all_of(target.begin(), target.end(), plain))
    return bad_head("the request's target has a byte that must be percent-encoded");
  return std::nullopt;
}

Refused check_request_line(std::string_view line, Head& head, bool& version_1_1) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return bad_head("the request line is not 'METHOD /path HTTP/1.1' with single spaces");
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);

  if (!is_token(method)) return bad_head("the method is not a word of HTTP");
  if (auto refused = check_target(target)) return refused;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (version.substr(0, 5) == "HTTP/")
      return Refusal{505, Reason::bad_head, "only HTTP/1.1 and HTTP/1.0 are spoken here", {}};
    return bad_head("the request line does not end in HTTP/1.1");
  }
  head.method = method;
  head.target = target;
  version_1_1 = version == "HTTP/1.1";
  return std::nullopt;
}

Refused check_header(std::string_view line, Head& head, Deciding& deciding) {
  if (line.empty()) return bad_head("there is an empty line among the headers");
  if (line[0] == ' ' || line[0] == '\t')
    return bad_head("a header is folded over several lines; send it in one");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return bad_head("a header has no colon");
  const auto name = line.substr(0, colon);
  if (!is_token(name)) return bad_head("a header's name has a character no name may have");
  const auto value = trim(line.substr(colon + 1));
  if (has_control(value)) return bad_head("a header's value has a control character");

  auto& [lower, kept] = head.headers.emplace_back(lower_case(name), value);
  deciding.note(lower, value);
  return std::nullopt;
}

Refused decide_framing(const Deciding& d, bool version_1_1, Head& head) {
  if (d.content_length.seen > 0 && d.transfer_encoding.seen > 0)
    return bad_head("both Content-Length and Transfer-Encoding are given; send one of them");
  if (d.content_length.seen > 1)
    return bad_head("Content-Length is given more than once; send one");
  if (d.transfer_encoding.seen > 0) {
    if (!version_1_1) return bad_head("HTTP/1.0 has no Transfer-Encoding");
    if (d.transfer_encoding.seen > 1 || !same_word(d.transfer_encoding.value, "chunked"))
      return unsupported(501, "the only Transfer-Encoding understood is 'chunked', given once");
    head.framing = Framing::chunked;
    return std::nullopt;
  }
  if (d.content_length.seen == 0) return std::nullopt;

  const auto digits = d.content_length.value;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
    return bad_head("Content-Length must be digits and nothing else");
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), head.length);
  if (read.ec != std::errc{}) head.length = SIZE_MAX;  // too large for a number is too large for us
  head.framing = Framing::length;
  return std::nullopt;
}

Refused decide_coding(const Once& encoding, Head& head) {
  if (encoding.seen == 0 || encoding.value.empty() || same_word(encoding.value, "identity"))
    return std::nullopt;
  if (encoding.seen == 1) {
    if (same_word(encoding.value, "gzip") || same_word(encoding.value, "x-gzip"))
      return head.coding = Coding::gzip, std::nullopt;
    if (same_word(encoding.value, "deflate")) return head.coding = Coding::deflate, std::nullopt;
  }
  return unsupported(415,
                     "this Content-Encoding is not understood; send the body as it is, or as gzip "
                     "or deflate");
}

Refused decide(const Deciding& d, bool version_1_1, Head& head) {
  if (d.host.seen > 1) return bad_head("Host is given more than once");
  if (version_1_1 && d.host.seen == 0) return bad_head("the Host header is missing");
  if (auto refused = decide_framing(d, version_1_1, head)) return refused;
  if (auto refused = decide_coding(d.content_encoding, head)) return refused;
  if (d.expect.seen > 0) {
    if (d.expect.seen > 1 || !same_word(d.expect.value, "100-continue"))
      return unsupported(417, "the only expectation understood is 100-continue");
    head.expects_continue = version_1_1 && head.framing != Framing::none;
  }
  head.keep_alive = !d.close && (version_1_1 || d.keep_alive);
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_head(std::string_view text, const Limits& limits, Head& head) {
  Deciding deciding;
  bool version_1_1 = false;
  auto end = text.find("\r\n");
  if (auto refused = check_request_line(text.substr(0, end), head, version_1_1)) return refused;
  while (end != std::string_view::npos && end + 2 < text.size()) {
    text.remove_prefix(end + 2);
    end = text.find("\r\n");
    if (head.headers.size() == limits.headers)
      return Refusal{431,
                     Reason::head_too_large,
                     "more than " + std::to_string(limits.headers) + " headers",
                     {}};
    if (auto refused = check_header(text.substr(0, end), head, deciding)) return refused;
  }
  return decide(deciding, version_1_1, head);
}

}  // namespace tocsin::front_door
