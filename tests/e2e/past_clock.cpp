// A wall clock that is set back, for a real tocsin: LD_PRELOAD=… TOCSIN_CLOCK_BEHIND=SECONDS; or
// one that is stepped while it runs: TOCSIN_CLOCK_BEHIND_FILE=PATH, a file of one number of 64
// bits, the seconds, which may be written at any time. Steady clocks are as ever, and so is the
// length of every wait, also of librdkafka's, which are said as moments of the wall clock. With
// TOCSIN_REBOOTED_AT=SECONDS the machine seems to have been booted anew when its CLOCK_BOOTTIME was
// so many seconds: that clock counts from there, and the boot has another name. For
// kafka_retention_test.py and clock_step_test.py.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

// The number in the file, or nothing where none is named; a file that cannot be read ends the test.
const std::atomic<std::int64_t>* stepped() {
  const char* const path = std::getenv("TOCSIN_CLOCK_BEHIND_FILE");
  if (path == nullptr) return nullptr;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  void* const page = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (page == MAP_FAILED) std::abort();
  close(file);
  return static_cast<const std::atomic<std::int64_t>*>(page);
}

time_t behind() {
  static const std::atomic<std::int64_t>* const now = stepped();
  static const time_t always = [] {
    const char* const set = std::getenv("TOCSIN_CLOCK_BEHIND");
    return set != nullptr ? std::strtoll(set, nullptr, 10) : 0;
  }();
  return now != nullptr ? now->load(std::memory_order_relaxed) : always;
}

// Nothing: it was not booted anew.
const char* rebooted_at() {
  static const char* const at = std::getenv("TOCSIN_REBOOTED_AT");
  return at;
}

timespec in_truth(const timespec& moment) { return {moment.tv_sec + behind(), moment.tv_nsec}; }

template <class Function>
Function* libc(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto done = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec -= behind();
  if (done == 0 && clock == CLOCK_BOOTTIME && rebooted_at() != nullptr)
    now->tv_sec -= std::strtoll(rebooted_at(), nullptr, 10);
  return done;
}

int gettimeofday(timeval* now, void*) noexcept {
  timespec exact{};
  const int done = clock_gettime(CLOCK_REALTIME, &exact);
  *now = {exact.tv_sec, exact.tv_nsec / 1000};
  return done;
}

time_t time(time_t* now) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != nullptr) *now = exact.tv_sec;
  return exact.tv_sec;
}

// As std::ifstream opens it.
FILE* fopen64(const char* path, const char* mode) {
  static auto* const open_file = libc<decltype(fopen64)>("fopen64");
  if (rebooted_at() == nullptr || std::strcmp(path, "/proc/sys/kernel/random/boot_id") != 0)
    return open_file(path, mode);
  const int file = memfd_create("boot_id", MFD_CLOEXEC);
  dprintf(file, "another-boot-%s\n", rebooted_at());
  lseek(file, 0, SEEK_SET);
  return fdopen(file, mode);
}

int timespec_get(timespec* now, int base) noexcept {
  return clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  static auto* const wait = libc<decltype(cnd_timedwait)>("cnd_timedwait");
  const timespec truth = in_truth(*until);
  return wait(condition, mutex, &truth);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* until) {
  static auto* const wait = libc<decltype(pthread_cond_timedwait)>("pthread_cond_timedwait");
  const timespec truth = in_truth(*until);
  return wait(condition, mutex, &truth);
}

}  // extern "C"
