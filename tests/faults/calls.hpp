// What calls.cpp, which counts and fails system calls, and record.cpp, which writes down what a
// power cut would take back, have in common. Both run in a signal's handler, on any thread: nothing
// here allocates or locks a mutex.
#pragma once

#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>

extern "C" {
/// Makes the call, unseen by the filter. As the kernel answers: -errno, if it failed.
long tocsin_raw_call(long number, ...);
/// The one address from which calls are not trapped.
extern const char tocsin_raw_call_made;
}

namespace tocsin::faults {

inline constexpr std::size_t kMostPath = 1024;

struct Name {
  const char* text;
  long number;
};
struct Call {
  long number;
  long long arguments[6];
};

template <class... Arguments>
long raw(long number, Arguments... arguments) {
  return tocsin_raw_call(number, static_cast<long>(arguments)...);
}

/// Into the table of calls.
std::size_t name_of(long number);
const char* text_of(long number);
/// Always ended by a zero; what does not fit is cut off.
void copy_text(char* to, std::size_t size, const char* from);
/// As /proc has it: a path, "socket:[7]", … Empty if there is no such descriptor.
void path_of(int file, char* text, std::size_t size);
bool is_below(const char* directory, const char* path);

/// Reads the environment. Before the first call is trapped.
void begin_record();
/// Whether such calls must come to make_recorded().
bool is_recorded(long number);
/// Makes the call and writes down what it changed, if it changed anything that is recorded.
long make_recorded(const Call& call);

}  // namespace tocsin::faults
