#include "router/disk/durable_file.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <string>

namespace tocsin {
namespace {

namespace fs = std::filesystem;

Error disk_error(const fs::path& path, const char* what) {
  return unavailable(path.string() + ": cannot " + what + ": " + strerror(errno));
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

Status write_new(const fs::path& path, const std::vector<std::string_view>& parts) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return disk_error(path, "write it");
  bool durable = true;
  for (const std::string_view part : parts) durable = durable && write_all(file, part);
  durable = durable && ::fsync(file) == 0;
  const Error why = disk_error(path, "write it");
  ::close(file);
  return durable ? ok() : Status(why);
}

fs::path fresh_of(const fs::path& path) { return path.string() + ".new"; }

}  // namespace

Status write_new_file(const fs::path& path, std::string_view bytes) {
  return write_new(path, {bytes});
}

Status replace_file(const fs::path& path, std::string_view bytes) {
  return replace_file(path, std::vector<std::string_view>{bytes});
}

Status replace_file(const fs::path& path, const std::vector<std::string_view>& parts) {
  const fs::path fresh = fresh_of(path);
  ::unlink(fresh.c_str());  // of an earlier process that did not come to its end
  TOCSIN_TRY([[maybe_unused]] const Unit written, write_new(fresh, parts));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return disk_error(path, "write it");
  return sync_directory(path.parent_path());
}

Status remove_file(const fs::path& path) {
  for (const fs::path& each : {fresh_of(path), path})
    if (::unlink(each.c_str()) != 0 && errno != ENOENT) return disk_error(each, "remove it");
  return sync_directory(path.parent_path());
}

Status sync_directory(const fs::path& directory) {
  const fs::path name = directory.empty() ? fs::path(".") : directory;
  const int file = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = file >= 0 && ::fsync(file) == 0;
  const Error why = disk_error(name, "make its names durable");
  if (file >= 0) ::close(file);
  return durable ? ok() : Status(why);
}

}  // namespace tocsin
