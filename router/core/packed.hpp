// Pieces of bytes made small together and whole again one by one, so that neither side needs all of
// them at once: a gzip stream (RFC 1952), with its checksum, of each piece's length (32 bits, the
// lowest first) and bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin {

class Packer {
 public:
  Packer();
  ~Packer();
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  /// Of kMostPieceBytes at the most; empty ones are left out.
  void add(std::string_view piece);
  /// All that was added, packed. Once, at the end. Empty: it did not work.
  std::string take();

 private:
  struct Stream;
  void run(std::string_view bytes, bool last);

  std::unique_ptr<Stream> stream_;
  std::string out_;
};

/// Begins as what a Packer gives; no CBOR array does.
bool is_packed(std::string_view bytes);

/// Hostile bytes are safe: what cannot be unpacked ends early, and a piece takes no more memory
/// than it has bytes.
class Unpacker {
 public:
  /// `packed` must live as long as this.
  explicit Unpacker(std::string_view packed);
  ~Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  /// The next piece, as it was added, which lives until the one after it is asked for; empty: there
  /// are no more.
  std::string_view next();
  /// After the last piece: all of it was there, as it was packed.
  bool is_whole() const;

 private:
  struct Stream;

  bool unpack(std::string& into, std::size_t bytes);

  std::unique_ptr<Stream> stream_;
};

inline constexpr std::size_t kMostPieceBytes = 1u << 30;

}  // namespace tocsin
