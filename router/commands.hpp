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

struct ExplainOptions {
  std::string config;
  std::string integration;
  std::string at;  // RFC 3339; empty: now
  std::string gameday;
  bool json = false;
  std::string file;  // "-": standard input
};

struct TestOptions {
  std::string config;
  bool json = false;
};

/// Serves until SIGTERM or SIGINT; SIGHUP reloads.
int serve(const ServeOptions& options);
int check(const CheckOptions& options);
/// What would happen to a payload; stores and sends nothing.
int explain(const ExplainOptions& options);
/// Runs the tests that stand beside the configuration.
int test(const TestOptions& options);
int send(const SendOptions& options);

}  // namespace tocsin::commands
