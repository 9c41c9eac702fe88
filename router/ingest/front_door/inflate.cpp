#include "router/ingest/front_door/inflate.hpp"

#include <zlib.h>

#include <algorithm>

namespace tocsin::front_door {
namespace {

constexpr int kWindowBits = 15;
constexpr int kGzip = 16 + kWindowBits;
constexpr std::size_t kFirstPiece = 16U << 10;

// Ends the stream whichever way the function is left.
struct Stream : z_stream {
  Stream() : z_stream{} {}
  ~Stream() { inflateEnd(this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

// The two bytes of a zlib header check themselves.
bool has_zlib_header(std::string_view data) {
  if (data.size() < 2) return false;
  const auto first = static_cast<unsigned char>(data[0]);
  const auto second = static_cast<unsigned char>(data[1]);
  return (first & 0x0fU) == Z_DEFLATED && (first * 256U + second) % 31U == 0;
}

int window_bits(std::string_view data, Coding coding) {
  if (coding == Coding::gzip) return kGzip;
  return has_zlib_header(data) ? kWindowBits : -kWindowBits;
}

std::optional<Refusal> bad_body(std::string detail) {
  return Refusal{400, Reason::bad_body, std::move(detail), {}};
}

}  // namespace

std::optional<Refusal> inflate(std::string_view compressed, Coding coding, std::size_t most_bytes,
                               std::string& out) {
  Stream stream;
  TOCSIN_CHECK(inflateInit2(&stream, window_bits(compressed, coding)) == Z_OK, "out of memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());

  std::size_t filled = 0;
  while (true) {
    if (filled == out.size()) {
      // One byte over the cap is made room for, so that a body of exactly the cap is not taken for
      // a larger one.
      if (filled > most_bytes)
        return Refusal{413,
                       Reason::body_too_large,
                       "the inflated body is over " + std::to_string(most_bytes) +
                           " bytes; send fewer alerts in one request",
                       {}};
      out.resize(std::min(most_bytes + 1, std::max(kFirstPiece, filled * 2)));
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(out.size() - filled);
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    filled = out.size() - stream.avail_out;

    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (coding != Coding::gzip || inflateReset(&stream) != Z_OK)
        return bad_body("there is something after the end of the compressed body");
    } else if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0)) {
      if (stream.avail_out > 0) return bad_body("the compressed body ends too early");
    } else if (result != Z_OK) {
      return bad_body("the body is not what its Content-Encoding says, or is damaged");
    }
  }
  if (filled > most_bytes)
    return Refusal{413,
                   Reason::body_too_large,
                   "the inflated body is over " + std::to_string(most_bytes) +
                       " bytes; send fewer alerts in one request",
                   {}};
  out.resize(filled);
  return std::nullopt;
}

}  // namespace tocsin::front_door
