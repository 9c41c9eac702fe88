// Another program of this machine, run for its answer.
#pragma once

#include <string>
#include <vector>

#include "router/core/result.hpp"
#include "router/core/time.hpp"

namespace tocsin {

struct Ran {
  int exit_code = 0;  // 128 and more: ended by a signal
  std::string out, err;
};

/// Runs `arguments`, whose first is a path or is looked for in PATH, without a shell: nothing in
/// them means anything to anybody else. Its input is empty. Waits until it ended and has said
/// everything; past `limit` it and what it started are killed. Errors: not_found, there is no such
/// program; invalid, arguments that are too long or have a NUL; unavailable, everything else.
/// Blocks.
Result<Ran> run_program(const std::vector<std::string>& arguments, Duration limit);

/// Of each stream; a program that says more is killed.
inline constexpr std::size_t kMostSaid = 4u << 20;

}  // namespace tocsin
