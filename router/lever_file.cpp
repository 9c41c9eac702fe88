#include "router/lever_file.hpp"

#include <errno.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "router/disk/data_names.hpp"
#include "router/disk/durable_file.hpp"

namespace tocsin {

namespace fs = std::filesystem;

LeverFile::LeverFile(const fs::path& data_directory) : file_(data_directory / kLeverFile) {}

bool LeverFile::is_pulled() const {
  struct stat found {};
  return ::lstat(file_.c_str(), &found) == 0 || errno != ENOENT;
}

std::optional<gameday::Lever> LeverFile::read() const {
  if (!is_pulled()) return std::nullopt;
  constexpr std::size_t kMost = 4u << 10;
  std::string text(kMost, '\0');
  std::ifstream in(file_, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return gameday::read_lever(text);
}

// In another directory it would stop nothing, and whoever pulls it would believe that it did.
Status LeverFile::is_there() const {
  std::error_code fault;
  const fs::path directory = file_.parent_path();
  if (fs::exists(directory / kLockFile, fault)) return ok();
  if (fault) return unavailable(directory.string() + ": " + fault.message());
  return not_found(directory.string() +
                   ": no tocsin has had this directory; name the --data of tocsin serve");
}

Status LeverFile::pull(const gameday::Lever& lever) const {
  TOCSIN_TRY([[maybe_unused]] const Unit ours, is_there());
  if (is_pulled()) return ok();
  const Status written = replace_file(file_, encode(lever));
  if (!written && !std::ofstream(file_, std::ios::app)) return written;  // its name is what counts
  // Whoever pulled it may be another user than the service that is to tell who it was.
  static_cast<void>(::chmod(file_.c_str(), 0644));
  return ok();
}

Status LeverFile::release() const {
  TOCSIN_TRY([[maybe_unused]] const Unit ours, is_there());
  return remove_file(file_);
}

}  // namespace tocsin
