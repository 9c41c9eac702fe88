// What has changed below a directory, as bytes that say how to take it back; power_cut.py reads
// them. A record: kind (1 byte), inode, offset, size of the file before (8 bytes each), length (4
// bytes) and so many bytes, all little-endian.
//   W  these bytes are about to be changed, or the file is about to grow past its size
//   T  the file is about to be cut off at the offset; the bytes after it
//   S  the file is on stable storage
//   C  a file or link was made                 M  a directory was made
//   U  a name is about to go: path, its kept   D  a directory is about to go
//      link
//   F  a directory's names are on stable storage
//   R  a name is about to become another: from, to, the kept link of what was there
//   ?  a call that is not understood here: its name
// What is about to happen is written down before, what is durable only after it is.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <atomic>

#include "tests/faults/calls.hpp"

namespace tocsin::faults {
namespace {

const char* directory = nullptr;
const char* kept = nullptr;
int out = -1;
long links = 0;
std::atomic_flag busy = ATOMIC_FLAG_INIT;
char piece[64 * 1024];  // while busy

struct Hold {
  Hold() {
    while (busy.test_and_set(std::memory_order_acquire)) raw(SYS_sched_yield);
  }
  ~Hold() { busy.clear(std::memory_order_release); }
};

long address(const void* at) { return reinterpret_cast<long>(at); }

void put(char kind, std::uint64_t inode, std::uint64_t offset, std::uint64_t size,
         const void* bytes, std::size_t length) {
  char head[29];
  head[0] = kind;
  memcpy(head + 1, &inode, 8);
  memcpy(head + 9, &offset, 8);
  memcpy(head + 17, &size, 8);
  const auto short_length = static_cast<std::uint32_t>(length);
  memcpy(head + 25, &short_length, 4);
  raw(SYS_write, out, address(head), sizeof head);
  if (length > 0) raw(SYS_write, out, address(bytes), length);
}

struct Stat {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
};

bool look(int file, Stat& found) {
  struct stat status {};
  if (raw(SYS_fstat, file, address(&status)) != 0) return false;
  found = {status.st_ino, static_cast<std::uint64_t>(status.st_size)};
  return true;
}

bool is_ours(int file) {
  char path[kMostPath];
  path_of(file, path, sizeof path);
  return is_below(directory, path);
}

// The bytes from `offset` on, as many as there are of `length`, in pieces after a first one of
// none.
void put_before(char kind, int file, std::uint64_t offset, std::uint64_t length) {
  Stat stat;
  if (!look(file, stat)) return;
  put(kind, stat.inode, offset, stat.size, nullptr, 0);
  // The descriptor itself may be for writing only.
  char link[kMostPath];
  path_of(file, link, sizeof link);
  const long reader = raw(SYS_openat, AT_FDCWD, address(link), O_RDONLY | O_CLOEXEC);
  if (reader < 0) return put('?', 0, 0, 0, link, strlen(link));
  const std::uint64_t end = offset + length < stat.size ? offset + length : stat.size;
  while (offset < end) {
    const std::uint64_t most = end - offset < sizeof piece ? end - offset : sizeof piece;
    const long got = raw(SYS_pread64, reader, address(piece), most, offset);
    if (got <= 0) break;
    put(kind, stat.inode, offset, stat.size, piece, static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  raw(SYS_close, reader);
}

std::size_t append(char* text, std::size_t at, const char* more) {
  copy_text(text + at, 3 * kMostPath - at, more);
  return at + strlen(text + at) + 1;
}

// Keeps what has this name under another; its bytes are then still found by their inode.
const char* keep(const char* path) {
  static char name[kMostPath];
  copy_text(name, sizeof name, kept);
  std::size_t at = strlen(name);
  name[at++] = '/';
  char digits[20];
  int count = 0;
  for (long rest = ++links; rest > 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  while (count > 0) name[at++] = digits[--count];
  name[at] = '\0';
  return raw(SYS_link, address(path), address(name)) == 0 ? name : "";
}

long make(const Call& call) {
  const auto& a = call.arguments;
  return raw(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long open_file(const Call& call, const char* path, long flags) {
  struct stat status {};
  const bool was_there = raw(SYS_stat, address(path), address(&status)) == 0;
  if (was_there && (flags & O_TRUNC) != 0) {
    const long file = raw(SYS_openat, AT_FDCWD, address(path), O_RDONLY | O_CLOEXEC);
    put_before('T', static_cast<int>(file), 0, static_cast<std::uint64_t>(status.st_size));
    raw(SYS_close, file);
  }
  const long file = make(call);
  Stat stat;
  if (file >= 0 && !was_there && look(static_cast<int>(file), stat))
    put('C', stat.inode, 0, 0, path, strlen(path));
  return file;
}

long rename_file(const Call& call, const char* from, const char* to) {
  char text[3 * kMostPath];
  std::size_t length = append(text, 0, from);
  length = append(text, length, to);
  length = append(text, length, keep(to));
  put('R', 0, 0, 0, text, length);
  return make(call);
}

long unlink_file(const Call& call, const char* path, bool is_directory) {
  char text[3 * kMostPath];
  if (is_directory) {
    put('D', 0, 0, 0, path, strlen(path));
    return make(call);
  }
  std::size_t length = append(text, 0, path);
  length = append(text, length, keep(path));
  put('U', 0, 0, 0, text, length);
  return make(call);
}

long make_name(const Call& call, const char* path) {
  const long answer = make(call);
  if (answer == 0) put(call.number == SYS_mkdir ? 'M' : 'C', 0, 0, 0, path, strlen(path));
  return answer;
}

long sync_file(const Call& call) {
  const long answer = make(call);
  if (answer != 0) return answer;
  const auto file = static_cast<int>(call.arguments[0]);
  Stat stat;
  char path[kMostPath];
  path_of(file, path, sizeof path);
  if (look(file, stat)) put('S', stat.inode, 0, 0, nullptr, 0);
  put('F', 0, 0, 0, path, strlen(path));
  return answer;
}

long write_file(const Call& call) {
  const auto file = static_cast<int>(call.arguments[0]);
  auto offset = static_cast<std::uint64_t>(call.arguments[3]);
  if (call.number == SYS_write) {
    Stat stat;
    const long flags = raw(SYS_fcntl, file, F_GETFL);
    if ((flags & O_APPEND) != 0 && look(file, stat))
      offset = stat.size;
    else
      offset = static_cast<std::uint64_t>(raw(SYS_lseek, file, 0, SEEK_CUR));
  }
  put_before('W', file, offset, static_cast<std::uint64_t>(call.arguments[2]));
  return make(call);
}

long cut_file(const Call& call) {
  const auto size = static_cast<std::uint64_t>(call.arguments[1]);
  Stat stat;
  const auto file = static_cast<int>(call.arguments[0]);
  if (!look(file, stat)) return make(call);
  if (stat.size >= size)
    put_before('T', file, size, stat.size - size);
  else
    put_before('W', file, stat.size, 0);
  return make(call);
}

}  // namespace

void begin_record() {
  directory = getenv("TOCSIN_CUT");
  if (directory == nullptr) return;
  kept = getenv("TOCSIN_CUT_KEPT");
  const char* const log = getenv("TOCSIN_CUT_LOG");
  out = log == nullptr ? -1 : open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (kept == nullptr || out < 0) abort();
}

bool is_recorded(long number) {
  if (directory == nullptr) return false;
  switch (number) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_fdatasync:
    case SYS_fsync:
    case SYS_rename:
    case SYS_unlink:
    case SYS_unlinkat:
    case SYS_rmdir:
    case SYS_mkdir:
    case SYS_symlink:
    case SYS_ftruncate:
    case SYS_openat:
    case SYS_open:
    case SYS_sendfile:
    case SYS_fallocate:
    case SYS_copy_file_range:
      return true;
    default:
      return false;
  }
}

long make_recorded(const Call& call) {
  if (!is_recorded(call.number)) return make(call);
  const auto text = [&](int index) { return reinterpret_cast<const char*>(call.arguments[index]); };
  const auto file = static_cast<int>(call.arguments[0]);
  switch (call.number) {
    case SYS_openat:
    case SYS_open: {
      const int first = call.number == SYS_openat ? 1 : 0;
      const long flags = call.arguments[first + 1];
      if ((flags & (O_CREAT | O_TRUNC)) == 0 || !is_below(directory, text(first)))
        return make(call);
      const Hold hold;
      return open_file(call, text(first), flags);
    }
    case SYS_rename: {
      if (!is_below(directory, text(0)) && !is_below(directory, text(1))) return make(call);
      const Hold hold;
      return rename_file(call, text(0), text(1));
    }
    case SYS_unlink: {
      if (!is_below(directory, text(0))) return make(call);
      const Hold hold;
      return unlink_file(call, text(0), false);
    }
    case SYS_rmdir: {
      if (!is_below(directory, text(0))) return make(call);
      const Hold hold;
      return unlink_file(call, text(0), true);
    }
    case SYS_unlinkat: {
      char path[2 * kMostPath];
      path_of(file, path, kMostPath);
      if (!is_below(directory, path)) return make(call);
      const std::size_t length = strlen(path);
      path[length] = '/';
      copy_text(path + length + 1, kMostPath, text(1));
      const Hold hold;
      return unlink_file(call, path, (call.arguments[2] & AT_REMOVEDIR) != 0);
    }
    case SYS_mkdir:
    case SYS_symlink: {
      const char* const path = text(call.number == SYS_mkdir ? 0 : 1);
      if (!is_below(directory, path)) return make(call);
      const Hold hold;
      return make_name(call, path);
    }
    default:
      break;
  }
  if (!is_ours(file)) return make(call);
  const Hold hold;
  switch (call.number) {
    case SYS_write:
    case SYS_pwrite64:
      return write_file(call);
    case SYS_ftruncate:
      return cut_file(call);
    case SYS_fdatasync:
    case SYS_fsync:
      return sync_file(call);
    default:
      put('?', 0, 0, 0, text_of(call.number), strlen(text_of(call.number)));
      return make(call);
  }
}

}  // namespace tocsin::faults
