// A wall clock that is set back, for a real tocsin: LD_PRELOAD=… TOCSIN_CLOCK_BEHIND=SECONDS.
// Steady clocks are as ever, and so is the length of every wait, also of librdkafka's, which are
// said as moments of the wall clock. For kafka_retention_test.py.
#include <dlfcn.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t behind() {
  static const time_t seconds = [] {
    const char* const set = std::getenv("TOCSIN_CLOCK_BEHIND");
    return set != nullptr ? std::strtoll(set, nullptr, 10) : 0;
  }();
  return seconds;
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
