#include "router/core/packed.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <zlib.h>

namespace tocsin {
namespace {

constexpr int kGzip = 16;  // added to the window's bits: with gzip's head and checksum
// States repeat themselves: the quickest level makes them several times smaller.
constexpr int kLevel = Z_BEST_SPEED;
constexpr int kMemory = 8;  // zlib's own default
constexpr std::size_t kHeadBytes = 4;
constexpr std::size_t kStepBytes = 256u << 10;
constexpr std::string_view kBegins = "\x1f\x8b";

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
}
uInt size_of(std::string_view text) {
  return static_cast<uInt>(std::min<std::size_t>(text.size(), std::numeric_limits<uInt>::max()));
}

}  // namespace

struct Packer::Stream {
  z_stream z{};
  bool works = false;
};

Packer::Packer() : stream_(std::make_unique<Stream>()) {
  stream_->works = deflateInit2(&stream_->z, kLevel, Z_DEFLATED, MAX_WBITS + kGzip, kMemory,
                                Z_DEFAULT_STRATEGY) == Z_OK;
}

Packer::~Packer() { deflateEnd(&stream_->z); }

void Packer::add(std::string_view piece) {
  if (piece.empty()) return;
  stream_->works = stream_->works && piece.size() <= kMostPieceBytes;
  const std::size_t size = piece.size();
  const char head[kHeadBytes] = {
      static_cast<char>(size & 0xff), static_cast<char>(size >> 8 & 0xff),
      static_cast<char>(size >> 16 & 0xff), static_cast<char>(size >> 24 & 0xff)};
  run({head, sizeof head}, false);
  run(piece, false);
}

void Packer::run(std::string_view bytes, bool last) {
  if (!stream_->works) return;
  z_stream& z = stream_->z;
  z.next_in = bytes_of(bytes);
  z.avail_in = size_of(bytes);
  char piece[16u << 10];
  do {
    z.next_out = reinterpret_cast<Bytef*>(piece);
    z.avail_out = sizeof piece;
    deflate(&z, last ? Z_FINISH : Z_NO_FLUSH);
    out_.append(piece, sizeof piece - z.avail_out);
  } while (z.avail_out == 0);
}

std::string Packer::take() {
  run({}, true);
  if (!stream_->works) return {};
  out_.shrink_to_fit();  // it may be kept for a while
  return std::move(out_);
}

bool is_packed(std::string_view bytes) { return bytes.starts_with(kBegins); }

struct Unpacker::Stream {
  z_stream z{};
  bool open = false;
  bool whole = false;
  std::string piece;
};

Unpacker::Unpacker(std::string_view packed) : stream_(std::make_unique<Stream>()) {
  stream_->z.next_in = bytes_of(packed);
  stream_->z.avail_in = size_of(packed);
  stream_->open =
      stream_->z.avail_in == packed.size() && inflateInit2(&stream_->z, MAX_WBITS + kGzip) == Z_OK;
}

Unpacker::~Unpacker() { inflateEnd(&stream_->z); }

bool Unpacker::is_whole() const { return stream_->whole; }

// So many bytes more: a step at a time, for they may only be said to be there.
bool Unpacker::unpack(std::string& into, std::size_t bytes) {
  z_stream& z = stream_->z;
  into.clear();
  while (into.size() < bytes && stream_->open) {
    const std::size_t before = into.size();
    into.resize(std::min(bytes, before + kStepBytes));
    z.next_out = bytes_of(std::string_view(into).substr(before));
    z.avail_out = static_cast<uInt>(into.size() - before);
    const int done = inflate(&z, Z_NO_FLUSH);
    into.resize(into.size() - z.avail_out);
    stream_->open = done == Z_OK;
    if (done == Z_STREAM_END) stream_->whole = z.avail_in == 0;
  }
  return into.size() == bytes;
}

std::string_view Unpacker::next() {
  std::string& piece = stream_->piece;
  if (!unpack(piece, kHeadBytes)) {
    if (!piece.empty()) stream_->whole = false;
    return {};
  }
  std::size_t size = 0;
  for (std::size_t i = kHeadBytes; i-- > 0;)
    size = size << 8 | static_cast<unsigned char>(piece[i]);
  if (size > kMostPieceBytes || !unpack(piece, size)) {
    stream_->open = stream_->whole = false;
    return {};
  }
  return piece;
}

}  // namespace tocsin
