// The target that this program is named after (fuzz_NAME), as libFuzzer calls it. With
// TOCSIN_FUZZ_SEEDS=FOLDER it writes the target's seeds there instead, and ends.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

#include "tests/fuzz/fuzz.hpp"

using tocsin::fuzz::Target;
using tocsin::fuzz::targets;

namespace {

const Target* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** arguments) {
  const std::string program = (*arguments)[0];
  for (const Target& each : targets())
    if (program.ends_with("fuzz_" + each.name)) target = &each;
  if (!target) {
    std::fprintf(stderr, "%s: there is no such target\n", program.c_str());
    std::exit(2);
  }
  const char* const folder = std::getenv("TOCSIN_FUZZ_SEEDS");
  if (!folder) return 0;
  int number = 0;
  for (const std::string& seed : target->seeds()) {
    std::ofstream out(std::string(folder) + "/seed-" + std::to_string(number++), std::ios::binary);
    out << seed;
    if (!out.flush()) {
      std::fprintf(stderr, "%s: cannot be written\n", folder);
      std::exit(1);
    }
  }
  std::exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    target->run({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "%s\n", thrown.what());
    std::abort();
  }
  return 0;
}
