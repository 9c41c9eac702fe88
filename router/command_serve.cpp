#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

#include "router/commands.hpp"

namespace tocsin::commands {
namespace {

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

void log_lines(spdlog::level::level_enum level, const std::string& lines) {
  std::size_t from = 0;
  while (from < lines.size()) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    spdlog::log(level, "{}", lines.substr(from, end - from));
    from = end + 1;
  }
}

void reload(Service& service) {
  const auto reloaded = service.reload();
  if (!reloaded) {
    spdlog::error("the configuration has faults; the one in force stays:");
    log_lines(spdlog::level::err, reloaded.error().message);
  } else {
    spdlog::info("reloaded{}{}", reloaded->empty() ? "" : "; ", *reloaded);
  }
}

}  // namespace

int serve(const ServeOptions& options) {
  spdlog::set_default_logger(spdlog::stderr_color_mt(
      "tocsin"));  // pages go to stdout, what happens to tocsin itself to stderr
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
  signal(SIGPIPE, SIG_IGN);
  // Before any thread is made, so that all inherit it and only sigwait() sees these.
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto service = Service::start(options);
  if (!service) {
    std::fprintf(stderr, "%s\n", service.error().message.c_str());
    return 1;
  }
  spdlog::info("tocsin {} serves on http://{}:{}", TOCSIN_VERSION, (*service)->host(),
               (*service)->port());
  for (;;) {
    int received = 0;
    sigwait(&signals, &received);
    if (received != SIGHUP) break;
    reload(**service);
  }
  spdlog::info("stopping: taking no more, finishing what has begun");
  (*service)->stop();
  spdlog::info("stopped");
  return 0;
}

}  // namespace tocsin::commands
