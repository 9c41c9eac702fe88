#include "connectors/wire/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace tocsin::wire {
namespace {

constexpr int kLastGraceMilliseconds = 1000;  // for a killed process to be gone

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { reset(); }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// A file without a name: nobody has to write while the program reads, or does not.
Descriptor file_with(const std::string& text) {
  Descriptor file(memfd_create("tocsin-message", MFD_CLOEXEC));
  std::size_t done = 0;
  while (file && done < text.size()) {
    const ssize_t wrote = write(file.get(), text.data() + done, text.size() - done);
    if (wrote <= 0) return Descriptor();
    done += static_cast<std::size_t>(wrote);
  }
  if (file) lseek(file.get(), 0, SEEK_SET);
  return file;
}

Descriptor timer_of(Duration budget) {
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  const std::int64_t all = std::max<std::int64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(budget).count(), 1);
  itimerspec when{};
  when.it_value = {all / 1000, all % 1000 * 1'000'000};
  if (timer) timerfd_settime(timer.get(), 0, &when, nullptr);
  return timer;
}

/// What a process is started with, released with this object.
class Start {
 public:
  Start(int input, int output) {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);  // a group of its own
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawn_file_actions_adddup2(&actions_, input, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, 1);
    posix_spawn_file_actions_adddup2(&actions_, output, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;
  ~Start() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }

  /// 0, or an errno.
  int operator()(const std::string& program, const std::vector<std::string>& arguments,
                 pid_t* process) {
    std::vector<std::string> texts{program};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    std::array<std::string, 2> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"};
    std::array<char*, 3> envp{environment[0].data(), environment[1].data(), nullptr};
    return posix_spawn(process, program.c_str(), &actions_, &attributes_, argv.data(), envp.data());
  }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

void read_what_is_there(int pipe, std::string& output) {
  std::array<char, 4096> buffer;
  ssize_t got = 0;
  while ((got = read(pipe, buffer.data(), buffer.size())) > 0)
    output.append(buffer.data(),
                  std::min(static_cast<std::size_t>(got), kMostOutputBytes - output.size()));
}

/// Whether it ended by itself before the timer.
bool ended_in_time(int process, int timer, int pipe, std::string& output) {
  std::array<pollfd, 3> polled{{{process, POLLIN, 0}, {timer, POLLIN, 0}, {pipe, POLLIN, 0}}};
  while (true) {
    if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return false;
    if (polled[2].revents != 0) read_what_is_there(pipe, output);
    if (polled[0].revents != 0) return true;
    if (polled[1].revents != 0) return false;
    if ((polled[2].revents & POLLHUP) != 0) polled[2].fd = -1;  // it has closed its outputs
  }
}

}  // namespace

Result<Ended> run(const std::string& program, const std::vector<std::string>& arguments,
                  const std::string& input, Duration budget) {
  const Descriptor file = file_with(input), timer = timer_of(budget);
  std::array<int, 2> ends{-1, -1};
  if (!file || !timer || pipe2(ends.data(), O_CLOEXEC) != 0)
    return unavailable(program + ": no descriptors are left; nothing was run");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  fcntl(reading.get(), F_SETFL, O_NONBLOCK);

  pid_t process = -1;
  const int fault = Start(file.get(), writing.get())(program, arguments, &process);
  writing.reset();
  if (fault == ENOENT || fault == EACCES || fault == ENOEXEC || fault == ENOTDIR || fault == E2BIG)
    return invalid(program + ": it cannot be run (" + std::strerror(fault) + ")");
  if (fault != 0)
    return unavailable(program + ": no process could be started (" + std::strerror(fault) +
                       "); nothing was run");

  // Until it is waited for, its number is nobody else's.
  const Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  Ended ended;
  const bool in_time =
      handle && ended_in_time(handle.get(), timer.get(), reading.get(), ended.output);
  if (!in_time) {
    kill(-process, SIGKILL);
    pollfd gone{handle.get(), POLLIN, 0};
    poll(&gone, 1, kLastGraceMilliseconds);
  }
  int status = 0;
  waitpid(process, &status, WNOHANG);
  if (!in_time) return unknown_outcome(program + ": it was stopped at its deadline");
  read_what_is_there(reading.get(), ended.output);
  if (WIFSIGNALED(status))
    ended.signal = WTERMSIG(status);
  else
    ended.exit_code = WEXITSTATUS(status);
  return ended;
}

}  // namespace tocsin::wire
