#include "router/spool/spool_disk.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "router/core/checksum.hpp"
#include "router/disk/durable_file.hpp"

namespace tocsin::spool {
namespace fs = std::filesystem;
namespace {

constexpr char kFirstLine[] = "tocsin spool progress 1";
/// Twice 65,535 partitions of twenty digits each fit; anything larger is not ours.
constexpr std::uintmax_t kMostProgressBytes = 4u << 20;

Error disk_error(const fs::path& path, const char* what) {
  return unavailable(path.string() + ": cannot " + what + ": " + ::strerror(errno));
}

/// Closes at the end, whatever happens.
class File {
 public:
  File(const fs::path& path, int flags) : descriptor_(::open(path.c_str(), flags, 0600)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool sync() const { return ::fsync(descriptor_) == 0; }
  off_t size() const {
    struct stat found {};
    return ::fstat(descriptor_, &found) == 0 ? found.st_size : -1;
  }
  void cut_to(off_t size) const { static_cast<void>(::ftruncate(descriptor_, size) == 0); }

 private:
  const int descriptor_;
};

std::string line_of(const char* name, const journal::Cursor& cursor) {
  std::string line = name;
  for (const Position position : cursor) line += " " + std::to_string(position);
  return line + "\n";
}

// Empty, if it is another line.
journal::Cursor cursor_of(std::string_view name, const std::string& line) {
  journal::Cursor cursor;
  if (!line.starts_with(name)) return cursor;
  std::istringstream numbers(line.substr(name.size()));
  for (Position position = 0; numbers >> position;) cursor.push_back(position);
  return cursor;
}

std::string text_of(const Progress& progress) {
  std::string text = std::string(kFirstLine) + "\nspool " + progress.spool + "\n" +
                     line_of("forwarded", progress.forwarded);
  if (!progress.decided.empty()) text += line_of("decided", progress.decided);
  return text + "crc " + std::to_string(crc32c(text)) + "\n";
}

std::optional<Progress> parse(const std::string& text) {
  const std::size_t sum = text.rfind("crc ");
  if (sum == std::string::npos) return std::nullopt;
  const std::string said = text.substr(0, sum);
  if (text != said + "crc " + std::to_string(crc32c(said)) + "\n") return std::nullopt;
  std::istringstream lines(said);
  std::string first;
  std::string spool;
  std::string forwarded;
  if (!std::getline(lines, first) || first != kFirstLine) return std::nullopt;
  if (!std::getline(lines, spool) || !spool.starts_with("spool ")) return std::nullopt;
  if (!std::getline(lines, forwarded) || !forwarded.starts_with("forwarded")) return std::nullopt;
  std::string decided;
  std::getline(lines, decided);  // only after an island
  return Progress{spool.substr(6), cursor_of("forwarded", forwarded),
                  cursor_of("decided", decided)};
}

}  // namespace

Result<std::optional<Progress>> SpoolFiles::load() {
  std::error_code fault;
  const std::uintmax_t size = fs::file_size(progress_, fault);
  if (fault == std::errc::no_such_file_or_directory) return std::optional<Progress>();
  if (fault) return unavailable(progress_.string() + ": cannot read it: " + fault.message());
  if (size > kMostProgressBytes) return corrupt(progress_.string() + " is not a spool's progress");
  std::ifstream file(progress_, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return unavailable(progress_.string() + ": cannot read it");
  std::optional<Progress> progress = parse(text);
  if (!progress) return corrupt(progress_.string() + " is damaged");
  return progress;
}

Status SpoolFiles::save(const Progress& progress) {
  return replace_file(progress_, text_of(progress));
}

fs::path SpoolFiles::set_aside_path() const { return progress_.string() + ".set-aside"; }

Status SpoolFiles::set_aside(const Record& record) {
  const fs::path path = set_aside_path();
  const File file(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
  if (!file.is_open()) return disk_error(path, "open it");
  const off_t before = file.size();
  if (before < 0 || !file.write(encode(record)) || !file.sync()) {
    const Error error = disk_error(path, "add to it");
    if (before >= 0) file.cut_to(before);  // half of a record would hide those after it
    return error;
  }
  return sync_directory(path.parent_path());
}

std::uint64_t SpoolFiles::bytes() {
  std::error_code fault;
  std::uint64_t sum = 0;
  for (fs::directory_iterator each(directory_, fault), end; !fault && each != end;
       each.increment(fault)) {
    std::error_code gone;  // a segment that was dropped meanwhile
    const std::uintmax_t size = each->is_regular_file(gone) ? each->file_size(gone) : 0;
    if (!gone) sum += size;
  }
  return sum;
}

}  // namespace tocsin::spool
