// The system calls of a real tocsin, counted over all its threads, so that any one of them can be
// the one at which the process dies, or that fails: LD_PRELOAD=…. And a record of what a power cut
// would take back: power_cut.py does it. (strace counts each thread by itself, so that most calls
// are never the first to reach their number; it is the second opinion in crash_points_test.py.)
//
//   TOCSIN_CALLS=pwrite64,…     the calls that are counted, by the names in the table below
//   TOCSIN_CALLS_LOG=FILE       a line for each one, in their order: its name and what it was about
//   TOCSIN_CALLS_BELOW=DIR      only those about files in DIR and about sockets; otherwise all
//   TOCSIN_FAULT=17:kill        at the 17th one the process dies and the call is not made
//   TOCSIN_FAULT=17:5           …it answers errno 5 and is not made; 17+:5 all from there on
//   TOCSIN_CUT=DIR TOCSIN_CUT_LOG=FILE TOCSIN_CUT_KEPT=DIR
//                               what has changed below DIR, with the bytes before; names that are
//                               taken away are kept as links in the third, on the same file system
//
// A seccomp filter turns each such call into SIGSYS, whose handler makes the call itself, from one
// address that the filter lets pass. For x86-64. Nothing here allocates, locks a mutex or calls
// what does.
#include "tests/faults/calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>

#include <atomic>

asm(R"(
  .text
  .globl tocsin_raw_call
  .hidden tocsin_raw_call
  .type tocsin_raw_call, @function
tocsin_raw_call:
  movq %rdi, %rax
  movq %rsi, %rdi
  movq %rdx, %rsi
  movq %rcx, %rdx
  movq %r8, %r10
  movq %r9, %r8
  movq 8(%rsp), %r9
  syscall
  .globl tocsin_raw_call_made
  .hidden tocsin_raw_call_made
tocsin_raw_call_made:
  ret
  .size tocsin_raw_call, .-tocsin_raw_call
)");

