// The command line's commands. Each returns its exit code: 0 done, 1 the answer is no, 2 wrong use.
#pragma once

#include <string>

#include "router/service.hpp"

namespace tocsin::commands {

struct CheckOptions {
  std::string config;
  bool strict_env = false;
  bool json = false;
};
struct SendOptions {
  std::string server;
  std::string integration;
  std::string key;
  std::string file;  // "-": standard input
};

/// Serves until SIGTERM or SIGINT; SIGHUP reloads.
int serve(const ServeOptions& options);
int check(const CheckOptions& options);
int send(const SendOptions& options);

}  // namespace tocsin::commands
