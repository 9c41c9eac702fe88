// A directory of a test's own, gone with it.
#pragma once

#include <filesystem>

#include "router/data_directory.hpp"

namespace tocsin::tests {

struct Scratch {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("tocsin-test-" + random_hex(8));
  Scratch() { std::filesystem::create_directory(path); }
  ~Scratch() { std::filesystem::remove_all(path); }
};

}  // namespace tocsin::tests
