#include "router/durable_file.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "connectors/sqlite/files.hpp"

namespace tocsin {
namespace {

Error disk_error(const std::filesystem::path& path) {
  return unavailable(path.string() + ": cannot write it: " + strerror(errno));
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

}  // namespace

Status write_new_file(const std::filesystem::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return disk_error(path);
  const bool durable = write_all(file, bytes) && ::fsync(file) == 0;
  const Error why = disk_error(path);
  ::close(file);
  return durable ? ok() : Status(why);
}

Status replace_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path fresh = path.string() + ".new";
  ::unlink(fresh.c_str());  // of an earlier process that did not come to its end
  TOCSIN_TRY([[maybe_unused]] const Unit written, write_new_file(fresh, bytes));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return disk_error(path);
  return sqlite::sync_directory(path.parent_path());
}

}  // namespace tocsin
