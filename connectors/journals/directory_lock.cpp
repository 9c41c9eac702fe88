#include "connectors/journals/directory_lock.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace tocsin::journal {

Result<sqlite::FileLock> lock_directory(const std::filesystem::path& directory) {
  const std::string name = "journal " + directory.string();
  // Alerts are nobody else's business.
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return unavailable(name + " cannot be made: " + std::strerror(errno) +
                       "; make its parent directory and let this user write there");
  const std::filesystem::path parent =
      std::filesystem::absolute(directory / "..").lexically_normal();
  TOCSIN_TRY([[maybe_unused]] Unit durable, sqlite::sync_directory(parent));
  return sqlite::FileLock::take(directory / "lock", name);
}

}  // namespace tocsin::journal
