#include "connectors/journals/wal_damage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

#include "connectors/sqlite/files.hpp"

// https://www.sqlite.org/fileformat2.html#walformat
namespace tocsin::journal {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = ".new";  // cleared away by the next start
constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // its last bit: checksums of big-endian words
constexpr std::size_t kLeastPage = 512;
constexpr std::size_t kMostPage = 65536;
// Places in a header, and in a frame's.
constexpr std::size_t kPageSize = 8, kSalts = 16, kHeaderSum = 24;
constexpr std::size_t kPageNumber = 0, kPagesAfter = 4, kFrameSalts = 8, kFrameSum = 16;
constexpr std::size_t kSummedOfFrame = 8;

using Sum = std::array<std::uint32_t, 2>;

class Wal {
 public:
  explicit Wal(std::string bytes) : bytes_(std::move(bytes)) {}

  bool has_sound_header() const {
    if (bytes_.size() < kHeader || (word(0) & ~1u) != kMagic) return false;
    const std::size_t page = word(kPageSize);
    return page >= kLeastPage && page <= kMostPage &&
           sum({0, 0}, 0, kHeaderSum) == sum_at(kHeaderSum);
  }
  std::size_t frames() const { return (bytes_.size() - kHeader) / frame_bytes(); }

  /// Of this time since the WAL began anew.
  bool is_current(std::size_t frame) const {
    return bytes_.compare(at(frame) + kFrameSalts, 8, bytes_, kSalts, 8) == 0;
  }
  bool ends_commit(std::size_t frame) const { return word(at(frame) + kPagesAfter) != 0; }
  bool has_page(std::size_t frame) const { return word(at(frame) + kPageNumber) != 0; }
  /// By the checksum that the frame before it says.
  bool fits(std::size_t frame) const {
    return is_current(frame) && has_page(frame) && sum_of(frame) == sum_at(at(frame) + kFrameSum);
  }
  void make_fit(std::size_t frame) {
    bytes_.replace(at(frame) + kFrameSalts, 8, bytes_, kSalts, 8);
    const Sum made = sum_of(frame);
    for (std::size_t i = 0; i < 2; ++i) put_word(at(frame) + kFrameSum + 4 * i, made[i]);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::size_t frame_bytes() const { return kFrameHeader + word(kPageSize); }
  std::size_t at(std::size_t frame) const { return kHeader + frame * frame_bytes(); }
  std::uint32_t byte(std::size_t place) const { return static_cast<unsigned char>(bytes_[place]); }
  std::uint32_t word(std::size_t place) const {
    return byte(place) << 24 | byte(place + 1) << 16 | byte(place + 2) << 8 | byte(place + 3);
  }
  std::uint32_t little_word(std::size_t place) const {
    return byte(place + 3) << 24 | byte(place + 2) << 16 | byte(place + 1) << 8 | byte(place);
  }
  void put_word(std::size_t place, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
      bytes_[place + i] = static_cast<char>(value >> (24 - 8 * i) & 0xff);
  }
  Sum sum_at(std::size_t place) const { return {word(place), word(place + 4)}; }
  Sum sum(Sum sum, std::size_t place, std::size_t length) const {
    const bool big = (word(0) & 1) != 0;
    for (std::size_t end = place + length; place < end; place += 8) {
      sum[0] += (big ? word(place) : little_word(place)) + sum[1];
      sum[1] += (big ? word(place + 4) : little_word(place + 4)) + sum[0];
    }
    return sum;
  }
  Sum sum_of(std::size_t frame) const {
    const Sum before = sum_at(frame == 0 ? kHeaderSum : at(frame - 1) + kFrameSum);
    return sum(sum(before, at(frame), kSummedOfFrame), at(frame) + kFrameHeader, word(kPageSize));
  }

  std::string bytes_;
};

struct Damaged {
  std::size_t first = 0;  // frame
  std::size_t last = 0;   // of the last commit that is there
};

// Frames of an earlier time may follow the last one, and do not fit: that is no damage.
std::optional<Damaged> damage_in(const Wal& wal) {
  std::size_t bad = 0;
  while (bad < wal.frames() && wal.fits(bad)) ++bad;
  bool commit_ended = false, proved = false;
  Damaged damaged{bad, 0};
  for (std::size_t i = bad; i < wal.frames(); ++i) {
    const bool fits = i > bad && wal.fits(i);
    proved = proved || (fits && commit_ended);
    if (fits && wal.ends_commit(i)) damaged.last = i;
    commit_ended = commit_ended || (wal.is_current(i) && wal.ends_commit(i));
  }
  return proved ? std::optional(damaged) : std::nullopt;
}

Result<std::string> read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return unavailable(path.string() + " cannot be read");
  return bytes;
}

Error disk_error(const fs::path& path) {
  return unavailable(path.string() + " cannot be written: " + std::strerror(errno));
}

// Whole or not at all, whenever the process dies.
Status replace(const fs::path& path, const std::string& bytes) {
  const fs::path fresh = path.string() + kUnfinished;
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return disk_error(fresh);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(file, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno != EINTR) break;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  const bool durable = done == bytes.size() && ::fsync(file) == 0;
  const Error why = disk_error(fresh);
  ::close(file);
  if (!durable) return why;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return disk_error(path);
  return sqlite::sync_directory(path.parent_path());
}

}  // namespace

Result<bool> mend_wal(const fs::path& path) {
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  if (problem || size <= kHeader) return false;
  TOCSIN_TRY(std::string bytes, read_all(path));
  Wal wal(std::move(bytes));
  if (!wal.has_sound_header()) {
    if (wal.bytes().find_first_not_of('\0') >= kHeader) return false;  // it was never written
    // SQLite would begin anew, as if there had been no commit.
    return corrupt("the beginning of " + path.string() + " is damaged");
  }
  const std::optional<Damaged> damaged = damage_in(wal);
  if (!damaged) return false;
  for (std::size_t i = damaged->first; i <= damaged->last; ++i) {
    if (!wal.has_page(i))
      return corrupt("frame " + std::to_string(i) + " of " + path.string() + " is damaged");
    wal.make_fit(i);
  }
  TOCSIN_TRY([[maybe_unused]] const Unit done, replace(path, wal.bytes()));
  return true;
}

}  // namespace tocsin::journal