namespace tocsin::faults {
namespace {

constexpr Name kNames[] = {
    {"write", SYS_write},         {"pwrite64", SYS_pwrite64},
    {"writev", SYS_writev},       {"pwritev", SYS_pwritev},
    {"fdatasync", SYS_fdatasync}, {"fsync", SYS_fsync},
    {"rename", SYS_rename},       {"unlink", SYS_unlink},
    {"unlinkat", SYS_unlinkat},   {"ftruncate", SYS_ftruncate},
    {"openat", SYS_openat},       {"open", SYS_open},
    {"mkdir", SYS_mkdir},         {"rmdir", SYS_rmdir},
    {"symlink", SYS_symlink},     {"sendfile", SYS_sendfile},
    {"fallocate", SYS_fallocate}, {"copy_file_range", SYS_copy_file_range},
    {"connect", SYS_connect},     {"sendto", SYS_sendto},
    {"sendmsg", SYS_sendmsg},     {"recvfrom", SYS_recvfrom},
    {"accept4", SYS_accept4},     {"socket", SYS_socket},
    {"close", SYS_close},         {"read", SYS_read},
    {"pread64", SYS_pread64},     {"recvmsg", SYS_recvmsg},
};
constexpr std::size_t kMostNames = sizeof kNames / sizeof kNames[0];

bool counted[kMostNames];
std::atomic<long> count{0};
long fault_at = 0;
bool fault_stays = false;
int fault_errno = 0;  // 0: the process dies
int log_file = -1;
const char* below = nullptr;

bool is_in(const char* list, const char* name) {
  const std::size_t length = strlen(name);
  for (const char* at = list; (at = strstr(at, name)) != nullptr; at += length)
    if ((at == list || at[-1] == ',') && (at[length] == '\0' || at[length] == ',')) return true;
  return false;
}

// What the call is about: a path, or what /proc calls its descriptor.
void subject_of(const Call& call, char* text, std::size_t size) {
  text[0] = '\0';
  switch (call.number) {
    case SYS_open:
    case SYS_rename:
    case SYS_unlink:
    case SYS_mkdir:
    case SYS_rmdir:
      return copy_text(text, size, reinterpret_cast<const char*>(call.arguments[0]));
    case SYS_openat:
    case SYS_unlinkat:
    case SYS_symlink:
      return copy_text(text, size, reinterpret_cast<const char*>(call.arguments[1]));
    case SYS_socket:
      return copy_text(text, size, "socket:");
    default:
      return path_of(static_cast<int>(call.arguments[0]), text, size);
  }
}

bool is_counted(const Call& call, const char* subject) {
  if (!counted[name_of(call.number)]) return false;
  return below == nullptr || is_below(below, subject) || strncmp(subject, "socket:", 7) == 0;
}

// Whether the call is to fail; does not come back when the process is to die.
bool fails(const Call& call) {
  char line[kMostPath + 32];
  char subject[kMostPath];
  subject_of(call, subject, sizeof subject);
  if (!is_counted(call, subject)) return false;
  const long number = ++count;
  copy_text(line, sizeof line, kNames[name_of(call.number)].text);
  copy_text(line + strlen(line), sizeof line - strlen(line), " ");
  copy_text(line + strlen(line), sizeof line - strlen(line), subject);
  copy_text(line + strlen(line), sizeof line - strlen(line), "\n");
  if (log_file >= 0)
    raw(SYS_write, log_file, reinterpret_cast<long>(line), static_cast<long>(strlen(line)));
  if (fault_at == 0 || number < fault_at || (number > fault_at && !fault_stays)) return false;
  if (fault_errno != 0) return true;
  raw(SYS_kill, raw(SYS_getpid), SIGKILL);
  while (true) raw(SYS_pause);
}

void on_call(int, siginfo_t* info, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const Call call{info->si_syscall,
                  {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX], registers[REG_R10],
                   registers[REG_R8], registers[REG_R9]}};
  registers[REG_RAX] = fails(call) ? -fault_errno : make_recorded(call);
}

void trap() {
  struct sigaction action {};
  action.sa_sigaction = on_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSYS, &action, nullptr);
  // if (the address is the handler's own) pass; for each call: if it is that one, trap; pass.
  const auto own = reinterpret_cast<std::uint64_t>(&tocsin_raw_call_made);
  constexpr auto kAddress = offsetof(seccomp_data, instruction_pointer);
  sock_filter code[6 + 2 * kMostNames];
  unsigned short size = 0;
  const auto load = [&](std::size_t at) {
    code[size++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at));
  };
  load(kAddress);
  code[size++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(own), 0, 3);
  load(kAddress + 4);
  code[size++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(own >> 32), 0, 1);
  code[size++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  load(offsetof(seccomp_data, nr));
  for (std::size_t i = 0; i < kMostNames; ++i) {
    if (!counted[i] && !is_recorded(kNames[i].number)) continue;
    code[size++] =
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(kNames[i].number), 0, 1);
    code[size++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  }
  sock_filter pass = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[size++] = pass;
  const sock_fprog program{size, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    abort();
}

__attribute__((constructor)) void begin() {
  const char* const calls = getenv("TOCSIN_CALLS");
  for (std::size_t i = 0; i < kMostNames; ++i)
    counted[i] = calls != nullptr && is_in(calls, kNames[i].text);
  below = getenv("TOCSIN_CALLS_BELOW");
  if (const char* const file = getenv("TOCSIN_CALLS_LOG"))
    log_file = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (const char* const fault = getenv("TOCSIN_FAULT")) {
    char* rest = nullptr;
    fault_at = strtol(fault, &rest, 10);
    fault_stays = *rest == '+';
    rest += fault_stays ? 2 : 1;
    fault_errno = static_cast<int>(strtol(rest, nullptr, 10));
  }
  begin_record();
  unsetenv("LD_PRELOAD");
  trap();
}

}  // namespace

// librdkafka blocks every signal in its threads; a call that is trapped where SIGSYS is blocked is
// the end of the process.
extern "C" int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) {
  sigset_t without;
  if (set != nullptr && how != SIG_UNBLOCK) {
    without = *set;
    sigdelset(&without, SIGSYS);
    set = &without;
  }
  return sigprocmask(how, set, old) == 0 ? 0 : errno;
}

std::size_t name_of(long number) {
  std::size_t i = 0;
  while (i + 1 < kMostNames && kNames[i].number != number) ++i;
  return i;
}

const char* text_of(long number) { return kNames[name_of(number)].text; }

void copy_text(char* to, std::size_t size, const char* from) {
  std::size_t i = 0;
  for (; i + 1 < size && from[i] != '\0'; ++i) to[i] = from[i];
  to[i] = '\0';
}

void path_of(int file, char* text, std::size_t size) {
  char link[32] = "/proc/self/fd/";
  char digits[12];
  int length = 0;
  for (int rest = file; rest > 0 || length == 0; rest /= 10)
    digits[length++] = static_cast<char>('0' + rest % 10);
  char* at = link + strlen(link);
  while (length > 0) *at++ = digits[--length];
  *at = '\0';
  const long got = raw(SYS_readlink, reinterpret_cast<long>(link), reinterpret_cast<long>(text),
                       static_cast<long>(size - 1));
  text[got > 0 ? got : 0] = '\0';
}

bool is_below(const char* directory, const char* path) {
  const std::size_t length = strlen(directory);
  return strncmp(directory, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

}  // namespace tocsin::faults
