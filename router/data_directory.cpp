#include "router/data_directory.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "router/disk/data_names.hpp"
#include "router/disk/durable_file.hpp"

namespace tocsin {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kNodeBytes = 8;

Error disk_error(const std::filesystem::path& path, const char* what) {
  return unavailable(path.string() + ": cannot " + what + ": " + strerror(errno));
}

// An empty directory becomes the owner's; one that others use already (--data /tmp) is not ours to
// close.
Status keep_to_owner(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code fault;
  const bool fresh = fs::create_directories(path, fault);
  if (fault)
    return unavailable(path.string() + ": cannot make the data directory: " + fault.message());
  constexpr auto kOthers = fs::perms::group_all | fs::perms::others_all;
  const bool open_to_others = (fs::status(path, fault).permissions() & kOthers) != fs::perms::none;
  if (open_to_others && !fresh && !fs::is_empty(path, fault))
    return refused(
        path.string() +
        " is open to other users and not empty; give tocsin a --data of its own, or: chmod 700 " +
        path.string());
  if (open_to_others && ::chmod(path.c_str(), 0700) != 0)
    return disk_error(path, "keep it to its owner");
  return ok();
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path) {
  TOCSIN_TRY([[maybe_unused]] const Unit ours, keep_to_owner(path));
  const std::filesystem::path lock_path = path / kLockFile;
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return disk_error(lock_path, "open it");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return refused(path.string() +
                   " is in use by another tocsin; stop it, or give this one a --data of its own");
  }
  return DataDirectory(path, lock);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> DataDirectory::secret() const {
  const std::filesystem::path file = path_ / kSecretFile;
  std::string secret;
  std::ifstream(file) >> secret;
  if (secret.size() == 2 * kSecretBytes) return secret;
  if (!secret.empty())
    return corrupt(file.string() +
                   " is damaged; remove it (links in pages sent before will no longer work)");
  secret = random_hex(kSecretBytes);
  TOCSIN_TRY([[maybe_unused]] const Unit written, replace_file(file, secret));
  return secret;
}

Result<std::string> DataDirectory::node() const {
  std::string node = remembered(kNodeFile);
  if (!node.empty()) return node;
  node = random_hex(kNodeBytes);
  TOCSIN_TRY([[maybe_unused]] const Unit written, remember(kNodeFile, node));
  return node;
}

std::string DataDirectory::remembered(const std::string& name) const {
  std::string word;
  std::ifstream(path_ / name) >> word;
  return word;
}

Status DataDirectory::remember(const std::string& name, const std::string& word) const {
  return replace_file(path_ / name, word);
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  TOCSIN_CHECK(::getrandom(&number, sizeof number, 0) == sizeof number,
               "the kernel has randomness");
  return number;
}

std::string random_hex(std::size_t bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  while (text.size() < 2 * bytes) {
    std::uint64_t number = random_number();
    for (int digit = 0; digit < 16 && text.size() < 2 * bytes; ++digit, number >>= 4)
      text += kDigits[number & 15];
  }
  return text;
}

}  // namespace tocsin
