#include "router/program.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "router/core/clock.hpp"

extern char** environ;

namespace tocsin {
namespace {

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) read_ = ends[0], write_ = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_);
    close_end(write_);
  }

  bool is_open() const { return read_ >= 0; }
  int reader() const { return read_; }
  int writer() const { return write_; }
  void close_reader() { close_end(read_); }
  void close_writer() { close_end(write_); }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  int read_ = -1, write_ = -1;
};

/// In a process group of its own, which can be killed as a whole. Gives what posix_spawnp does.
int spawn(const std::vector<std::string>& arguments, const Pipe& out, const Pipe& err,
          pid_t& child) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, out.writer(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, err.writer(), STDERR_FILENO);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  const int fault = ::posix_spawnp(&child, argv.front(), &files, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return fault;
}

/// Takes what there is to read. False: no more will come.
bool take(int file, std::string& into) {
  std::array<char, 16384> bytes;
  const ssize_t got = ::read(file, bytes.data(), bytes.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

class Deadline {
 public:
  explicit Deadline(Duration limit) : limit_(limit), begin_(clock_.now()) {}

  /// At least one until it is over.
  int milliseconds_left() const {
    const Duration left = limit_ - elapsed_between(begin_, clock_.now(), limit_);
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
  }
  std::string why() const { return "it did not end in " + format_duration(limit_); }

 private:
  SystemClock clock_;
  Duration limit_;
  Instant begin_;
};

/// Reads both to their ends. Otherwise why it did not come to that.
std::string read_both(Pipe& out, Pipe& err, const Deadline& deadline, Ran& ran) {
  while (out.is_open() || err.is_open()) {
    const int left = deadline.milliseconds_left();
    if (left <= 0) return deadline.why();
    std::array<pollfd, 2> files{{{out.reader(), POLLIN, 0}, {err.reader(), POLLIN, 0}}};
    if (::poll(files.data(), files.size(), left) < 0) {
      if (errno == EINTR) continue;
      return std::string("its output cannot be read: ") + ::strerror(errno);
    }
    if (files[0].revents != 0 && !take(out.reader(), ran.out)) out.close_reader();
    if (files[1].revents != 0 && !take(err.reader(), ran.err)) err.close_reader();
    if (ran.out.size() > kMostSaid || ran.err.size() > kMostSaid)
      return "it says more than " + std::to_string(kMostSaid >> 20) + " MiB";
  }
  return {};
}

/// A program may close its output and go on. It is not reaped yet, so that its number stays its
/// own.
std::string wait_for_end(pid_t child, const Deadline& deadline) {
  while (deadline.milliseconds_left() > 0) {
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT | WNOHANG) == 0 &&
        ended.si_pid == child)
      return {};
    ::poll(nullptr, 0, 1);
  }
  return deadline.why();
}

}  // namespace

Result<Ran> run_program(const std::vector<std::string>& arguments, Duration limit) {
  TOCSIN_CHECK(!arguments.empty(), "no program was named");
  const std::string& name = arguments.front();
  for (const std::string& argument : arguments)
    if (argument.find('\0') != std::string::npos)
      return invalid(name + ": cannot be run: an argument has a NUL in it");
  Pipe out, err;
  if (!out.is_open() || !err.is_open())
    return unavailable(name + ": cannot be run: " + ::strerror(errno));
  const Deadline deadline(limit);
  pid_t child = -1;
  if (const int fault = spawn(arguments, out, err, child); fault != 0) {
    const std::string why = name + ": cannot be run: " + ::strerror(fault);
    return fault == ENOENT || fault == ENOTDIR || fault == EACCES ? not_found(why)
           : fault == E2BIG                                       ? invalid(why)
                                                                  : unavailable(why);
  }
  out.close_writer();
  err.close_writer();
  Ran ran;
  std::string why = read_both(out, err, deadline, ran);
  if (why.empty()) why = wait_for_end(child, deadline);
  // Whatever it left behind holds nothing of ours open.
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!why.empty()) return unavailable(name + ": " + why);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

}  // namespace tocsin
