#include "tests/journal/fault_vfs.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>

namespace tocsin::journal::testing {
namespace {

FaultVfs* the_faults = nullptr;

struct File {
  sqlite3_file base;
  sqlite3_file* real;
  std::string* path;
};

sqlite3_file* real_of(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }
std::string& path_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->path; }
sqlite3_vfs* real_vfs() { return sqlite3_vfs_find("unix"); }

int close_file(sqlite3_file* file) {
  const int code = real_of(file)->pMethods->xClose(real_of(file));
  std::free(real_of(file));
  delete reinterpret_cast<File*>(file)->path;
  return code;
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (!the_faults->may_write()) return SQLITE_FULL;
  return real_of(file)->pMethods->xWrite(real_of(file), data, size, at);
}

int sync_file(sqlite3_file* file, int flags) {
  if (!the_faults->may_sync(path_of(file))) return SQLITE_IOERR_FSYNC;
  const int code = real_of(file)->pMethods->xSync(real_of(file), flags);
  if (code == SQLITE_OK) the_faults->synced(path_of(file));
  return code;
}

#define FORWARD(function, parameters, ...)                                              \
  [] parameters {                                                                       \
    return real_of(file)->pMethods->function(real_of(file) __VA_OPT__(, ) __VA_ARGS__); \
  }

const sqlite3_io_methods kMethods = {
    2,
    close_file,
    FORWARD(xRead, (sqlite3_file * file, void* to, int size, sqlite3_int64 at), to, size, at),
    write_file,
    FORWARD(xTruncate, (sqlite3_file * file, sqlite3_int64 size), size),
    sync_file,
    FORWARD(xFileSize, (sqlite3_file * file, sqlite3_int64* size), size),
    FORWARD(xLock, (sqlite3_file * file, int level), level),
    FORWARD(xUnlock, (sqlite3_file * file, int level), level),
    FORWARD(xCheckReservedLock, (sqlite3_file * file, int* held), held),
    FORWARD(xFileControl, (sqlite3_file * file, int what, void* with), what, with),
    FORWARD(xSectorSize, (sqlite3_file * file)),
    FORWARD(xDeviceCharacteristics, (sqlite3_file * file)),
    FORWARD(xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile** map),
            page, size, extend, map),
    FORWARD(xShmLock, (sqlite3_file * file, int offset, int count, int flags), offset, count,
            flags),
    FORWARD(xShmBarrier, (sqlite3_file * file)),
    FORWARD(xShmUnmap, (sqlite3_file * file, int remove), remove),
    nullptr,
    nullptr};
#undef FORWARD

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  File* const ours = reinterpret_cast<File*>(file);
  std::memset(file, 0, sizeof(File));
  ours->real =
      static_cast<sqlite3_file*>(std::calloc(1, static_cast<std::size_t>(real_vfs()->szOsFile)));
  const int code = real_vfs()->xOpen(real_vfs(), name, ours->real, flags, out_flags);
  if (code != SQLITE_OK) {
    std::free(ours->real);
    return code;
  }
  ours->path = new std::string(name != nullptr ? name : "");
  the_faults->opened(*ours->path);
  ours->base.pMethods = &kMethods;
  return SQLITE_OK;
}

sqlite3_vfs the_vfs;

}  // namespace

FaultVfs::FaultVfs() {
  the_faults = this;
  the_vfs = *real_vfs();
  the_vfs.zName = "faults";
  the_vfs.szOsFile = sizeof(File);
  the_vfs.xOpen = open_file;
  the_vfs.pNext = nullptr;
  sqlite3_vfs_register(&the_vfs, 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&the_vfs);
  the_faults = nullptr;
}

std::string FaultVfs::name() const { return the_vfs.zName; }

void FaultVfs::fill_disk(bool full) {
  const std::lock_guard lock(mutex_);
  full_ = full;
}

void FaultVfs::fail_wal_syncs(int count) {
  const std::lock_guard lock(mutex_);
  failing_syncs_ = count;
}

void FaultVfs::hold_wal_syncs(bool held) {
  const std::lock_guard lock(mutex_);
  held_ = held;
  changed_.notify_all();
}

void FaultVfs::cut_power() {
  const std::lock_guard lock(mutex_);
  cut_ = true;
}

void FaultVfs::leave_in(const std::filesystem::path& directory) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, content] : durable_)
    std::ofstream(directory / std::filesystem::path(path).filename(), std::ios::binary) << content;
}

bool FaultVfs::may_write() {
  const std::lock_guard lock(mutex_);
  return !full_;
}

bool FaultVfs::may_sync(const std::string& path) {
  if (!path.ends_with("-wal")) return true;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !held_; });
  if (failing_syncs_ == 0) return true;
  --failing_syncs_;
  lost_.insert(path);
  return false;
}

void FaultVfs::synced(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  const std::lock_guard lock(mutex_);
  if (!cut_ && !lost_.contains(path)) durable_[path] = std::move(content);
}

// A segment is made under another name, and its new name is durable before it is opened.
void FaultVfs::opened(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto unfinished = durable_.find(path + ".new");
  if (unfinished == durable_.end() || cut_) return;
  durable_[path] = std::move(unfinished->second);
  durable_.erase(unfinished);
}

}  // namespace tocsin::journal::testing
