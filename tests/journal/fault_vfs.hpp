// A way to the disk that fails when told to, and that knows what a power cut would leave: for each
// file, its content at its last fsync. Give name() as SqliteOptions::vfs. One at a time in a
// process; any thread may call.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace tocsin::journal::testing {

class FaultVfs {
 public:
  FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  std::string name() const;
  /// Every write fails as on a full disk, or works again.
  void fill_disk(bool full);
  /// The next fsyncs of a WAL fail. What that file holds never becomes durable any more, though
  /// later fsyncs of it succeed: a kernel may take the pages for written.
  void fail_wal_syncs(int count);
  /// Holds every fsync of a WAL until it is told otherwise.
  void hold_wal_syncs(bool held);
  /// From now on nothing becomes durable any more, whatever the disk says.
  void cut_power();
  /// What the disk has after the power cut, as files in a directory that exists.
  void leave_in(const std::filesystem::path& directory);

  // For the C functions that SQLite calls.
  bool may_write();
  bool may_sync(const std::string& path);
  void synced(const std::string& path);
  void opened(const std::string& path);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool full_ = false;
  bool held_ = false;
  bool cut_ = false;
  int failing_syncs_ = 0;
  std::map<std::string, std::string> durable_;  // content by path
  std::set<std::string> lost_;                  // paths with a failed fsync
};

}  // namespace tocsin::journal::testing
