#include "router/last_good.hpp"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "router/disk/data_names.hpp"
#include "router/disk/durable_file.hpp"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

Error disk_error(const fs::path& path) {
  return unavailable(path.string() +
                     ": cannot keep a copy of the configuration: " + strerror(errno));
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
    TOCSIN_TRY([[maybe_unused]] const Unit written, write_new_file(path, file.text));
  }
  for (const fs::path& folder : folders) {
    TOCSIN_TRY([[maybe_unused]] const Unit durable, sync_directory(folder));
  }
  return ok();
}

}  // namespace

LastGood::LastGood(const fs::path& data) : link_(data / kLastGoodLink) {}

bool LastGood::exists() const {
  std::error_code problem;
  return fs::exists(link_, problem);
}

Status LastGood::keep(const std::vector<settings::File>& files) const {
  std::error_code problem;
  const bool first_counts = fs::read_symlink(link_, problem) == kLastGoodCopies[0];
  const fs::path name = kLastGoodCopies[first_counts ? 1 : 0];
  const fs::path data = link_.parent_path(), copy = data / name, turned = link_.string() + ".new";
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
