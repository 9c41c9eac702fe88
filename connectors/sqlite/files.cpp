#include "connectors/sqlite/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tocsin::sqlite {

Result<FileLock> FileLock::take(const std::filesystem::path& path, const std::string& name) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return unavailable(name + " cannot be locked: " + std::strerror(errno) +
                       "; let this user write there");
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return refused(name +
                   " is in use by another tocsin; stop that one, or give this one a place of its "
                   "own");
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int problem = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced)
    return unavailable("directory " + directory.string() +
                       " cannot be made durable: " + std::strerror(problem));
  return ok();
}

}  // namespace tocsin::sqlite
