#include "router/core/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace tocsin {

void check_failed(const char* file, int line, const char* condition, const char* why) {
  std::fprintf(stderr, "tocsin: %s:%d: check failed: %s: %s\n", file, line, condition, why);
  std::abort();
}

}  // namespace tocsin
