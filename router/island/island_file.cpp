#include "router/island/island_file.hpp"

#include <fstream>

#include "router/core/cbor.hpp"
#include "router/core/checksum.hpp"
#include "router/disk/durable_file.hpp"

namespace tocsin::island {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFirstLine = "tocsin island 1\n";
constexpr std::size_t kNumberBytes = 4;
constexpr std::size_t kHeaderFields = 5;

std::string number_bytes(std::uint32_t number) {
  std::string bytes;
  for (std::size_t i = 0; i < kNumberBytes; ++i)
    bytes.push_back(static_cast<char>(number >> (8 * i) & 0xff));
  return bytes;
}

std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < kNumberBytes; ++i)
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return number;
}

std::string encode_header(const IslandBeginning& beginning) {
  cbor::Writer out;
  out.array(kHeaderFields).text(beginning.spool);
  out.number(beginning.began.time_since_epoch().count());
  out.array(beginning.from.size());
  for (const Position position : beginning.from) out.unsigned_number(position);
  out.array(beginning.held.size());
  for (const bool held : beginning.held) out.boolean(held);
  out.array(beginning.states.size());
  for (const std::string& state : beginning.states) out.unsigned_number(state.size());
  return out.take();
}

struct Header {
  IslandBeginning beginning;  // without the states
  std::vector<std::uint64_t> sizes;
};

std::optional<Header> decode_header(std::string_view bytes) {
  cbor::Reader in(bytes);
  Header header;
  const bool known = in.array() == kHeaderFields;
  header.beginning.spool = in.text();
  header.beginning.began = WallTime(Duration(in.number()));
  for (std::size_t n = in.array(); n > 0 && in.ok(); --n)
    header.beginning.from.push_back(in.unsigned_number());
  for (std::size_t n = in.array(); n > 0 && in.ok(); --n)
    header.beginning.held.push_back(in.boolean());
  for (std::size_t n = in.array(); n > 0 && in.ok(); --n)
    header.sizes.push_back(in.unsigned_number());
  if (!known || !in.ok() || !in.at_end()) return std::nullopt;
  return header;
}

/// Gives out a file from its beginning to where its checksum stands, and sums up what it gave.
class Pieces {
 public:
  Pieces(const fs::path& path, std::uintmax_t size)
      : in_(path, std::ios::binary), left_(size - std::min<std::uintmax_t>(size, kNumberBytes)) {}

  /// Nothing if there is no more so much.
  std::optional<std::string> next(std::uint64_t size) {
    if (size > left_) return std::nullopt;
    left_ -= size;
    std::string piece = raw(size);
    crc_ = crc32c(piece, crc_);
    return piece;
  }
  bool ends_with_its_checksum() {
    const std::uint32_t crc = crc_;
    return left_ == 0 && number_of(raw(kNumberBytes)) == crc && in_.good();
  }
  bool failed() const { return !in_.good(); }

 private:
  std::string raw(std::uint64_t size) {
    std::string bytes(size, '\0');
    in_.read(bytes.data(), static_cast<std::streamsize>(size));
    return bytes;
  }

  std::ifstream in_;
  std::uintmax_t left_;
  std::uint32_t crc_ = 0;
};

std::optional<IslandBeginning> read_from(Pieces& pieces) {
  if (pieces.next(kFirstLine.size()) != kFirstLine) return std::nullopt;
  const auto length = pieces.next(kNumberBytes);
  const auto bytes = length ? pieces.next(number_of(*length)) : std::nullopt;
  auto header = bytes ? decode_header(*bytes) : std::nullopt;
  if (!header) return std::nullopt;
  for (const std::uint64_t size : header->sizes) {
    auto state = pieces.next(size);
    if (!state) return std::nullopt;
    header->beginning.states.push_back(std::move(*state));
  }
  if (!pieces.ends_with_its_checksum()) return std::nullopt;
  return std::move(header->beginning);
}

}  // namespace

Status IslandFile::save(const IslandBeginning& beginning) const {
  const std::string header = encode_header(beginning);
  const std::string length = number_bytes(static_cast<std::uint32_t>(header.size()));
  std::vector<std::string_view> parts{kFirstLine, length, header};
  parts.insert(parts.end(), beginning.states.begin(), beginning.states.end());
  std::uint32_t crc = 0;
  for (const std::string_view part : parts) crc = crc32c(part, crc);
  const std::string sum = number_bytes(crc);
  parts.push_back(sum);
  return replace_file(path_, parts);
}

Result<std::optional<IslandBeginning>> IslandFile::load() const {
  std::error_code fault;
  const std::uintmax_t size = fs::file_size(path_, fault);
  if (fault == std::errc::no_such_file_or_directory) return std::optional<IslandBeginning>();
  if (fault) return unavailable(path_.string() + ": cannot read it: " + fault.message());
  Pieces pieces(path_, size);
  if (pieces.failed()) return unavailable(path_.string() + ": cannot read it");
  std::optional<IslandBeginning> beginning = read_from(pieces);
  if (!beginning && pieces.failed()) return unavailable(path_.string() + ": cannot read it");
  if (!beginning) return corrupt(path_.string() + " is damaged: it is no island's beginning");
  return beginning;
}

Status IslandFile::remove() const { return remove_file(path_); }

bool IslandFile::exists() const {
  std::error_code fault;
  return fs::exists(path_, fault) || fault;
}

}  // namespace tocsin::island
