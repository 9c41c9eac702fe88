#include "router/last_good.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>
#include <string>

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr std::array kCopies{"last-good.0", "last-good.1"};

Error disk_error(const fs::path& path) {
  return unavailable(path.string() +
                     ": cannot keep a copy of the configuration: " + strerror(errno));
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Status write_file(const fs::path& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return disk_error(path);
  const bool durable = write_all(file, text) && ::fsync(file) == 0;
  const Error why = disk_error(path);
  ::close(file);
  return durable ? ok() : Status(why);
}

// What a directory says of its names is on stable storage only after its own fsync.
Status sync_directory(const fs::path& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return disk_error(path);
  const bool durable = ::fsync(directory) == 0;
  const Error why = disk_error(path);
  ::close(directory);
  return durable ? ok() : Status(why);
}

Status make_directory(const fs::path& path) {
  return ::mkdir(path.c_str(), 0700) == 0 ? ok() : Status(disk_error(path));
}

Status write_files(const fs::path& copy, const std::vector<settings::File>& files) {
  TOCSIN_TRY([[maybe_unused]] const Unit made, make_directory(copy));
  std::set<fs::path> folders{copy};
  for (const settings::File& file : files) {
    if (file.text.empty()) continue;
    const fs::path path = copy / file.name;
    if (folders.insert(path.parent_path()).second) {
      TOCSIN_TRY([[maybe_unused]] const Unit folder, make_directory(path.parent_path()));
    }
    TOCSIN_TRY([[maybe_unused]] const Unit written, write_file(path, file.text));
  }
  for (const fs::path& folder : folders) {
    TOCSIN_TRY([[maybe_unused]] const Unit durable, sync_directory(folder));
  }
  return ok();
}

}  // namespace

LastGood::LastGood(const fs::path& data) : link_(data / "last-good") {}

bool LastGood::exists() const {
  std::error_code problem;
  return fs::exists(link_, problem);
}

Status LastGood::keep(const std::vector<settings::File>& files) const {
  std::error_code problem;
  const bool first_counts = fs::read_symlink(link_, problem) == kCopies[0];
  const fs::path name = kCopies[first_counts ? 1 : 0];
  const fs::path data = link_.parent_path(), copy = data / name, turned = data / "last-good.new";
  fs::remove_all(copy, problem);
  TOCSIN_TRY([[maybe_unused]] const Unit written, write_files(copy, files));
  fs::remove(turned, problem);
  if (::symlink(name.c_str(), turned.c_str()) != 0 || ::rename(turned.c_str(), link_.c_str()) != 0)
    return disk_error(link_);
  return sync_directory(data);
}

Result<std::vector<settings::File>> LastGood::files() const {
  return settings::read_directory(link_.string());
}

}  // namespace tocsin
