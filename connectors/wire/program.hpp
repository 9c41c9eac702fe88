// One run of a program with a hard end: its process group is killed at the deadline.
//
// No shell is between: arguments are passed as they are. The program gets its input on stdin, as a
// file, an environment of two variables and no open file of ours, so that no secret of tocsin's
// reaches it.
#pragma once

#include <string>
#include <vector>

#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin::wire {

/// Of what it prints; the rest is read and forgotten.
inline constexpr std::size_t kMostOutputBytes = 4u << 10;

struct Ended {
  int exit_code = 0;   // of a program that ended by itself
  int signal = 0;      // that ended it; 0: none did
  std::string output;  // the beginning of what it wrote to stdout and stderr
};

/// Blocks for `budget` and a second at the most. Any thread may call. Errors: invalid (there is no
/// such program, or it may not be run), unavailable (no process could be started; nothing ran),
/// unknown (it was killed at the deadline).
Result<Ended> run(const std::string& program, const std::vector<std::string>& arguments,
                  const std::string& input, Duration budget);

}  // namespace tocsin::wire
