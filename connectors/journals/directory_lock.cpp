#include "connectors/journals/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "connectors/journals/segment.hpp"

namespace tocsin::journal {

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  const std::string name = "journal " + directory.string();
  // Alerts are nobody else's business.
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return unavailable(name + " cannot be made: " + std::strerror(errno) +
                       "; make its parent directory and let this user write there");
  const std::filesystem::path parent =
      std::filesystem::absolute(directory / "..").lexically_normal();
  TOCSIN_TRY([[maybe_unused]] Unit durable, sync_directory(parent));
  const std::filesystem::path path = directory / "lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return unavailable(name + " cannot be locked: " + std::strerror(errno) +
                       "; let this user write there");
  DirectoryLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    return refused(
        name +
        " is in use by another tocsin; stop that one, or give this one a directory of its own");
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tocsin::journal
